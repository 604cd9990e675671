import type { FindingCode } from './finding-texts.ts'

/** What reading a text from outside came to: a value, with what was changed and what is odd about it, or the reason why not. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly changes: readonly FindingCode[]; readonly warnings: readonly FindingCode[] }
  | { readonly ok: false; readonly reason: FindingCode }

export const read = <T>(value: T, changes: readonly FindingCode[] = [], warnings: readonly FindingCode[] = []): Reading<T> => ({
  ok: true,
  value,
  changes,
  warnings,
})
export const refused = (reason: FindingCode): { readonly ok: false; readonly reason: FindingCode } => ({ ok: false, reason })
