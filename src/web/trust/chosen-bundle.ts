import { anchorsDigest, bundleLimits, readBundle, type Bundle } from '#core/bundle/bundle.ts'
import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { bundleFaults } from '#core/fault-texts/bundle.ts'
import { Fault } from '#core/fault.ts'
import type { ToldReason } from '../judge/told.ts'
import { inflate } from './inflate.ts'
import type { KeptBundle } from './trust-cache.ts'

/** An offline bundle that somebody has handed to this page. */
export interface ChosenBundle {
  readonly bytes: Uint8Array
  readonly bundle: Bundle
  /** Of the anchors that it names. */
  readonly digest: string
  /** Whether the person has said that a trusted hand told them this digest. Without it the bundle's own anchors are nobody's. */
  readonly confirmed: boolean
}

/** Reads what was kept or chosen. Faults: those of `readBundle`. */
export function openBundle({ bytes, confirmed }: KeptBundle): ChosenBundle {
  const bundle = readBundle(bytes, nobleEngine, inflate)
  const digest = anchorsDigest(bundle.label.anchors, nobleEngine)
  return { bytes, bundle, digest, confirmed: confirmed === digest }
}

/** Bytes of a file that may be anything. Fault: `bytes-too-many`, before any of it is read. */
export async function bytesOfFile(file: Blob): Promise<Uint8Array> {
  if (file.size > bundleLimits.bytes) throw new Fault('bytes-too-many', { at: 'bundle' })
  return new Uint8Array(await file.arrayBuffer())
}

export const keptOf = ({ bytes, digest, confirmed }: ChosenBundle): KeptBundle => ({ bytes, confirmed: confirmed ? digest : undefined })

/** Why nothing of a bundle is used. Whatever is wrong inside it is to the person one thing: it is not as its maker made it. */
export function tellBundleFault({ code }: Fault): ToldReason {
  const known = Object.keys(bundleFaults).find((name): name is keyof typeof bundleFaults => name === code) ?? 'bundle-malformed'
  const { zh, en, remedy } = bundleFaults[known]
  return { code: known, text: { zh, en }, remedy }
}
