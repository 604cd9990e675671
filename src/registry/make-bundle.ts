import { makeBundle, packFile, type PackedFile } from '#core/bundle/bundle.ts'
import { deriveLogPolicies } from '#core/bundle/derive-log-policy.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { TrustFile } from '#core/trust/assemble-trust.ts'
import type { AcceptedAllianceList } from '#core/trust/alliance-list.ts'
import { peekTrustFile, type TrustFileKind } from '#core/trust/peek-trust-file.ts'
import type { HeldTrust } from './held-trust.ts'
import type { Office } from './office.ts'
import { statingKey } from './views/stating-key.ts'

type Making = Pick<Office, 'authority' | 'keyring' | 'engine' | 'deflate' | 'inflate' | 'clock'>

/** What was found out about a file when it was met first. */
interface Met {
  /** Whom or what it is about; undefined where it cannot be read. */
  readonly subject: string | undefined
  packed?: PackedFile
}

/** Files by kind and digest. Reading and packing cost milliseconds a status list, and of many lists one has changed since the last bundle. */
export type MetBefore = Map<string, Met>

/**
 * All that this node holds and believes of one alliance, or of every one that it follows, as one signed file for verifiers without a network.
 * @param met is added to, and rid of what this node doesn't hold any more
 * @param breathe is awaited between files, so that others get their turn
 * Faults: `trust-file-unknown` for an alliance that it does not follow, or holds no list of; `node-not-ready`.
 */
export async function bundleOf(
  office: Making,
  held: HeldTrust,
  alliance: string | undefined,
  met: MetBefore = new Map(),
  breathe: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Uint8Array> {
  const { lists, belongs } = scopeOf(held, alliance)
  const unfit = new Set(held.refused.map(({ name }) => name))
  const seen = new Set<string>()
  const packed: PackedFile[] = []
  for (const [kind, files] of filesOf(held)) {
    for (const { name, bytes } of files) {
      if (unfit.has(name)) continue
      const key = `${kind} ${encodeBase64url(office.engine.sha256(bytes))}`
      seen.add(key)
      const file = met.get(key) ?? meet(bytes, office)
      met.set(key, file)
      if (file.subject === undefined || !belongs[kind](file.subject)) continue
      file.packed ??= packFile(kind, bytes, office)
      packed.push(file.packed)
      await breathe()
    }
  }
  for (const key of met.keys()) if (!seen.has(key)) met.delete(key)
  const policies = deriveLogPolicies({ ...held.trust, alliances: lists }, office.engine)
  for (const { text } of policies) packed.push(packFile('log-policy', encodeUtf8(text), office))
  const { anchors } = held.files
  const label = {
    iss: office.authority.iss,
    iat: secondsOf(office.clock()),
    alliance: alliance ?? null,
    // What an alliance's bundle asks to be trusted is the alliance; that this node trusts itself as well is nobody else's business.
    anchors: alliance === undefined ? anchors : { authorities: [], alliances: anchors.alliances.filter((anchor) => anchor.alliance === alliance) },
  }
  return makeBundle(label, packed, statingKey(office, held.trust), office.engine)
}

function meet(bytes: Uint8Array, { engine }: Pick<Office, 'engine'>): Met {
  const peek = peekTrustFile(bytes, engine)
  return { subject: peek instanceof Fault ? undefined : peek.subject }
}

const filesOf = ({ files }: HeldTrust): readonly (readonly [TrustFileKind, readonly TrustFile[]])[] => [
  ['alliance', files.allianceLists],
  ['manifest', files.manifests],
  ['rules', files.ruleSets],
  ['status-list', files.statusLists],
  ['freshness', files.freshness ?? []],
]

interface BundleScope {
  readonly lists: readonly AcceptedAllianceList[]
  /** Whether a file of a kind that is about this belongs in. */
  readonly belongs: Readonly<Record<TrustFileKind, (subject: string) => boolean>>
}

const everything = (): boolean => true

function scopeOf({ trust }: HeldTrust, alliance: string | undefined): BundleScope {
  if (alliance === undefined)
    return {
      lists: trust.alliances,
      belongs: { alliance: everything, manifest: everything, rules: everything, 'status-list': everything, freshness: everything },
    }
  const lists = trust.alliances.filter(({ payload }) => payload.alliance === alliance)
  if (lists.length === 0) throw new Fault('trust-file-unknown', { at: 'alliance' })
  const members = lists.flatMap(({ payload }) => payload.members.map(({ iss }) => iss))
  const ruleSets = new Set(trust.ruleSets.flatMap(({ payload }) => (payload.ruleSet.alliance === alliance ? [payload.ruleSet.id] : [])))
  return {
    lists,
    belongs: {
      alliance: (subject) => subject === alliance,
      manifest: (iss) => members.includes(iss),
      rules: (id) => ruleSets.has(id),
      'status-list': (uri) => members.some((iss) => uri.startsWith(`${iss}/`)),
      freshness: (subject) => subject.startsWith(`${alliance}/`),
    },
  }
}
