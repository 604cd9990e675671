import type { Found, Offer } from './read/found.ts'

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
