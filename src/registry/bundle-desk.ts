import { encodeBase64url } from '#core/encoding/base64url.ts'
import type { HeldTrust } from './held-trust.ts'
import { bundleOf, type MetBefore } from './make-bundle.ts'
import type { Office } from './office.ts'
import type { TrustDesk } from './trust-desk.ts'
import type { StaticFile } from './trust-shelf.ts'

/** Gives out offline bundles, each made anew when what it holds has changed, and by whoever asks first. */
export interface BundleDesk {
  /** @param alliance all that the node follows where it is left out. Fault: `trust-file-unknown`. */
  readonly bundle: (alliance?: string) => Promise<StaticFile>
}

export const bundleContentType = 'application/comity-bundle'

/** Making bundles takes at most one part in so many of this process's time, however often what they hold changes. */
const sparingly = 20

interface Kept {
  readonly file: Promise<StaticFile>
  readonly of: HeldTrust
  readonly met: MetBefore
  /** By the clock of the process: until then it is given out although newer files have come. */
  readonly until: number
}

/**
 * Owned by the process.
 * @param elapsed milliseconds of a clock that never goes back
 * @param breathe lets others have their turn
 */
export function openBundleDesk(
  office: Pick<Office, 'authority' | 'keyring' | 'engine' | 'deflate' | 'inflate' | 'clock'>,
  desk: Pick<TrustDesk, 'current'>,
  { elapsed, breathe }: { readonly elapsed: () => number; readonly breathe: () => Promise<unknown> },
): BundleDesk {
  const kept = new Map<string | undefined, Kept>()

  const make = async (alliance: string | undefined, held: HeldTrust, met: MetBefore): Promise<StaticFile> => {
    const body = await bundleOf(office, held, alliance, met, breathe)
    return { body, etag: `"${encodeBase64url(office.engine.sha256(body))}"`, contentType: bundleContentType }
  }

  return {
    bundle: async (alliance) => {
      const held = await desk.current()
      const before = kept.get(alliance)
      if (before !== undefined && (before.of === held || elapsed() < before.until)) return before.file
      const started = elapsed()
      const met = before?.met ?? new Map()
      const file = make(alliance, held, met)
      kept.set(alliance, { file, of: held, met, until: Number.POSITIVE_INFINITY })
      try {
        await file
        kept.set(alliance, { file, of: held, met, until: elapsed() + (elapsed() - started) * sparingly })
      } catch (fault) {
        kept.delete(alliance) // an alliance that nobody follows is not remembered, and whoever asks next tries again
        throw fault
      }
      return file
    },
  }
}
