import { z } from 'zod'

import { dayAt } from './bureau-day.ts'

/** An instant as signed bytes carry it: RFC 3339, UTC, whole seconds. Compared as text. */
export const Instant = z.iso.datetime({ precision: 0 }).brand<'Instant'>().meta({ id: 'Instant' })
export type Instant = z.infer<typeof Instant>

/** Seconds since 1970 (JWT NumericDate, RFC 7519 §2) → instant. */
export const instantOf = (seconds: number): Instant => `${new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length)}Z` as Instant // the one form Date writes

// A verdict asks many times about one instant, and so do the thousand after it: the last one asked is kept.
let last: { readonly instant: Instant; readonly seconds: number } | undefined

/** Instant → seconds since 1970. */
export function secondsOf(instant: Instant): number {
  if (last?.instant !== instant) last = { instant, seconds: Date.parse(instant) / 1000 }
  return last.seconds
}

/** The calendar day that an instant falls on where the bureaus are. */
export const dayOf = (instant: Instant): string => dayAt(secondsOf(instant))
