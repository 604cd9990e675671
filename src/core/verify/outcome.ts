import type { signedFormFaults } from '../fault-texts/signed-form.ts'
import { carrierTexts, nothingTexts, unreadTexts, type CarrierNote, type FoundText, type NothingReason, type UnreadReason } from './found-texts.ts'
import { verdictReasonTexts, type OwnReason, type VerdictReason } from './reason-texts.ts'
import type { Verdict } from './verdict.ts'

/** What a person is told. Five, never merged: *not valid* is not *cannot be checked*, and neither is *nothing to check*. */
export const outcomeIds = ['genuine', 'genuine-with-note', 'not-valid', 'nothing-to-check', 'cannot-check-now'] as const
export type OutcomeId = (typeof outcomeIds)[number]

/** What came of something that was offered: a verdict on a record that it carried, or why there is none. */
export type Examined =
  | { readonly kind: 'record'; readonly verdict: Verdict; readonly notes: readonly CarrierNote[] }
  | { readonly kind: 'nothing'; readonly why: NothingReason }
  | { readonly kind: 'unread'; readonly why: UnreadReason }

/**
 * Who can help. `issuer`: the bureau that issued it, as the trust list names it. `source-issuer`: the one that issued what was
 * recognised. `this-bureau`: the bureau whose page this is, where no list names the issuer, so that nobody is sent to an address that
 * a forger chose. `bearer`: whoever offered it. `nobody`: the reader can do it alone.
 */
export type Helper = 'issuer' | 'source-issuer' | 'this-bureau' | 'bearer' | 'nobody'

export interface OutcomeReason {
  readonly code: VerdictReason | CarrierNote | NothingReason | UnreadReason
  readonly datum?: string
}

export interface Outcome {
  readonly id: OutcomeId
  /** Why it is not genuine, the one that decides first. Empty for both genuine ones. */
  readonly because: readonly OutcomeReason[]
  /** What a reader must know before acting on it: with one of them, genuine is *genuine with a note*. */
  readonly notes: readonly OutcomeReason[]
  /** What is as true of every record today: said with each, always in the same place, and it colours none. */
  readonly asides: readonly OutcomeReason[]
  readonly ask: Helper
}

/** Every reason that `verify` can give: its own, and those of strict parsing. */
type CheckedReason = OwnReason | keyof typeof signedFormFaults

interface Treatment {
  readonly ask: Helper
  /** Beside a yes: whether a reader has to know it. `recognition`: it concerns what the record counts for and is said there. */
  readonly beside: 'note' | 'aside' | 'recognition'
  /** Beside a cannot-tell. */
  readonly unknown: 'cannot-check-now' | 'nothing-to-check'
}

const asked = (ask: Helper, beside: Treatment['beside'] = 'note'): Treatment => ({ ask, beside, unknown: 'cannot-check-now' })

/** The content came damaged or changed: whoever offered it may hold the unchanged original. */
const damaged = asked('bearer')

/**
 * What each reason comes to. A *no* is always *not valid*; a *cannot tell* and a word beside a *yes* are decided here, reason by reason.
 *
 * `time-unproven` is an aside. Nothing on paper and no record alone carries a proof of time, so nearly every verdict says so: a note that is on
 * all of them would teach people to read past the notes that matter. What does hang on the time of signing is asked by checks
 * of its own (a key that is closed, an issuer that has left), and these answer *cannot tell*. A policy that requires the proof gets
 * *cannot check now* from the same reason.
 */
const treatments: Readonly<Record<CheckedReason, Treatment>> = {
  'not-a-record': { ask: 'bearer', beside: 'note', unknown: 'nothing-to-check' },
  'family-unknown': asked('nobody'),
  'key-binding-unsupported': asked('bearer'),
  'issuer-unnamed': asked('this-bureau'),
  'issuer-disputed': asked('this-bureau'),
  'manifest-missing': asked('nobody'),
  'manifest-expired': asked('nobody'),
  'manifest-stale': asked('nobody'),
  'manifest-older-than-record': asked('nobody'),
  'key-not-listed': asked('issuer'),
  'key-use-differs': asked('issuer'),
  'signature-wrong': asked('issuer'),
  'content-refused': asked('issuer'),
  'time-unproven': asked('nobody', 'aside'),
  'log-proof-refused': asked('bearer'),
  'log-proof-differs': asked('bearer'),
  'log-quorum-missed': asked('issuer', 'aside'),
  'log-quorum-unset': asked('nobody', 'aside'),
  'record-from-future': asked('issuer'),
  'key-outside-window': asked('issuer'),
  'key-not-in-force': asked('issuer'),
  'key-compromised': asked('issuer'),
  'key-scope-exceeded': asked('issuer'),
  'issuer-not-authorised': asked('this-bureau'),
  'issuer-no-longer-authorised': asked('issuer'),
  'alliance-list-expired': asked('nobody'),
  'alliance-list-stale': asked('nobody'),
  'alliance-list-missing': asked('nobody'),
  'rule-set-expired': asked('nobody', 'recognition'),
  'rule-set-stale': asked('nobody', 'recognition'),
  'record-expired': asked('issuer'),
  'registration-expired': asked('issuer'),
  'status-list-missing': asked('nobody'),
  'status-list-expired': asked('nobody'),
  'status-list-stale': asked('nobody'),
  'status-index-out-of-range': asked('issuer'),
  'status-uri-foreign': asked('issuer'),
  'status-before-list': asked('issuer'),
  'status-suspended': asked('issuer'),
  'status-revoked': asked('issuer'),
  'status-penalty': asked('issuer'),
  'status-cancelled': asked('issuer'),
  'status-voided': asked('issuer'),
  'source-revoked': asked('source-issuer'),
  'status-unexplained': asked('issuer'),
  imported: asked('issuer'),
  'bytes-too-many': damaged,
  'text-not-utf8': damaged,
  'json-malformed': damaged,
  'json-too-deep': damaged,
  'json-member-repeated': damaged,
  'json-member-forbidden': damaged,
  'json-surrogate-lone': damaged,
  'base64url-malformed': damaged,
  'jws-malformed': damaged,
  'jws-algorithm-refused': damaged,
  'jws-header-refused': damaged,
  'jws-type-refused': damaged,
  'key-weak': damaged,
  'key-malformed': damaged,
  'key-private': damaged,
  'key-id-differs': damaged,
  'sd-jwt-malformed': damaged,
  'sd-jwt-hash-refused': damaged,
  'disclosure-malformed': damaged,
  'disclosure-unreferenced': damaged,
  'disclosure-repeated': damaged,
  'disclosure-name-refused': damaged,
  'disclosure-claim-collides': damaged,
  'disclosure-unknown': damaged,
  'key-binding-unexpected': damaged,
  'deflate-malformed': damaged,
  'status-list-malformed': damaged,
  'sealed-damaged': damaged,
  'passphrase-wrong': damaged,
  'passphrase-too-short': damaged,
  'passphrase-file-unsafe': damaged,
  'passphrase-file-unreadable': damaged,
}

/** A fault that no reading of a record raises today is treated as damage, so that the function is total over every reason. */
const treatmentOf = (code: VerdictReason): Treatment => (Object.hasOwn(treatments, code) ? treatments[code as CheckedReason] : damaged) // looked up

const carrierWeights: Readonly<Record<CarrierNote, 'note' | 'aside'>> = {
  'several-records': 'note',
  'attachment-unread': 'note',
  'pdf-changed-after-issue': 'note',
  'other-attachments': 'note',
  'other-proofs': 'note',
  'two-kinds-of-file': 'note',
  'not-all-read': 'note',
  // A photograph of a desk shows the codes of other things; which record was judged is said by its signed content.
  'other-codes': 'aside',
}

/** The one of five that a person is told. Pure and total: the same examination always comes to the same outcome. */
export function outcomeOf(examined: Examined): Outcome {
  if (examined.kind === 'nothing') return { id: 'nothing-to-check', because: [{ code: examined.why }], notes: [], asides: [], ask: 'bearer' }
  if (examined.kind === 'unread')
    return { id: 'cannot-check-now', because: [{ code: examined.why }], notes: [], asides: [], ask: helpsItself.has(examined.why) ? 'nobody' : 'bearer' }
  const { verdict, notes: carrier } = examined
  const because: readonly OutcomeReason[] = verdict.checks.flatMap(({ answer, reason, datum }) =>
    answer === verdict.answer && answer !== 'yes' && reason !== undefined ? [{ code: reason, ...(datum === undefined ? {} : { datum }) }] : [],
  )
  const besides = (weight: Treatment['beside']): readonly OutcomeReason[] => [
    ...verdict.notes.filter(({ code }) => treatmentOf(code).beside === weight),
    ...carrier.filter((note) => carrierWeights[note] === weight).map((code) => ({ code })),
  ]
  const notes = unrepeated(besides('note'))
  const asides = unrepeated(besides('aside'))
  if (verdict.answer === 'yes') {
    const id = notes.length === 0 ? 'genuine' : 'genuine-with-note'
    return { id, because: [], notes, asides, ask: verdict.notes.some(({ code }) => treatmentOf(code).beside === 'note') ? 'issuer' : 'nobody' }
  }
  const deciding = treatmentOf(because[0]!.code as VerdictReason) // every check that is not a yes has its reason
  const ask = deciding.ask === 'issuer' && verdict.issuer === null ? 'this-bureau' : deciding.ask
  return { id: verdict.answer === 'no' ? 'not-valid' : deciding.unknown, because, notes, asides, ask }
}

/** What the reader can mend without anybody: another connection, another try. */
const helpsItself: ReadonlySet<UnreadReason> = new Set([
  'file-unreadable',
  'picture-too-large',
  'picture-kind-unread',
  'code-too-new',
  'reader-unavailable',
  'trust-not-held',
])

/** Two files that are both stale are one thing to know. */
const unrepeated = (reasons: readonly OutcomeReason[]): readonly OutcomeReason[] =>
  [...new Map(reasons.toReversed().map((reason) => [reason.code, reason])).values()].toReversed()

/** What a reason says in both languages, with its remedy. */
export function textOfReason(code: OutcomeReason['code']): FoundText {
  if (Object.hasOwn(verdictReasonTexts, code)) return verdictReasonTexts[code as VerdictReason] // looked up, as below
  return foundTexts[code as CarrierNote | NothingReason | UnreadReason]
}

const foundTexts: Readonly<Record<CarrierNote | NothingReason | UnreadReason, FoundText>> = { ...carrierTexts, ...nothingTexts, ...unreadTexts }
