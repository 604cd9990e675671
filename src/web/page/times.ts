import { describeInstant } from '#core/credential/describe-date.ts'
import type { Language } from '#core/model/localised.ts'

/** An instant on the clocks of the bureaus, wherever this device is: the same words as in the signed data and on every sheet. @param instant RFC 3339, or seconds since 1970 */
export const timeText = (instant: string | number, language: Language): string =>
  describeInstant(typeof instant === 'number' ? instant : Date.parse(instant) / 1000)[language]
