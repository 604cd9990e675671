import { describeRecord } from '#core/credential/describe-record.ts'
import { families } from '#core/credential/families.ts'
import { sourceOfRecognition } from '#core/credential/family/recognition.ts'
import type { Language } from '#core/model/localised.ts'
import type { Authority, Trust } from '#core/trust/assemble-trust.ts'
import type { SourceVersion } from '#core/trust/freshness.ts'
import type { VerdictReason } from '#core/verify/reason-texts.ts'
import { outcomeOf, textOfReason, type Examined, type Helper, type OutcomeReason } from '#core/verify/outcome.ts'
import { outcomeWords, unnamedIssuerWarning } from '#core/verify/outcome-words.ts'
import { describeLogged, loggedLabel } from '#core/verify/logged-texts.ts'
import { basisOf } from '#core/verify/check-basis.ts'
import { placeText } from '#core/verify/decision-texts.ts'
import { namesIn, noNames, sourceName, type TrustNames } from '#core/verify/trust-names.ts'
import { ageText, checkAnswerTexts, checkTexts, freshnessTexts, markOfCheck, sourceTexts } from '#core/verify/verdict-texts.ts'
import type { Check, Verdict } from '#core/verify/verdict.ts'
import { tellDecision } from './tell-decision.ts'
import type { Told, ToldCheck, ToldGroup, ToldLine, ToldParty, ToldReason, ToldSource } from './told.ts'

/**
 * Everything that is shown of one thing that was offered: the outcome first, then what it rests on.
 *
 * @param trust undefined where none is held
 * @param place the city that was asked about
 */
export function tell(examined: Examined, trust: Trust | undefined, bureau: ToldParty | undefined, place: string | undefined): Told {
  const outcome = outcomeOf(examined)
  const { word, sentence, next } = outcomeWords[outcome.id]
  const verdict = examined.kind === 'record' ? examined.verdict : null
  const record = verdict?.record ?? null
  const names = trust === undefined ? noNames : namesIn(trust)
  const groups = record === null ? [] : describeRecord(record, { maskIdentity: false, alliances: names.alliances })
  const named = verdict?.issuer ?? null
  const issuer = named === null ? null : partyOf(named)
  const recognition = verdict?.recognition ?? null
  return {
    outcome: outcome.id,
    word,
    sentence,
    next,
    because: outcome.because.map(tellReason),
    notes: outcome.notes.map(tellReason),
    asides: outcome.asides.map(tellReason),
    ask: outcome.ask === 'nobody' ? undefined : { helper: outcome.ask, party: partyToAsk(outcome.ask, { verdict, issuer, trust, bureau }) },
    warning: outcome.because.some(({ code, datum }) => code === 'issuer-unnamed' && datum === undefined) ? unnamedIssuerWarning : undefined,
    issuer,
    summary: record === null ? undefined : summaryOf(record, groups),
    groups,
    checks: verdict?.checks.map((check) => tellCheck(check, verdict, names)) ?? [],
    logged: verdict?.logged === undefined ? undefined : { label: loggedLabel, ...describeLogged(verdict.logged, names.authorities) },
    recognition:
      recognition === null || record === null || place === undefined
        ? null
        : tellDecision(recognition, { place, family: record.family }, names, notesOnRules(verdict)),
    statusAsOf: tellSource(verdict?.checks.find(({ id }) => id === 'status')?.source, names),
    verdict,
  }
}

const tellReason = ({ code, datum }: OutcomeReason): ToldReason => {
  const { zh, en, remedy } = textOfReason(code)
  return { code, text: { zh, en }, remedy, datum }
}

export const partyOf = ({ iss, division, name }: Pick<Authority, 'iss' | 'division' | 'name'>): ToldParty => ({
  name,
  place: placeText(division),
  iss,
})

interface Known {
  readonly verdict: Verdict | null
  readonly issuer: ToldParty | null
  readonly trust: Trust | undefined
  readonly bureau: ToldParty | undefined
}

function partyToAsk(helper: Helper, { verdict, issuer, trust, bureau }: Known): ToldParty | undefined {
  if (helper === 'issuer') return issuer ?? undefined
  if (helper === 'this-bureau') return bureau
  const record = verdict?.record ?? null
  if (helper !== 'source-issuer' || record === null) return undefined
  const source = sourceOfRecognition(families[record.family], record.claims)
  const authority = source === undefined ? undefined : trust?.authorities.get(source.iss)
  return authority === undefined ? undefined : partyOf(authority)
}

/** The line that says best what a document of each family is about. */
const mainMembers = ['titleAsIssued', 'title', 'qualification', 'occupation', 'injury', 'appraisal', 'stage', 'mode']

function summaryOf({ family, claims, disclosed }: NonNullable<Verdict['record']>, groups: readonly ToldGroup[]): NonNullable<Told['summary']> {
  const name = disclosed['name'] as { readonly name?: unknown } | undefined // the family's schema has read it
  const lines = groups.flatMap((group) => group.lines)
  const main = mainMembers.flatMap((member) => lines.find((line) => line.member === member || line.member.startsWith(`${member}.`)) ?? [])[0]
  return {
    family: families[family].display,
    holder: typeof name?.name === 'string' ? name.name : undefined,
    number: claims.number,
    what: family === 'recognition' ? whereRecognised(lines, main) : main?.value,
  }
}

/** A recognition by its mode alone would not say where it counts. */
function whereRecognised(lines: ToldGroup['lines'], mode: ToldLine | undefined): ToldLine['value'] | undefined {
  const place = lines.find(({ member }) => member === 'recognisedFor')
  if (mode === undefined || place === undefined) return mode?.value
  const said = (value: ToldLine['value'], language: Language): string => (typeof value === 'string' ? value : value[language])
  return {
    zh: `${said(mode.value, 'zh')}（${said(place.value, 'zh')}）`,
    en: `${said(mode.value, 'en')} (${said(place.value, 'en')})`,
  }
}

function tellCheck(check: Check, verdict: Verdict, names: TrustNames): ToldCheck {
  const { id, reason } = check
  const { datum, source } = basisOf(check, verdict, names)
  const mark = markOfCheck(check)
  return {
    id,
    name: checkTexts[id],
    mark,
    answerText: checkAnswerTexts[mark],
    reason: reason === undefined ? undefined : tellReason({ code: reason }),
    datum,
    source: tellSource(source, names),
  }
}

function tellSource(source: SourceVersion | undefined, names: TrustNames): ToldSource | undefined {
  if (source === undefined) return undefined
  const { kind, version, issuedAt, ageSeconds, freshness } = source
  return {
    kind: sourceTexts[kind],
    name: sourceName(source, names),
    version,
    issuedAt,
    age: ageSeconds === undefined ? undefined : ageText(ageSeconds),
    freshness: freshness === undefined ? undefined : { id: freshness, text: freshnessTexts[freshness] },
  }
}

const ruleNotes: ReadonlySet<VerdictReason> = new Set(['rule-set-stale', 'rule-set-expired'])

const notesOnRules = (verdict: Verdict | null): readonly ToldReason[] => (verdict?.notes ?? []).filter(({ code }) => ruleNotes.has(code)).map(tellReason)
