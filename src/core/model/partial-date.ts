import { z } from 'zod'

import type { FindingCode } from './finding-texts.ts'
import { tidied } from './half-width.ts'
import { read, refused, type Reading } from './reading.ts'
import type { Truth } from './truth.ts'

const form = /^(?:19|[2-9]\d)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/

const daysIn = (year: number, month: number): number =>
  month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

const isReal = (text: string): boolean =>
  form.test(text) && (text.length < 10 || Number(text.slice(8)) <= daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7))))

/**
 * A local calendar date of reduced precision (GB/T 7408, ISO 8601): '2021', '2021-03' or '2021-03-29'. Its length is its
 * precision; many old certificates have a year and a month only. From 1900 on, no time zone.
 */
export const PartialDate = z.string().regex(form).refine(isReal, { error: 'no such day' }).brand<'PartialDate'>().meta({ id: 'PartialDate' })
export type PartialDate = z.infer<typeof PartialDate>

export type Precision = 'year' | 'month' | 'day'
export const precisionOf = (date: PartialDate): Precision => (date.length === 4 ? 'year' : date.length === 7 ? 'month' : 'day')

const two = (value: number | string): string => String(value).padStart(2, '0')

/** The first day that the date can stand for: '2021' → '2021-01-01'. */
export const firstDayOf = (date: PartialDate): PartialDate => `${date}${'-01-01'.slice(date.length - 4)}` as PartialDate // completes a real date to its first day

/** The last day that the date can stand for: '2000-02' → '2000-02-29'. */
export function lastDayOf(date: PartialDate): PartialDate {
  if (date.length === 10) return date
  const month = date.length === 4 ? `${date}-12` : date
  return `${month}-${two(daysIn(Number(month.slice(0, 4)), Number(month.slice(5))))}` as PartialDate // the last real day of that month
}

/** Whether all of `a` lies before all of `b`. '2021' and '2021-03': cannot tell. */
export const isBefore = (a: PartialDate, b: PartialDate): Truth => (lastDayOf(a) < firstDayOf(b) ? 'yes' : firstDayOf(a) >= lastDayOf(b) ? 'no' : 'cannot-tell')

const day = 86_400_000

/** Excel's 1900 date system counts a 29 February 1900 that never was, so that after it day 1 is 31 December 1899, less one. */
const ofSerial = (serial: number): string => new Date(Date.UTC(1899, 11, 30) + serial * day).toISOString().slice(0, 10)

/** The date with four, two and two digits, or undefined where the text has none of the forms that are read. */
function normal(text: string): { readonly date: string; readonly change?: FindingCode } | { readonly reason: FindingCode } | undefined {
  if (/^\d{4}(?:-\d\d(?:-\d\d)?)?$/.test(text)) return { date: text }
  if (/^\d{8}$/.test(text)) return { date: `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`, change: 'date-compact' }
  if (/^\d{6}$/.test(text)) return compactMonth(text)
  if (/^[1-9]\d{4}$/.test(text)) return { date: ofSerial(Number(text)), change: 'date-excel-serial' }
  // A spreadsheet turns 2021.10 into the number 2021.1: January and October can't be told apart any more.
  if (/^\d{4}\.1$/.test(text)) return { reason: 'date-ambiguous' }
  const separated = /^(\d{4})([./-])(\d{1,2})(?:\2(\d{1,2}))?$/.exec(text)
  if (separated) return { date: joined(separated[1], separated[3], separated[4]), change: separators[separated[2]!]! }
  const chinese = /^(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号]?)?)?$/.exec(text)
  if (chinese) return { date: joined(chinese[1], chinese[2], chinese[3]), change: 'date-chinese' }
  return undefined
}

const separators: Readonly<Record<string, FindingCode>> = { '.': 'date-dotted', '/': 'date-slashed', '-': 'date-unpadded' }

const joined = (...parts: readonly (string | undefined)[]): string =>
  parts
    .filter((part) => part !== undefined)
    .map(two)
    .join('-')

/** 199404 is April 1994; 200112 could be December 2001 or 12 January 2020, and nobody shall guess. */
function compactMonth(text: string): { readonly date: string; readonly change: FindingCode } | { readonly reason: FindingCode } {
  const asMonth = `${text.slice(0, 4)}-${text.slice(4)}`
  const asDay = `20${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4)}`
  if (!/^(?:19|20)/.test(text)) return { reason: 'date-form-unknown' }
  return isReal(asMonth) && isReal(asDay) ? { reason: 'date-ambiguous' } : { date: asMonth, change: 'date-compact' }
}

/**
 * Reads a date as forms and ledgers write it. Normalised, each with its own change: 20210329, 2021.03.29, 2021/3/9, 2021-3-9,
 * 2021年3月29日, 2021年3月, 2021年, full-width digits, a midnight after the day, Excel serial numbers of five digits.
 * Precision is kept, never invented. Days that do not exist, years before 1900 and ambiguous forms are refused.
 */
export function readDate(text: string): Reading<PartialDate> {
  const { text: trimmed, changes: tidyings } = tidied(text)
  if (trimmed === '') return refused('date-blank')
  const plain = trimmed.replace(/[ T]0?0:00(?::00(?:\.0+)?)?$/, '')
  const found = normal(plain.replace(/\s+/g, ''))
  if (found === undefined) return refused('date-form-unknown')
  if ('reason' in found) return refused(found.reason)
  if (found.date < '1900') return refused('date-before-1900')
  if (!isReal(found.date)) return refused('date-impossible')
  const changes = [...tidyings, ...(plain === trimmed ? [] : ['date-time-dropped' as const]), ...(found.change === undefined ? [] : [found.change])]
  return read(found.date as PartialDate, changes) // isReal has just looked at it
}
