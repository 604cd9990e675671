import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { checkpointText, signCheckpoint } from '#core/log/checkpoint.ts'
import { cosign } from '#core/log/cosignature.ts'
import { leafBytes } from '#core/log/leaf.ts'
import { logProofText } from '#core/log/log-proof.ts'
import { hashLeaf, proveInclusion } from '#core/log/merkle.ts'
import { logOriginOf, witnessNameOf } from '#core/log/names.ts'
import { noteKey } from '#core/log/signed-note.ts'
import { appendLeaves, readFromTiles } from '#core/log/tiles.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import type { AllianceMember } from '#core/trust/alliance-list.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { shippedPolicy, type Policy, type Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import {
  alliancePayload,
  anchorsOf,
  fileOf,
  keysOf,
  makeAlliance,
  makeTestKey,
  manifestKey,
  manifestPayload,
  memberOf,
  signAllianceList,
  signManifest,
  type City,
  type ManifestKey,
} from '../../support/make-alliance.ts'
import { titleDraft } from '../../support/examples.ts'

// Five cities with logs, all of one alliance that asks for two cosigners. Jinan issues; the others are its witnesses.

export const divisions = ['370100', '370300', '371600', '370200', '370700'] as const
const [own] = divisions
export const circle = makeAlliance({ cities: divisions })
export const { iat } = circle
export const at: Instant = instantOf(iat + 3600)
export const record = circle.issue(own, 'title', titleDraft())
export const other = circle.issue(own, 'title', titleDraft())

const logKey = makeTestKey('log/370100')
export const witnessKeys = Object.fromEntries(divisions.map((division) => [division, makeTestKey(`witness/${division}`)]))

export interface Changes {
  readonly issue?: Partial<ManifestKey>
  readonly members?: Readonly<Record<string, Partial<AllianceMember>>>
  readonly cosigners?: number | null
  readonly witness?: Readonly<Record<string, Partial<ManifestKey>>>
  readonly alliances?: Readonly<Record<string, { readonly members: readonly string[]; readonly cosigners: number }>>
}

/** What a verifier holds of them, with some of it changed. */
export function trustWith({ issue, members = {}, cosigners = 2, witness = {}, alliances }: Changes = {}): Trust {
  const lists = Object.entries(alliances ?? { circle: { members: divisions, cosigners: cosigners ?? 0 } }).map(
    ([id, { members: listed, cosigners: needed }]) => {
      const payload = alliancePayload(
        id,
        listed.map((division) => memberOf(circle.city(division), members[division])),
        iat,
        { thresholds: { list: 1, rules: 1, ...(needed === 0 ? {} : { cosigners: needed }) } },
      )
      const signer = listed.map((division) => circle.city(division)).find(({ division }) => members[division]?.state === undefined)! // one that may still sign
      return fileOf(`alliances/${id}-1.json`, signAllianceList(payload, [signer.authority.signer]))
    },
  )
  const manifests = divisions.map((division) => {
    const city: City = circle.city(division)
    const [issuing, ...rest] = keysOf(city, iat) as [ManifestKey, ...ManifestKey[]]
    const keys = [
      division === own ? { ...issuing, ...issue } : issuing,
      ...rest,
      manifestKey(witnessKeys[division]!, 'witness', iat, witness[division]),
      ...(division === own ? [manifestKey(logKey, 'log', iat)] : []),
    ]
    return fileOf(`manifests/${division}-1.jwt`, signManifest(manifestPayload(city, iat, { keys }), city.authority.signer))
  })
  return circle.reassemble({ anchors: anchorsOf(lists), allianceLists: lists, manifests }).trust
}

export interface Proving {
  readonly of?: string
  /** Seconds after the record's own time at which each city cosigned. */
  readonly cosigned?: Readonly<Record<string, number>>
  readonly more?: string
}

const { sha256 } = nodeEngine

/** The proof of a record as the fourth of seven leaves. */
export function proofOf({ of = record, cosigned = {}, more = '' }: Proving = {}): string {
  const digests = Array.from({ length: 7 }, (_, index) => (index === 3 ? parseSdJwt(of, nodeEngine).digest : sha256(Uint8Array.of(index))))
  const leaves = digests.map((digest) => hashLeaf(leafBytes('record', digest), sha256))
  const { size, root, edge } = appendLeaves({ size: 0, tiles: [] }, leaves, sha256)
  const read = readFromTiles(edge, sha256)
  const head = { origin: logOriginOf(circle.city(own).iss), size, root, extensions: [] }
  const note = signCheckpoint(head, logKey.signer, noteKey(head.origin, 'ed25519', logKey.public, sha256))
  const lines = Object.entries(cosigned).map(([division, after]) => {
    const key = witnessKeys[division]!
    return cosign(checkpointText(head), iat + after, key.signer, noteKey(witnessNameOf(circle.city(division).iss), 'cosignature-v1', key.public, sha256))
  })
  return logProofText({ index: 3, hashes: proveInclusion(3, size, read, sha256), checkpoint: note + lines.join('') + more })
}

export const demanding: Policy = { ...shippedPolicy, id: 'test/logged', logProof: 'required' }

export function ask(
  proof: string | undefined,
  trust: Trust = trustWith(),
  { policy = shippedPolicy, when = at }: { readonly policy?: Policy; readonly when?: Instant } = {},
): Verdict {
  return verify({ record: encodeUtf8(record), proof: proof === undefined ? undefined : encodeUtf8(proof) }, trust, circle.rules, when, policy, nodeEngine)
}

/** How many seconds after its own time the record is known to have stood in the log; or why that is not known. */
export function loggedAfter(verdict: Verdict): number | string {
  const time = verdict.checks.find(({ id }) => id === 'time')
  if (verdict.logged !== undefined) return secondsOf(verdict.logged.at) - iat
  return `${time?.answer} ${time?.reason}`
}
