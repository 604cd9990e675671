import { nobleEngine } from '#core/crypto/engine-noble.ts'
import type { RefusedFile, Trust, TrustFile } from '#core/trust/assemble-trust.ts'
import { assembleTrust } from '#core/trust/assemble-trust.ts'
import { prepareRules } from '#core/verify/prepare-rules.ts'
import type { Rules } from '#core/verify/recognise.ts'
import { settle } from '../judge/settle.ts'
import { inflate } from './inflate.ts'
import type { HeldFile, HeldFiles } from './trust-cache.ts'

/** The trust of this device, assembled and checked from this node's anchors up. */
export interface HeldTrust {
  readonly held: HeldFiles
  readonly trust: Trust
  readonly rules: Rules
  readonly refused: readonly RefusedFile[]
  /** What is held without the refused: one that was damaged on the device is fetched again and does not stand in the way of its own replacement. */
  readonly sound: HeldFiles
}

const nameOf = ({ kind, subject, digest }: HeldFile): string => `${kind} ${subject} ${digest}`

/** Checks every signature of what is held and builds from it what a verdict reads; a file that does not lead back to an anchor never counts. */
export async function holdTrust(held: HeldFiles): Promise<HeldTrust> {
  const of = (kind: HeldFile['kind']): readonly TrustFile[] =>
    held.files.filter((file) => file.kind === kind).map((file) => ({ name: nameOf(file), bytes: file.bytes }))
  const files = {
    anchors: held.anchors,
    allianceLists: of('alliance'),
    manifests: of('manifest'),
    ruleSets: of('rules'),
    statusLists: of('status-list'),
    freshness: of('freshness'),
  }
  const { trust, refused } = await settle((engine) => assembleTrust(files, engine, inflate))
  const unsound = new Set(refused.map(({ name }) => name))
  const sound = { ...held, files: held.files.filter((file) => !unsound.has(nameOf(file))) }
  return { held, trust, rules: prepareRules(trust.ruleSets, nobleEngine), refused, sound }
}
