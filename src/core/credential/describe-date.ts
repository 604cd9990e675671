import { dayAt } from '../model/bureau-day.ts'
import type { Localised } from '../model/localised.ts'
import type { PartialDate } from '../model/partial-date.ts'

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** A date in words, with the precision that it has and no more: 2021-03 → 2021年3月, March 2021. */
export function describeDate(date: PartialDate): Localised {
  const [year, month, day] = date.split('-').map(Number)
  if (month === undefined) return { zh: `${year}年`, en: String(year) }
  const name = months[month - 1]! // a real month
  if (day === undefined) return { zh: `${year}年${month}月`, en: `${name} ${year}` }
  return { zh: `${year}年${month}月${day}日`, en: `${day} ${name} ${year}` }
}

/** Seconds since 1970 as day and minute where the bureaus are (Asia/Shanghai). */
export function describeInstant(seconds: number): Localised {
  const { zh, en } = describeDate(dayAt(seconds) as PartialDate) // the calendar writes real days
  const minutes = Math.floor((seconds + 8 * 3600) / 60)
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`
  return { zh: `${zh} ${time}（北京时间）`, en: `${en}, ${time} (UTC+8)` }
}
