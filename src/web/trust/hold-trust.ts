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
}

/** Checks every signature of what is held and builds from it what a verdict reads; a file that does not lead back to an anchor never counts. */
export async function holdTrust(held: HeldFiles): Promise<HeldTrust> {
  const of = (kind: HeldFile['kind']): readonly TrustFile[] =>
    held.files.filter((file) => file.kind === kind).map(({ subject, digest, bytes }) => ({ name: `${kind} ${subject} ${digest}`, bytes }))
  const files = { anchors: held.anchors, allianceLists: of('alliance'), manifests: of('manifest'), ruleSets: of('rules'), statusLists: of('status-list') }
  const { trust, refused } = await settle((engine) => assembleTrust(files, engine, inflate))
  return { held, trust, rules: prepareRules(trust.ruleSets, nobleEngine), refused }
}
