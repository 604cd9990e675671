import { z } from 'zod'

/** An instant as signed bytes carry it: RFC 3339, UTC, whole seconds. Compared as text. */
export const Instant = z.iso.datetime({ precision: 0 }).brand<'Instant'>().meta({ id: 'Instant' })
export type Instant = z.infer<typeof Instant>

/** Seconds since 1970 (JWT NumericDate, RFC 7519 §2) → instant. */
export const instantOf = (seconds: number): Instant => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') as Instant // the one form Date writes

/** Instant → seconds since 1970. */
export const secondsOf = (instant: Instant): number => Date.parse(instant) / 1000

/** The calendar day that an instant falls on where the bureaus are (Asia/Shanghai, UTC+8 without summer time since 1991). */
export const dayOf = (instant: Instant): string => new Date(Date.parse(instant) + 8 * 3600 * 1000).toISOString().slice(0, 10)
