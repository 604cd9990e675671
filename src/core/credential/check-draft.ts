import { Fault } from '../fault.ts'
import type { FamilyId } from '../model/family-id.ts'
import { readNumber, type NumberScheme } from '../model/number-scheme.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { covers, type Scope } from '../trust/scope.ts'
import type { Draft, Family, LintContext, LintFinding } from './family.ts'

/**
 * A draft that has passed the lint. It is the only thing that `issueRecord` takes, and only `checkDraft` makes one: the key cannot
 * be reached without a check, and each check opens it once.
 */
export interface CheckedDraft {
  readonly family: Family
  readonly draft: Draft
  readonly warnings: readonly LintFinding[]
}

const unspent = new WeakSet<CheckedDraft>()

export interface DraftPolicy extends LintContext {
  /** What the issuing key may issue; undefined leaves it open. */
  readonly scope: Scope | undefined
  readonly division: string
  /** How this authority builds its numbers, where it has said so: a draft that brings another number wants somebody to have looked. */
  readonly schemes?: Readonly<Partial<Record<FamilyId, NumberScheme>>> | undefined
}

/** Faults: `draft-malformed` with the place; `draft-refused` with every finding. Warnings are for the caller to have acknowledged. */
export function checkDraft(family: Family, value: unknown, policy: DraftPolicy): CheckedDraft {
  const draft = parseOrFault(family.draft, value, 'draft-malformed', 'draft')
  const findings = [...family.lint(draft, policy), ...lintExpiry(family, draft), ...lintScope(family, draft, policy), ...lintScheme(family, draft, policy)]
  const refusals = findings.filter(({ severity }) => severity === 'refusal')
  if (refusals.length > 0) throw new Fault('draft-refused', { at: refusals[0]?.member, findings: refusals.map(({ member, code }) => ({ at: member, code })) })
  // What was checked is what will be signed: nothing can be changed in between.
  const checked: CheckedDraft = Object.freeze({ family, draft: frozen(draft), warnings: findings })
  unspent.add(checked)
  return checked
}

const lintExpiry = ({ expires }: Family, { exp }: Draft): readonly LintFinding[] =>
  exp === undefined || expires ? [] : [{ member: 'exp', code: 'document-without-end', severity: 'refusal' }]

function lintScope(family: Family, { body }: Draft, { scope, division }: DraftPolicy): readonly LintFinding[] {
  if (scope === undefined) return []
  const text = (member: string): string | undefined => (typeof body[member] === 'string' ? body[member] : undefined)
  const inScope = covers(scope, { family: family.id, division, series: text('series'), level: text('level') })
  return inScope ? [] : [{ member: 'level', code: 'outside-issuing-scope', severity: 'refusal' }]
}

/** Old documents have numbers of older schemes, so it is no refusal. */
function lintScheme({ id }: Family, { number }: Draft, { schemes }: DraftPolicy): readonly LintFinding[] {
  const scheme = schemes?.[id]
  if (scheme === undefined || number === undefined) return []
  const reading = readNumber(scheme, number)
  return reading.ok ? [] : [{ member: 'number', code: reading.reason, severity: 'warning' }]
}

/** Takes the check back: a second signature needs a second check. */
export function spend(checked: CheckedDraft): void {
  if (!unspent.delete(checked)) throw new Fault('draft-refused', { detail: 'the check has been spent' })
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const member of Object.values(value)) frozen(member)
    Object.freeze(value)
  }
  return value
}
