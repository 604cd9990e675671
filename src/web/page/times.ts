import type { Language } from '#core/model/localised.ts'

/** An instant as somebody here would read it off a clock, to the minute, with the zone where it is not plain. */
export function timeText(instant: string | number, language: Language): string {
  const date = new Date(typeof instant === 'number' ? instant * 1000 : instant)
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  const text = date.toLocaleString(locale, {
    year: 'numeric',
    month: language === 'zh' ? 'long' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
  const zone = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value
  return zone === undefined ? text : `${text} ${zone}`
}
