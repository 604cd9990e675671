import type { Localised } from '../model/localised.ts'

/** What a fault says in both languages, and what the reader can do about it. */
export interface FaultText extends Localised {
  readonly remedy: Localised
}

export const text = (zh: string, en: string, remedyZh: string, remedyEn: string): FaultText => ({ zh, en, remedy: { zh: remedyZh, en: remedyEn } })
