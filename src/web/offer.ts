import { bundleSniff, looksLikeBundle } from '#core/bundle/bundle-sniff.ts'
import type { Named } from './page/named-offer.ts'
import type { Found, Offer } from './read/found.ts'

/** The file, if it is an offline bundle by its first bytes: not something to judge but something to judge by. */
export async function bundleIn(given: Named): Promise<Blob | undefined> {
  if (!('offer' in given) || given.offer.kind !== 'file') return undefined
  const { blob } = given.offer
  try {
    return looksLikeBundle(new Uint8Array(await blob.slice(0, bundleSniff).arrayBuffer())) ? blob : undefined
  } catch {
    return undefined // gone, or not to be read: whoever reads it as a record says so
  }
}

/** What a person offered, read for records. The readers are loaded with the first offer. Never throws: what cannot be read is told. */
export async function findIn(offer: Offer): Promise<readonly Found[]> {
  try {
    const [{ readOffer }, { readCode }] = await Promise.all([import('./read/read-offer.ts'), import('./read/read-code.ts')])
    return await readOffer(offer, { readCode })
  } catch {
    // A part could not be loaded: no network on the first visit, or another release on the server by now.
    return [{ kind: 'unread', why: 'reader-unavailable' }]
  }
}
