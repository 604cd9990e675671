import type { Localised } from '../model/localised.ts'

/** What a look through a register and its trail can find odd. */
export const oddityTexts = {
  'serial-gap': { zh: '登记序号缺号', en: 'Serials are missing' },
  'back-dated': { zh: '签发时间早于入日志一天以上', en: 'Dated more than a day before it was logged' },
  'night-bulk': { zh: '一人夜间成批签发', en: 'One person issued in bulk at night' },
} as const satisfies Record<string, Localised>

export type OddityCode = keyof typeof oddityTexts
