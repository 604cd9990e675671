import { checkBundle, type CheckedBundle } from '#core/bundle/check-bundle.ts'
import type { Bundle } from '#core/bundle/bundle.ts'
import { nobleEngine } from '#core/crypto/engine-noble.ts'
import type { Instant } from '#core/model/instant.ts'
import type { Anchors } from '#core/trust/anchors.ts'
import type { RefusedFile, Trust, TrustFile } from '#core/trust/assemble-trust.ts'
import { assembleTrust } from '#core/trust/assemble-trust.ts'
import { prepareRules } from '#core/verify/prepare-rules.ts'
import type { Rules } from '#core/verify/recognise.ts'
import { settle } from '../judge/settle.ts'
import { inflate } from './inflate.ts'
import type { HeldFile, HeldFiles } from './trust-cache.ts'

/** The trust of this device, assembled and checked from one set of anchors up. */
export interface HeldTrust {
  readonly anchors: Anchors
  readonly trust: Trust
  readonly rules: Rules
  readonly refused: readonly RefusedFile[]
  /** What is held of the node without the refused: one that was damaged on the device is fetched again and does not stand in the way of its own replacement. */
  readonly sound: HeldFiles | undefined
  /** What is known of the bundle whose files are among these. `counts`: whether any of them leads back to an anchor. */
  readonly checked: (CheckedBundle & { readonly counts: boolean }) | undefined
}

/** What a device can hold: of its node, and of a bundle that somebody chose. */
export interface Holding {
  readonly node: HeldFiles | undefined
  readonly bundle: Bundle | undefined
}

const nameOf = ({ kind, subject, digest }: HeldFile): string => `${kind} ${subject} ${digest}`
const bundled = 'bundle '

/**
 * Checks every signature of what is held and builds from it what a verdict reads; a file that does not lead back to an anchor never counts.
 * Of what node and bundle both have the newer counts, so that a bundle of last week takes nothing back that the node has said since.
 * Fault: `bundle-signature-wrong`, and then nothing of the bundle is to be used.
 */
export async function holdTrust({ node, bundle }: Holding, anchors: Anchors, at: Instant): Promise<HeldTrust> {
  const of = (kind: HeldFile['kind'], more: readonly TrustFile[] | undefined): readonly TrustFile[] => [
    ...(node?.files ?? []).filter((file) => file.kind === kind).map((file) => ({ name: nameOf(file), bytes: file.bytes })),
    ...(more ?? []).map(({ name, bytes }) => ({ name: `${bundled}${name}`, bytes })),
  ]
  const files = {
    anchors,
    allianceLists: of('alliance', bundle?.files.allianceLists),
    manifests: of('manifest', bundle?.files.manifests),
    ruleSets: of('rules', bundle?.files.ruleSets),
    statusLists: of('status-list', bundle?.files.statusLists),
    freshness: of('freshness', bundle?.files.freshness),
  }
  const { trust, refused: unfit } = await settle((engine) => assembleTrust(files, engine, inflate))
  // A bundle may well be older than what the node has given: nothing is wrong with those files.
  const refused = node === undefined ? unfit : unfit.filter(({ name, fault }) => !(name.startsWith(bundled) && fault.code === 'trust-rolled-back'))
  const ofBundle = (each: { readonly name: string }): boolean => each.name.startsWith(bundled)
  const offered = Object.values(bundle?.files ?? {}).reduce((sum, of) => sum + of.length, 0)
  const checked =
    bundle === undefined
      ? undefined
      : { ...(await settle((engine) => checkBundle(bundle, trust, at, engine))), counts: refused.filter(ofBundle).length < offered }
  const unsound = new Set(refused.map(({ name }) => name))
  const sound = node === undefined ? undefined : { ...node, files: node.files.filter((file) => !unsound.has(nameOf(file))) }
  return { anchors, trust, rules: prepareRules(trust.ruleSets, nobleEngine), refused, sound, checked }
}
