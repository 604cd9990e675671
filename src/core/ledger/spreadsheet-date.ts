export type DatePrecision = 'year' | 'month' | 'day'

// ECMA-376 part 1 §18.8.30, with the zh-cn column: ids 27-36 and 50-58 have no format code in the file.
const builtIn: ReadonlyMap<number, DatePrecision> = new Map([
  ...[14, 15, 16, 22, 28, 29, 30, 31, 51, 53, 54, 58].map((id) => [id, 'day'] as const),
  ...[17, 27, 36, 50, 52, 57].map((id) => [id, 'month'] as const),
])

/** Is a number shown in this format a date, and how much of it is shown? Undefined when it is no date. */
export function datePrecisionOf(id: number, code: string | undefined): DatePrecision | undefined {
  if (code === undefined) return builtIn.get(id)
  const section = code
    .replace(/"[^"]*"|\\.|\[[^\]]*\]|[_*]./g, '')
    .split(';')[0]!
    .toLowerCase()
  const year = section.includes('y')
  const month = section.includes('m')
  const day = section.includes('d')
  if (day && (year || month)) return 'day'
  if (year) return month ? 'month' : 'year'
  return undefined
}

const dayMilliseconds = 86_400_000
const epoch1900 = Date.UTC(1899, 11, 30)
const epoch1904 = Date.UTC(1904, 0, 1)
/** A day of a workbook that counts from 1904 has a number so much lower than elsewhere. */
export const daysUntil1904 = (epoch1904 - epoch1900) / dayMilliseconds

const lengthOf: Record<DatePrecision, number> = { year: 4, month: 7, day: 10 }

/**
 * A spreadsheet's day number → ISO date (ECMA-376 part 1 §18.17.4.1). The 1900 system counts a 29 February 1900 that never was:
 * day 60 is no date, and the days before it are off by one. Undefined outside 1900–9999.
 */
export function dateOfSerial(serial: number, precision: DatePrecision, system: 1900 | 1904 = 1900): string | undefined {
  const days = Math.floor(serial)
  if (!(days >= (system === 1900 ? 1 : 0)) || (system === 1900 && days === 60)) return undefined
  const instant = system === 1904 ? epoch1904 + days * dayMilliseconds : epoch1900 + (days < 60 ? days + 1 : days) * dayMilliseconds
  if (instant > Date.UTC(9999, 11, 31)) return undefined
  return new Date(instant).toISOString().slice(0, lengthOf[precision])
}
