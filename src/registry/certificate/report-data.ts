import { describeRecord } from '#core/credential/describe-record.ts'
import { describeInstant } from '#core/credential/describe-date.ts'
import { families } from '#core/credential/families.ts'
import { recordLimits } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import type { Engine } from '#core/crypto/engine.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { Localised } from '#core/model/localised.ts'
import { standingOf, type Decision } from '#core/rules/decision.ts'
import type { SourceVersion } from '#core/trust/freshness.ts'
import { basisOf } from '#core/verify/check-basis.ts'
import { decisionHead, decisionLines } from '#core/verify/describe-decision.ts'
import { loggedLine } from '#core/verify/logged-texts.ts'
import { outcomeOf } from '#core/verify/outcome.ts'
import { outcomeWords } from '#core/verify/outcome-words.ts'
import { verdictReasonTexts } from '#core/verify/reason-texts.ts'
import { sourceName, type TrustNames } from '#core/verify/trust-names.ts'
import { ageText, checkTexts, freshnessTexts, markOfCheck, markOfStanding, sentences, sourceTexts, type Mark } from '#core/verify/verdict-texts.ts'
import type { Check, Note, Verdict } from '#core/verify/verdict.ts'
import {
  attachmentOf,
  proofAttachmentOf,
  withoutIdentity,
  sheetDate,
  sheetGroup,
  type Attachment,
  type SheetDate,
  type SheetGroup,
} from './certificate-data.ts'

/** What a verification report is made of. */
export interface ReportInput {
  readonly verdict: Verdict
  /** Who asked and answers for the report. */
  readonly verifier: Localised
  readonly maskIdentity: boolean
  /** Address of the page where anybody verifies it again. */
  readonly verifyAt: string
  /** The record that was verified, attached as it was handed over, but for an identity number that is masked. Leave it out where it is no record. */
  readonly record?: string | undefined
  /** Its log proof, as it was handed over; attached beside the record where it proved the time. */
  readonly proof?: string | undefined
  /** By the trust that the verdict was given by. */
  readonly names: TrustNames
}

interface ReportCheck {
  readonly mark: Mark
  readonly name: Localised
  readonly reason: Localised | null
  readonly remedy: Localised | null
  /** A text of no language has one form. */
  readonly datum: { readonly zh: string; readonly en?: string } | null
  readonly source: Localised | null
}

/** What `report.typ` is given. */
export interface ReportData {
  readonly template: 'report'
  readonly verifier: Localised
  readonly answer: { readonly mark: Mark; readonly word: Localised; readonly sentence: Localised }
  readonly at: Localised
  readonly policy: string
  readonly digest: string
  readonly date: SheetDate
  readonly issuer: { readonly name: Localised; readonly iss: string; readonly division: string } | null
  /** The record names an issuer that no trust list names. */
  readonly unnamed: boolean
  readonly kind: Localised | null
  readonly number: string
  readonly groups: readonly SheetGroup[]
  readonly checks: readonly ReportCheck[]
  readonly notes: readonly { readonly text: Localised; readonly datum: string }[]
  /** What it counts for: the outcome, then line by line; null where it was not asked. */
  readonly recognition: { readonly mark: Mark; readonly head: Localised; readonly lines: readonly Localised[] } | null
  readonly masked: boolean
  readonly verifyAt: string
  /** By when it stood in the log, and by whose word; null where nothing proves it. */
  readonly logged: Localised | null
  readonly attachment: Attachment | null
  readonly proof: Attachment | null
}

/** Faults: `bytes-too-many` for a record that is larger than any can be; a thread that was handed too much would end the whole process. */
export function reportData({ verdict, verifier, maskIdentity, verifyAt, record: text, proof, names }: ReportInput, engine: Pick<Engine, 'sha256'>): ReportData {
  if (text !== undefined && text.length > recordLimits.bytes) throw new Fault('bytes-too-many', { at: 'record' })
  const { answer, at, policy, evidence, issuer, record, logged, checks, notes, recognition } = verdict
  const { id: outcome } = outcomeOf({ kind: 'record', verdict, notes: [] })
  const number = record?.claims.number ?? ''
  const masked = maskIdentity && text !== undefined && record?.disclosed['identity'] !== undefined
  return {
    template: 'report',
    verifier,
    answer: { mark: outcome === 'genuine-with-note' ? 'attention' : answer, word: outcomeWords[outcome].word, sentence: sentences[answer] },
    at: describeInstant(secondsOf(at)),
    policy,
    digest: evidence.digest ?? '',
    date: sheetDate(secondsOf(at)),
    issuer: issuer === null ? null : { name: issuer.name, iss: issuer.iss, division: issuer.division },
    unnamed: checks.some(({ reason }) => reason === 'issuer-unnamed'),
    kind: record === null ? null : families[record.family].display,
    number,
    groups: record === null ? [] : describeRecord(record, { maskIdentity, alliances: names.alliances }).map(sheetGroup),
    checks: checks.map((check) => reportCheck(check, verdict, names)),
    notes: notes.map(({ code, datum = '' }: Note) => ({ text: words(verdictReasonTexts[code]), datum })),
    recognition: recognition === null ? null : reportDecision(recognition, record?.family, names),
    masked,
    verifyAt,
    logged: logged === undefined ? null : loggedLine(logged, names.authorities),
    proof: logged === undefined || text === undefined || proof === undefined ? null : proofAttachmentOf(number, proof),
    attachment: text === undefined ? null : attachmentOf(number === '' ? 'record' : number, masked ? withoutIdentity(text, record.disclosed, engine) : text),
  }
}

const words = ({ zh, en }: Localised): Localised => ({ zh, en })

const reportDecision = (decision: Decision, family: FamilyId | undefined, names: TrustNames): ReportData['recognition'] => ({
  mark: markOfStanding(standingOf(decision)),
  head: decisionHead(decision),
  lines: inBoth(decisionLines(decision, family, names, 'zh'), decisionLines(decision, family, names, 'en')),
})

function reportCheck(check: Check, verdict: Verdict, names: TrustNames): ReportCheck {
  const { id, answer, reason } = check
  const { datum, source } = basisOf(check, verdict, names)
  const text = reason === undefined ? undefined : verdictReasonTexts[reason]
  return {
    mark: markOfCheck(check),
    name: checkTexts[id],
    reason: text === undefined ? null : words(text),
    remedy: text === undefined || answer === 'yes' ? null : text.remedy,
    datum: datum === undefined ? null : typeof datum === 'string' ? { zh: datum } : datum,
    source: source === undefined ? null : sourceText(source, names),
  }
}

/** Which file it rests on: kind, whose, version, age, how far it can be relied on. */
function sourceText(source: SourceVersion, names: TrustNames): Localised {
  const { kind, version, ageSeconds, freshness } = source
  const name = sourceName(source, names)
  const say = (language: keyof Localised): string =>
    [
      // The record's digest stands above the checks.
      kind === 'record' ? sourceTexts.record[language] : `${sourceTexts[kind][language]} ${name[language]}`,
      version === undefined ? undefined : `v${version}`,
      ageSeconds === undefined ? undefined : ageText(ageSeconds)[language],
      freshness === undefined ? undefined : freshnessTexts[freshness][language],
    ]
      .filter((part) => part !== undefined)
      .join(' · ')
  return { zh: say('zh'), en: say('en') }
}

/** The same lines in both languages, side by side. */
const inBoth = (zh: readonly string[], en: readonly string[]): readonly Localised[] => zh.map((line, index) => ({ zh: line, en: en[index]! })) // one structure, two languages
