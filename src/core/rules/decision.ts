import type { Localised } from '../model/localised.ts'
import type { Truth } from '../model/truth.ts'
import type { FactName, FactValue } from './facts.ts'
import type { ReasonCode } from './reason-texts.ts'
import type { Condition, ConditionCode, Effect, MaterialCode, Mode, Origin, Rule } from './rule-set.ts'

/** The two places concerned, by division code. */
export interface Places {
  readonly issuer: string
  readonly verifier: string
}

/** What a decision needs of an alliance: who belonged to it when. Taken from the signed alliance list. */
export interface AllianceView {
  readonly id: string
  readonly name: Localised
  readonly members: readonly AllianceMemberView[]
}

export interface AllianceMemberView {
  readonly division: string
  readonly coversSubordinates: boolean
  /** `guidance` and `accepted` may issue under the alliance's rules; only a `member` verifies under them. */
  readonly role: 'member' | 'guidance' | 'accepted'
  readonly from: string
  /** First day on which it no longer belongs. */
  readonly until?: string | undefined
  readonly state: 'active' | 'suspended' | 'left'
}

export interface RuleReference {
  /** Null: national law. */
  readonly alliance: string | null
  readonly ruleSet: string
  readonly version: number
  readonly rule: string
  readonly origin: Origin
}

/** A condition without its fact: what the fact would have to be. */
export type Expectation = Readonly<Pick<Condition, 'in' | 'notIn' | 'is' | 'onOrAfter' | 'before' | 'members'>>

export interface FailedCondition {
  readonly fact: FactName
  readonly expected: Expectation
  readonly found?: FactValue | undefined
}

/**
 * One thing that was looked at. A rule: it applies, or one of its conditions fails, or facts are missing. A rule set as a whole
 * (`rule` null): nothing in it matched, or it was not in force. The issuer's own territory: `alliance` and `ruleSet` null.
 */
export interface Path {
  readonly alliance: string | null
  readonly ruleSet: string | null
  readonly version: number | null
  readonly rule: string | null
  readonly answer: 'applies' | 'does-not-apply' | 'cannot-tell' | 'not-in-force'
  readonly mode?: Mode | undefined
  readonly effects?: readonly Effect[] | undefined
  readonly origin?: Origin | undefined
  readonly failed?: readonly FailedCondition[] | undefined
  /** On a path that applies: facts that it takes for granted until an officer has confirmed them. */
  readonly missing?: readonly FactName[] | undefined
  readonly window?: { readonly from: string; readonly until?: string | undefined } | undefined
}

/** What would turn the answer into a yes, nearest first. None of them is a promise: each removes one obstacle. */
export type WayToYes =
  | { readonly way: 'establish'; readonly facts: readonly FactName[]; readonly by: RuleReference | null }
  | { readonly way: 'differ'; readonly fact: FactName; readonly expected: Expectation; readonly found?: FactValue | undefined; readonly by: RuleReference }
  | { readonly way: 'await'; readonly alliance: string | null; readonly ruleSet: string; readonly version: number; readonly from: string }
  | { readonly way: 'common-alliance' }
  | { readonly way: 'officer' }

/** What one city makes of a record from another, with everything that was weighed. */
export interface Decision {
  readonly answer: Truth
  readonly mode: Mode
  readonly effects: readonly Effect[]
  readonly conditions: readonly (ConditionCode | Localised)[]
  readonly materials: readonly (MaterialCode | Localised)[]
  /** Facts that the outcome takes for granted; an officer confirms them before a recognition record is issued. */
  readonly openQuestions: readonly FactName[]
  readonly timeLimit?: Rule['timeLimit'] | undefined
  readonly clause?: Localised | undefined
  readonly mapping?: Rule['mapping'] | undefined
  /** The rule that carried the outcome. Absent where none did: an own record, or nothing that matched. */
  readonly carriedBy?: RuleReference | undefined
  readonly reasons: readonly ReasonCode[]
  readonly paths: readonly Path[]
  /** Empty when the answer is yes. */
  readonly whatWouldMakeItYes: readonly WayToYes[]
}

/** A yes that takes facts for granted is not yet one: whoever reads it must not act on it before they are confirmed. */
export type Standing = Truth | 'on-condition'

export const standingOf = ({ answer, openQuestions }: Pick<Decision, 'answer' | 'openQuestions'>): Standing =>
  answer === 'yes' && openQuestions.length > 0 ? 'on-condition' : answer
