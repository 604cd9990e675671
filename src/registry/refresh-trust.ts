import { Fault } from '#core/fault.ts'
import type { DivisionCode } from '#core/model/division-code.ts'
import type { RefusedFile, Trust, TrustFile } from '#core/trust/assemble-trust.ts'
import { addressesOf } from '#core/trust/node-addresses.ts'
import { fetchTrustFiles, type FetchedFile, type FetchStream } from '#federation/fetch-trust-files.ts'
import { readAnchors, takeTrustFiles } from './held-trust.ts'
import type { Office } from './office.ts'
import type { TrustDesk } from './trust-desk.ts'
import type { ShelvedFile, TrustShelf } from './trust-shelf.ts'

export interface NeighbourReport {
  readonly iss: string
  readonly division: DivisionCode
  /** `fresh`: everything it offers is here. `refused`: it offered something that was not accepted. */
  readonly outcome: 'fresh' | 'unreachable' | 'refused'
  readonly taken: number
  readonly refused: readonly { readonly path: string; readonly code: string }[]
  readonly problem?: string
}

/** Asks the neighbours. Two who want it at once share one round. */
export interface TrustRefresher {
  readonly refresh: (by: string) => Promise<readonly NeighbourReport[]>
  /** What is followed has changed: ask everybody for everything again. */
  readonly forget: () => void
}

interface Neighbour {
  readonly iss: string
  readonly division: DivisionCode
  readonly addresses: readonly string[]
}

/** A new alliance list names neighbours and files that were of no interest before. */
const mostRounds = 3

const atOnce = 8

/** Owned by the process: it remembers which index each neighbour had when everything on it was here. */
export function openTrustRefresher(office: Office, desk: TrustDesk, shelf: TrustShelf, fetch: FetchStream): TrustRefresher {
  const etags = new Map<string, string>()
  let running: Promise<readonly NeighbourReport[]> | undefined

  const rounds = async (by: string): Promise<readonly NeighbourReport[]> => {
    const reports = new Map<string, NeighbourReport>()
    // Another process, a command say, may just have been told of an alliance: whoever asks for a round means what is known now.
    desk.changed()
    shelf.changed()
    for (let round = 0; round < mostRounds; round++) {
      const taken = await askAll(by, reports)
      desk.changed()
      shelf.changed()
      if (!taken.some(({ entry }) => entry.kind === 'alliance')) break
      etags.clear()
    }
    return [...reports.values()]
  }

  const askAll = async (by: string, reports: Map<string, NeighbourReport>): Promise<readonly FetchedFile[]> => {
    const { trust } = await desk.current()
    const wanted = await interest(office, trust, await shelf.list())
    const neighbours = neighboursIn(trust, office.authority.iss)
    const taken: FetchedFile[] = []
    for (let at = 0; at < neighbours.length; at += atOnce) {
      const answers = await Promise.all(neighbours.slice(at, at + atOnce).map(async (neighbour) => ({ neighbour, answer: await ask(neighbour, wanted) })))
      // One after the other: each is checked on top of what the one before has brought.
      for (const { neighbour, answer } of answers) {
        const { report, files } = await settle(neighbour, answer, by)
        const before = reports.get(neighbour.iss)
        reports.set(neighbour.iss, before === undefined ? report : { ...report, taken: before.taken + report.taken })
        taken.push(...files)
      }
    }
    return taken
  }

  type Answer = { readonly address: string; readonly files: readonly FetchedFile[]; readonly etag: string | undefined } | Fault

  const ask = async ({ addresses }: Neighbour, wanted: (entry: ShelvedFile) => boolean): Promise<Answer> => {
    // The list names some, and none of them is one to ask.
    let last = new Fault('neighbour-address-refused')
    for (const address of addresses) {
      try {
        return { address, ...(await fetchTrustFiles(address, { etag: etags.get(address), wanted }, fetch)) }
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault
        last = fault
      }
    }
    return last
  }

  const settle = async (
    { iss, division }: Neighbour,
    answer: Answer,
    by: string,
  ): Promise<{ readonly report: NeighbourReport; readonly files: readonly FetchedFile[] }> => {
    if (answer instanceof Fault) return { report: { iss, division, outcome: 'unreachable', taken: 0, refused: [], problem: answer.code }, files: [] }
    const { taken, refused } = await take(office, answer.files, by)
    // A rule set of an alliance that is not followed here is nobody's fault.
    const serious = refused.filter(({ fault }) => fault.code !== 'trust-issuer-unnamed')
    if (answer.etag !== undefined && refused.length === 0) etags.set(answer.address, answer.etag)
    else etags.delete(answer.address)
    const report: NeighbourReport = {
      iss,
      division,
      outcome: serious.length === 0 ? 'fresh' : 'refused',
      taken: taken.length,
      refused: serious.map(({ name, fault }) => ({ path: name.slice(answer.address.length + 1), code: fault.code })),
    }
    return { report, files: answer.files.filter(({ name }) => taken.includes(name)) }
  }

  return {
    refresh: (by) => {
      running ??= rounds(by).finally(() => {
        running = undefined
      })
      return running
    },
    forget: () => etags.clear(),
  }
}

/** Whom the accepted lists name, with their addresses; nobody else is ever asked. */
function neighboursIn({ alliances }: Trust, own: string): readonly Neighbour[] {
  const neighbours = new Map<string, Neighbour>()
  for (const { payload } of alliances)
    for (const member of payload.members) {
      const { iss, division, addresses, state } = member
      if (iss === own || state === 'left' || addresses.length === 0) continue
      const before = neighbours.get(iss)?.addresses ?? []
      neighbours.set(iss, { iss, division, addresses: [...new Set([...before, ...addressesOf(payload, member)])] })
    }
  return [...neighbours.values()]
}

/** What of a neighbour's index is worth fetching: of authorities and alliances that are followed, and newer than what is here. */
async function interest(office: Pick<Office, 'authority' | 'store'>, trust: Trust, here: readonly ShelvedFile[]): Promise<(entry: ShelvedFile) => boolean> {
  const followed = new Map((await readAnchors(office.store.read, office.authority)).alliances.map(({ alliance, version }) => [alliance, version]))
  const known = new Set(here.map(({ kind, subject, version, digest }) => `${kind} ${subject} ${version} ${digest}`))
  const newest = new Map(here.map(({ kind, subject, version }) => [`${kind} ${subject}`, version])) // versions ascend, so the last one stays
  const issuers = [...trust.authorities.keys()].filter((iss) => iss !== office.authority.iss)
  return ({ kind, subject, version, digest }) => {
    if (known.has(`${kind} ${subject} ${version} ${digest}`)) return false
    switch (kind) {
      case 'alliance':
        return version >= (followed.get(subject) ?? Infinity)
      case 'rules':
        return true
      case 'freshness':
        return followed.has(subject.slice(0, subject.indexOf('/'))) && version > (newest.get(`freshness ${subject}`) ?? 0)
      case 'manifest':
        return issuers.includes(subject) && version >= (newest.get(`manifest ${subject}`) ?? 0)
      case 'status-list':
        return issuers.some((iss) => subject.startsWith(`${iss}/`)) && version >= (newest.get(`status-list ${subject}`) ?? 0)
    }
  }
}

/** Takes all at once; where one of them makes that impossible, one by one, so that it stands in nobody's way. */
async function take(
  office: Office,
  files: readonly TrustFile[],
  by: string,
): Promise<{ readonly taken: readonly string[]; readonly refused: readonly RefusedFile[] }> {
  if (files.length === 0) return { taken: [], refused: [] }
  try {
    return await takeTrustFiles(office, files, by)
  } catch (fault) {
    if (!(fault instanceof Fault) || fault.code !== 'trust-object-changed') throw fault
    if (files.length === 1) return { taken: [], refused: [{ name: files[0]!.name, fault }] }
  }
  const taken: string[] = []
  const refused: RefusedFile[] = []
  for (const file of files) {
    const one = await take(office, [file], by)
    taken.push(...one.taken)
    refused.push(...one.refused)
  }
  return { taken, refused }
}
