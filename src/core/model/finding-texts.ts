import type { Localised } from './localised.ts'

interface FindingText {
  readonly message: Localised
  readonly remedy: Localised
}

const text = (zh: string, en: string, remedyZh: string, remedyEn: string): FindingText => ({ message: { zh, en }, remedy: { zh: remedyZh, en: remedyEn } })

/** What can be said of a value read from outside (a form, a ledger cell): the stable code, what it means, what to do. */
export const findingTexts = {
  'name-blank': text('姓名为空', 'The name is blank', '请填写姓名', 'Enter the name'),
} as const satisfies Record<string, FindingText>

export type FindingCode = keyof typeof findingTexts
