import type { Localised } from '#core/model/localised.ts'
import type { Freshness } from '#core/trust/freshness.ts'
import type { Found } from '../read/found.ts'
import type { Told, ToldParty, ToldReason } from './told.ts'

// What the page and its judge say to each other. The judge is a worker: checking takes its time without the page standing still.

export interface Place {
  readonly code: string
  readonly name: Localised
}

/** A file that verdicts rest on. */
export interface TrustSource {
  readonly kind: Localised
  readonly name: Localised
  readonly issuedAt: string
  readonly age: Localised
  readonly freshness: Freshness
  readonly freshnessText: Localised
}

/** What this device holds of trust data, and how it came by it. */
export interface TrustState {
  /**
   * `held`: used as it was kept, since the node could not be reached. `bundle`: the same, and nothing was ever heard of the node but what a bundle
   * brought. `none`: nothing is held, and nothing came.
   */
  readonly standing: 'fetched' | 'held' | 'bundle' | 'none'
  /** The offline bundle that somebody chose, if it is used or waits to be confirmed. */
  readonly bundle: BundleState | undefined
  /** The bureau whose page this is. */
  readonly bureau: ToldParty | undefined
  /** When the node was last reached. Seconds since 1970, by the device. */
  readonly fetchedAt: number | undefined
  /** Files that the node named and did not give. */
  readonly missing: number
  /** Files that do not lead back to an anchor. */
  readonly refused: number
  /** Seconds by which the clock of the device is ahead of the node's; undefined where it was not heard or is close enough. */
  readonly clockAhead: number | undefined
  readonly sources: readonly TrustSource[]
  /** Members of the alliances, the node's own place first. */
  readonly places: readonly Place[]
  readonly purposes: readonly Place[]
}

export interface BundleState {
  /** Who made it, when, and how long ago. */
  readonly made: Localised
  /** What it cannot know, once it is old. */
  readonly stale: Localised | undefined
  /** Whether what is trusted names its maker. */
  readonly proven: boolean
  /** Whether anything in it leads back to somebody who is trusted. */
  readonly counts: boolean
  /** Nobody is trusted yet, and the person has to say whether these are to be. */
  readonly toConfirm: { readonly digest: string; readonly names: readonly Localised[] } | undefined
}

/** What the person asks of recognition. */
export interface Question {
  readonly place: string | undefined
  readonly purpose: string | undefined
}

export type Ask =
  | { readonly kind: 'judge'; readonly found: readonly Found[]; readonly question: Question }
  | { readonly kind: 'refresh' }
  | { readonly kind: 'take-bundle'; readonly file: Blob }
  /** To the anchors of this digest, which somebody trusted has told. */
  | { readonly kind: 'confirm-bundle'; readonly digest: string }
  | { readonly kind: 'drop-bundle' }

export interface Asking {
  readonly id: number
  readonly ask: Ask
}

/** An answer to one question, or news that came by itself. */
export type Telling =
  | { readonly kind: 'judged'; readonly id: number; readonly told: readonly Told[] }
  | { readonly kind: 'refreshed'; readonly id: number }
  /** `refused`: why nothing of the bundle is used. */
  | { readonly kind: 'bundle'; readonly id: number; readonly refused: ToldReason | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'trust'; readonly state: TrustState }
