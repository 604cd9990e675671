import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { getMeta } from '#storage/meta.ts'
import { listFiles } from '#storage/published.ts'
import { listTrustSubjects } from '#storage/trust-objects.ts'
import { trustKinds } from '#storage/tables.ts'
import { holdTrust, type HeldTrust } from './held-trust.ts'
import type { Office } from './office.ts'

/** Keeps the assembled trust data between requests; `current` never takes longer than the first time but for a change. */
export interface TrustDesk {
  readonly current: () => Promise<HeldTrust>
  /** This process took or published something: look before the next answer. */
  readonly changed: () => void
}

/** Other processes over the same store change it too, so it is looked at again after so many milliseconds. */
const lookAgain = 1000

/**
 * Owned by the process. A look costs six small queries and happens once a second under load; assembling costs a signature check a
 * file and happens once for each state of the store.
 *
 * @param elapsed milliseconds of a clock that never goes back
 */
export function openTrustDesk(office: Pick<Office, 'authority' | 'store' | 'engine' | 'inflate'>, elapsed: () => number): TrustDesk {
  let held: { readonly state: string; readonly trust: HeldTrust } | undefined
  let looked = Number.NEGATIVE_INFINITY
  let looking: Promise<HeldTrust> | undefined

  let looks = 0

  const look = async (): Promise<HeldTrust> => {
    looked = elapsed()
    const mine = ++looks
    const state = await stateOf(office)
    const found = held?.state === state ? held : { state, trust: await holdTrust(office) }
    // Of two looks that overlap the one that began later has seen more.
    if (mine === looks) held = found
    return found.trust
  }
  return {
    current: () => {
      if (held !== undefined && elapsed() - looked < lookAgain) return Promise.resolve(held.trust)
      if (looking !== undefined) return looking
      const mine = look().finally(() => {
        if (looking === mine) looking = undefined
      })
      looking = mine
      return mine
    },
    changed: () => {
      looked = Number.NEGATIVE_INFINITY
      // A look that is under way may have read what was there before.
      looking = undefined
    },
  }
}

async function stateOf({ store: { read } }: Pick<Office, 'store'>): Promise<string> {
  const [published, anchors] = await Promise.all([listFiles(read, {}), getMeta(read, 'alliance-anchors')])
  const subjects = await Promise.all(trustKinds.map((kind) => listTrustSubjects(read, { kind })))
  return JSON.stringify([published.map(({ path, etag }) => [path, etag]), subjects, anchors === undefined ? null : decodeUtf8(anchors)])
}
