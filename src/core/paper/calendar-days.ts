const firstDay = Date.UTC(1900, 0, 1)
const day = 86_400_000

/** Days since 1900-01-01 of a text YYYY-MM-DD; undefined for no day of the calendar, and for one that 16 bits do not hold (from 2079-06-07 on). */
export function daysOf(text: string): number | undefined {
  const days = (Date.parse(`${text}T00:00:00Z`) - firstDay) / day
  return days >= 0 && days < 2 ** 16 && dateOf(days) === text ? days : undefined
}

/** The inverse of `daysOf`. */
export const dateOf = (days: number): string => new Date(firstDay + days * day).toISOString().slice(0, 10)
