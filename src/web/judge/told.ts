import type { Localised } from '#core/model/localised.ts'
import type { Standing } from '#core/rules/decision.ts'
import type { Freshness } from '#core/trust/freshness.ts'
import type { Helper, OutcomeId } from '#core/verify/outcome.ts'
import type { Mark } from '#core/verify/verdict-texts.ts'
import type { Verdict } from '#core/verify/verdict.ts'

// What is judged, in words of both languages and nothing else: the page that shows it needs none of the tables they come from.

/** A code with its words. */
export interface ToldReason {
  readonly code: string
  readonly text: Localised
  readonly remedy: Localised
  readonly datum?: string | undefined
}

/** Which file a check rests on, and how old it was. */
export interface ToldSource {
  readonly kind: Localised
  readonly name: Localised
  readonly version?: number | undefined
  readonly issuedAt?: string | undefined
  readonly age?: Localised | undefined
  readonly freshness?: { readonly id: Freshness; readonly text: Localised } | undefined
}

export interface ToldCheck {
  readonly id: string
  readonly name: Localised
  readonly mark: Mark
  readonly answerText: Localised
  readonly reason?: ToldReason | undefined
  readonly datum?: Localised | string | undefined
  readonly source?: ToldSource | undefined
}

/** One signed statement: a text as it was signed, or a code in words. */
export interface ToldLine {
  readonly member: string
  readonly label: Localised
  readonly value: Localised | string
  readonly code?: string | undefined
}

export interface ToldGroup {
  readonly id: string
  readonly label: Localised
  readonly lines: readonly ToldLine[]
}

export interface ToldPath {
  /** What the rule says of the case; `neutral` where it says nothing of it. */
  readonly mark: Mark | 'neutral'
  readonly text: Localised
  readonly rule: Localised
  readonly why: readonly Localised[]
}

/** What it counts for somewhere, with everything that was weighed. */
export interface ToldDecision {
  readonly place: { readonly code: string; readonly name: Localised }
  readonly standing: Standing
  readonly mark: Mark
  readonly word: Localised
  /** Undefined where the word has said it. */
  readonly mode: Localised | undefined
  readonly reasons: readonly Localised[]
  readonly effects: readonly Localised[]
  readonly conditions: readonly Localised[]
  readonly materials: readonly Localised[]
  readonly openQuestions: readonly Localised[]
  readonly mapping: readonly Localised[]
  readonly timeLimit: Localised | undefined
  readonly clause: Localised | undefined
  /** The rule that carried it, and where that rule comes from: a sample is never shown as what was agreed. */
  readonly under: { readonly rule: Localised; readonly origin: Localised; readonly sample: boolean } | undefined
  readonly paths: readonly ToldPath[]
  readonly ways: readonly Localised[]
  /** What must be known of the rules themselves: stale, expired. */
  readonly notes: readonly ToldReason[]
}

export interface ToldParty {
  readonly name: Localised
  readonly place: Localised
  readonly iss: string
}

/** Everything that is shown of one thing that was offered. */
export interface Told {
  readonly outcome: OutcomeId
  readonly word: Localised
  readonly sentence: Localised
  readonly next: Localised
  readonly because: readonly ToldReason[]
  readonly notes: readonly ToldReason[]
  readonly asides: readonly ToldReason[]
  /** Whom to ask, by the names that trust lists give; undefined where nobody has to be asked. */
  readonly ask: { readonly helper: Helper; readonly party: ToldParty | undefined } | undefined
  /** Only where no list names the issuer. */
  readonly warning: Localised | undefined
  /** By the name that the trust list gives; null where none does, whatever the record says of itself. */
  readonly issuer: ToldParty | null
  /** Who, what and when in a few words, for a table; undefined where nothing signed was read. */
  readonly summary:
    | { readonly family: Localised; readonly holder: string | undefined; readonly number: string; readonly what: Localised | string | undefined }
    | undefined
  readonly groups: readonly ToldGroup[]
  readonly checks: readonly ToldCheck[]
  readonly recognition: ToldDecision | null
  /** By when it stood in its issuer's log, which log, and the cities whose word it is; undefined where nothing proves it. */
  readonly logged: { readonly label: Localised; readonly at: Localised; readonly log: Localised; readonly by: Localised } | undefined
  /** When the list that the status was read from was signed, and how old it is. */
  readonly statusAsOf: ToldSource | undefined
  readonly verdict: Verdict | null
}
