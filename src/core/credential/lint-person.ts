import type { z } from 'zod'

import { readName } from '../model/name.ts'
import { isBefore, type PartialDate } from '../model/partial-date.ts'
import { readPersonId } from '../model/person-id.ts'
import type { LintContext, LintFinding } from './family.ts'
import type { Birth, Identity, Name } from './personal.ts'

interface Person {
  readonly name: z.infer<typeof Name>
  readonly identity: z.infer<typeof Identity>
  readonly birth?: z.infer<typeof Birth> | undefined
}

/**
 * Name and identity number are sound and in canonical form, and the number does not contradict the birth date and gender beside it. The name as
 * the document has it is anybody's writing: whoever shows it makes visible what it hides.
 */
export function lintPerson({ name, identity, birth }: Person, { today }: LintContext): readonly LintFinding[] {
  const named = lintName(name.name)
  const reading = readPersonId(identity.number, { kind: identity.kind, today })
  if (!reading.ok) return [...named, { member: 'identity', code: reading.reason, severity: 'refusal' }]
  const findings: LintFinding[] = [...named, ...reading.warnings.map((code) => ({ member: 'identity', code, severity: 'warning' as const }))]
  if (reading.value.number !== identity.number) findings.push({ member: 'identity', code: 'identity-not-canonical', severity: 'refusal' })
  // One card in two editions is read under either name; signed under the wrong one its holder would not be found under the right one.
  if (reading.value.kind !== identity.kind) findings.push({ member: 'identity', code: 'person-id-kind-mismatch', severity: 'refusal' })
  const { birth: numberBirth, gender } = reading.value
  if (birth?.gender && gender && birth.gender !== gender) findings.push({ member: 'birth', code: 'gender-contradicts-identity', severity: 'warning' })
  if (birth?.date && numberBirth && !numberBirth.startsWith(birth.date) && !birth.date.startsWith(numberBirth))
    findings.push({ member: 'birth', code: 'birth-contradicts-identity', severity: 'warning' })
  return findings
}

/** Two forms of one name would be two people to whoever compares them. */
function lintName(name: string): readonly LintFinding[] {
  const reading = readName(name)
  if (!reading.ok) return [{ member: 'name', code: reading.reason, severity: 'refusal' }]
  if (reading.value.name !== name) return [{ member: 'name', code: 'name-not-canonical', severity: 'refusal' }]
  return reading.warnings.map((code) => ({ member: 'name', code, severity: 'warning' }))
}

/** The birth date that is handed in, or else the one in the identity number. */
export function birthOf({ identity, birth }: Person, { today }: LintContext): PartialDate | undefined {
  if (birth?.date !== undefined) return birth.date
  const reading = readPersonId(identity.number, { kind: identity.kind, today })
  return reading.ok ? reading.value.birth : undefined
}

/** Dates in the order in which they must not decrease; `undefined` members are passed over, unknown order is no finding. */
export function lintDates(dates: readonly (readonly [member: string, date: PartialDate | undefined])[], { today }: LintContext): readonly LintFinding[] {
  const findings: LintFinding[] = []
  const earlier: PartialDate[] = []
  for (const [member, date] of dates) {
    if (date === undefined) continue
    if (isBefore(today, date) === 'yes') findings.push({ member, code: 'date-in-future', severity: 'refusal' })
    if (earlier.some((before) => isBefore(date, before) === 'yes')) findings.push({ member, code: 'date-out-of-order', severity: 'warning' })
    earlier.push(date)
  }
  return findings
}

/** The youngest age at which any of these documents can have been obtained (PIPL art. 31 and labour law: sixteen). */
export const leastAge = 16

/** Nobody obtains a document before birth, nor under sixteen. */
export function lintAge(birth: PartialDate | undefined, member: string, on: PartialDate): readonly LintFinding[] {
  if (birth === undefined) return []
  if (isBefore(on, birth) === 'yes') return [{ member, code: 'date-before-birth', severity: 'refusal' }]
  const oldEnough = `${Number(birth.slice(0, 4)) + leastAge}${birth.slice(4)}` as PartialDate // the same calendar form, sixteen years on
  return isBefore(on, oldEnough) === 'yes' ? [{ member, code: 'holder-too-young', severity: 'refusal' }] : []
}
