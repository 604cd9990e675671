import { instantOf, secondsOf, type Instant } from '../model/instant.ts'

/** The three times that every signed trust object carries, in seconds since 1970 (`ttl`: seconds). */
export interface Timed {
  readonly iat: number
  readonly ttl: number
  readonly exp: number
  /** When it was made, where `iat` is the later second in which its signers said that it is still the newest. */
  readonly issued?: number | undefined
}

/**
 * How far a signed file can be relied on (DESIGN §3): *fresh*, *stale* (verify with a visible warning, no new recognition
 * without an officer's reason), *expired* (it says how things stood at its own time and nothing of now).
 */
export type Freshness = 'fresh' | 'stale' | 'expired'

export function freshnessAt({ iat, ttl, exp }: Timed, at: Instant): Freshness {
  const now = secondsOf(at)
  return now >= exp ? 'expired' : now > iat + ttl ? 'stale' : 'fresh'
}

/** Whole seconds between the file's making and `at`; 0 for a file that is younger than `at`. */
export const ageAt = ({ iat }: Timed, at: Instant): number => Math.max(0, secondsOf(at) - iat)

/** Which file a statement rests on, and how old it was: what a verdict says of its sources. */
export interface SourceVersion {
  readonly kind: 'anchor' | 'manifest' | 'alliance-list' | 'rule-set' | 'status-list' | 'record' | 'law'
  readonly id: string
  readonly version?: number
  readonly digest?: string
  readonly issuedAt?: Instant
  /** When its signers last said that it is still the newest; its age is counted from then. */
  readonly confirmedAt?: Instant
  readonly ageSeconds?: number
  readonly freshness?: Freshness
}

// Thousands of verdicts of one second rest on the same few files: what was last said of a file is kept beside it.
const told = new WeakMap<Timed, { readonly at: Instant; readonly source: SourceVersion }>()

/** `file` is one accepted file for as long as it lives, so `kind`, `id` and `digest` are always the same for it. */
export function sourceOf(kind: SourceVersion['kind'], id: string, file: Timed & { readonly version?: number }, digest: string, at: Instant): SourceVersion {
  const before = told.get(file)
  if (before?.at === at) return before.source
  const source: SourceVersion = {
    kind,
    id,
    ...(file.version === undefined ? {} : { version: file.version }),
    digest,
    issuedAt: instantOf(file.issued ?? file.iat),
    ...(file.issued === undefined ? {} : { confirmedAt: instantOf(file.iat) }),
    ageSeconds: ageAt(file, at),
    freshness: freshnessAt(file, at),
  }
  told.set(file, { at, source })
  return source
}
