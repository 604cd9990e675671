/**
 * What can befall a record after issuance, as the law keeps it apart: 中止 suspension, 撤销 revocation (void from the start, 行政许可法
 * art. 69), 吊销 withdrawal as a penalty, 注销 cancellation (from now on, art. 70), 作废 voiding of the document. A reinstatement is
 * the end of a suspension. A packed history names a kind by its number in this row, so none is ever moved.
 */
export const statusKinds = ['suspended', 'revoked', 'penalty', 'cancelled', 'voided'] as const
export type StatusKind = (typeof statusKinds)[number]

/** The values of a two-bit list: 0 to 2 as the Token Status List registers them, 3 its first application-specific one. */
export const statusValues = { valid: 0, invalid: 1, suspended: 2, ceased: 3 } as const
export type StatusValue = (typeof statusValues)[keyof typeof statusValues]

/** One row a kind. `retroactive`: it counts for every instant, also for those before it was decided. */
const rows: Readonly<Record<StatusKind, { readonly value: StatusValue; readonly retroactive: boolean }>> = {
  suspended: { value: statusValues.suspended, retroactive: false },
  revoked: { value: statusValues.invalid, retroactive: true },
  penalty: { value: statusValues.invalid, retroactive: false },
  cancelled: { value: statusValues.ceased, retroactive: false },
  voided: { value: statusValues.invalid, retroactive: false },
}

/** One status that a record had or has. Times are seconds since 1970; without `until` it lasts. */
export interface StatusPeriod {
  readonly kind: StatusKind
  /** A reason code of the authority, never free text about a person. */
  readonly reason: string
  readonly from: number
  readonly until?: number | undefined
}

/** What a record's history makes of it at an instant, and which of its periods decides. */
export interface StatusAnswer {
  readonly value: StatusValue
  readonly period: StatusPeriod | undefined
}

const gravity: readonly StatusValue[] = [statusValues.valid, statusValues.suspended, statusValues.ceased, statusValues.invalid]

/** The gravest period in force at `at` decides; of equally grave ones the earlier decided. */
export function weighPeriods(periods: readonly StatusPeriod[], at: number): StatusAnswer {
  let answer: StatusAnswer = { value: statusValues.valid, period: undefined }
  for (const period of periods) {
    const { value, retroactive } = rows[period.kind]
    const inForce = (retroactive || period.from <= at) && (period.until === undefined || at < period.until)
    if (inForce && gravity.indexOf(value) > gravity.indexOf(answer.value)) answer = { value, period }
  }
  return answer
}
