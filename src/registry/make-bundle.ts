import { makeBundle, packFile, type BundleKind, type BundleLabel, type PackedFile } from '#core/bundle/bundle.ts'
import { deriveLogPolicies } from '#core/bundle/derive-log-policy.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { TrustFile } from '#core/trust/assemble-trust.ts'
import { peekTrustFile } from '#core/trust/peek-trust-file.ts'
import type { HeldTrust } from './held-trust.ts'
import type { Office } from './office.ts'
import { statingKey } from './views/stating-key.ts'

type Making = Pick<Office, 'authority' | 'keyring' | 'engine' | 'deflate' | 'inflate' | 'clock'>

/** Packed files by the digest of what they were made from. Packing costs milliseconds a status list, and of many one has changed since. */
export type PackedBefore = Map<string, PackedFile>

/**
 * All that this node holds and believes of one alliance, or of every one that it follows, as one signed file for verifiers without a network.
 * @param before is added to, and rid of what this bundle doesn't hold
 * @param breathe is awaited between files, so that others get their turn
 * Faults: `trust-file-unknown` for an alliance that it does not follow, or holds no list of; `node-not-ready`.
 */
export async function bundleOf(
  office: Making,
  held: HeldTrust,
  alliance: string | undefined,
  before: PackedBefore = new Map(),
  breathe: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Uint8Array> {
  const { files, anchors } = chosen(held, alliance, office)
  const kept = new Set<string>()
  const packed: PackedFile[] = []
  for (const { kind, bytes } of files) {
    const name = `${kind} ${encodeBase64url(office.engine.sha256(bytes))}`
    const file = before.get(name) ?? packFile(kind, bytes, office)
    before.set(name, file)
    kept.add(name)
    packed.push(file)
    await breathe()
  }
  for (const name of before.keys()) if (!kept.has(name)) before.delete(name)
  const label = { iss: office.authority.iss, iat: secondsOf(office.clock()), alliance: alliance ?? null, anchors }
  return makeBundle(label, packed, statingKey(office, held.trust), office.engine)
}

interface Chosen {
  readonly files: readonly { readonly kind: BundleKind; readonly bytes: Uint8Array }[]
  readonly anchors: BundleLabel['anchors']
}

function chosen({ files, trust, refused }: HeldTrust, alliance: string | undefined, { engine }: Pick<Office, 'engine'>): Chosen {
  const lists = trust.alliances.filter(({ payload }) => alliance === undefined || payload.alliance === alliance)
  if (alliance !== undefined && lists.length === 0) throw new Fault('trust-file-unknown', { at: 'alliance' })
  const members = lists.flatMap(({ payload }) => payload.members.map(({ iss }) => iss))
  const unfit = new Set(refused.map(({ name }) => name))
  const of = (kind: Exclude<BundleKind, 'log-policy'>, given: readonly TrustFile[], belongs: (subject: string) => boolean) =>
    given.flatMap(({ name, bytes }) => {
      const peek = unfit.has(name) ? undefined : peekTrustFile(bytes, engine)
      return peek === undefined || peek instanceof Fault || !(alliance === undefined || belongs(peek.subject)) ? [] : [{ kind, bytes }]
    })
  const ruleSets = new Set(trust.ruleSets.flatMap(({ payload }) => (payload.ruleSet.alliance === alliance ? [payload.ruleSet.id] : [])))
  const policies = deriveLogPolicies({ ...trust, alliances: lists }, engine)
  return {
    files: [
      ...of('alliance', files.allianceLists, (subject) => subject === alliance),
      ...of('freshness', files.freshness ?? [], (subject) => subject === alliance),
      ...of('manifest', files.manifests, (iss) => members.includes(iss)),
      ...of('rules', files.ruleSets, (id) => ruleSets.has(id)),
      ...of('status-list', files.statusLists, (uri) => members.some((iss) => uri.startsWith(`${iss}/`))),
      ...of('freshness', files.freshness ?? [], (subject) => subject.startsWith(`${alliance}/`)),
      ...policies.map(({ text }) => ({ kind: 'log-policy' as const, bytes: encodeUtf8(text) })),
    ],
    // What an alliance's bundle asks to be trusted is the alliance; that this node trusts itself as well is nobody else's business.
    anchors: alliance === undefined ? files.anchors : { authorities: [], alliances: files.anchors.alliances.filter((anchor) => anchor.alliance === alliance) },
  }
}
