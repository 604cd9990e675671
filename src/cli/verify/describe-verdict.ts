import { describeInstant } from '#core/credential/describe-date.ts'
import { describeRecord, namedMembers } from '#core/credential/describe-record.ts'
import { families } from '#core/credential/families.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { Language, Localised } from '#core/model/localised.ts'
import { standingOf } from '#core/rules/decision.ts'
import { standingTexts } from '#core/rules/outcome-texts.ts'
import type { SourceVersion } from '#core/trust/freshness.ts'
import { loggedLabel, loggedLine } from '#core/verify/logged-texts.ts'
import { verdictReasonTexts } from '#core/verify/reason-texts.ts'
import { sourceName, type TrustNames } from '#core/verify/trust-names.ts'
import type { Check, Verdict } from '#core/verify/verdict.ts'
import { datumText } from '#core/verify/datum-text.ts'
import { placeText } from '#core/verify/decision-texts.ts'
import { describeDecision } from '#core/verify/describe-decision.ts'
import { ageText, checkTexts, freshnessTexts, markOfCheck, marks, sentences, sourceTexts, truthTexts } from '#core/verify/verdict-texts.ts'

/** A verdict in words: the answer, what was signed, by when it stood in the log, each check with its datum, its source and that source's age, and what it counts for. */
export function describeVerdict(verdict: Verdict, names: TrustNames, language: Language): string {
  const say = (text: Localised): string => text[language]
  const { answer, at, policy, issuer, record, logged, checks, notes, recognition } = verdict
  const lines = [`${marks[answer]} ${say(truthTexts[answer])}${say(colon)}${say(sentences[answer])} (${say(describeInstant(secondsOf(at)))}, ${policy})`]
  if (issuer !== null) lines.push('', `${say(checkTexts.issuer)}: ${say(issuer.name)} (${issuer.division}, ${issuer.iss})`)
  if (record !== null) lines.push(...tellRecord(record, names, say))
  if (logged !== undefined) lines.push('', `${say(loggedLabel)}: ${say(loggedLine(logged, names.authorities))}`)
  lines.push('', ...checks.flatMap((check) => describeCheck(check, names, say)))
  if (notes.length > 0) lines.push('', ...notes.map(({ code, datum }) => `! ${say(verdictReasonTexts[code])}${datum === undefined ? '' : ` (${datum})`}`))
  if (recognition !== null) lines.push('', ...describeDecision(recognition, record?.family, names, language))
  return lines.join('\n')
}

const colon: Localised = { zh: '：', en: ': ' }

type Say = (text: Localised) => string

/** What stands in it, as page and sheet say it; what only machines need is in the JSON. */
function tellRecord(record: NonNullable<Verdict['record']>, names: TrustNames, say: Say): readonly string[] {
  const { family: id, claims } = record
  const groups = describeRecord(record, { maskIdentity: false, alliances: names.alliances })
  const lines = ['content', 'holder', 'other'].flatMap((group) => groups.find((described) => described.id === group)?.lines ?? [])
  return [
    `  ${say(families[id].display)}: ${claims.number} · ${claims.issuedBy} (${say(placeText(claims.division))})`,
    ...lines.map(({ member, label, value, code }) => {
      const text = typeof value === 'string' ? value : say(value)
      return `  ${say(label)}: ${text}${namedMembers.has(member) && code !== undefined ? ` (${code})` : ''}`
    }),
  ]
}

function describeCheck(check: Check, names: TrustNames, say: Say): readonly string[] {
  const { id, answer, reason, source } = check
  const datum = datumText(check)
  const why = reason === undefined ? '' : `: ${say(verdictReasonTexts[reason])} [${reason}]`
  const lines = [
    `${marks[markOfCheck(check)]} ${say(checkTexts[id])}${why}${datum === undefined ? '' : ` · ${typeof datum === 'string' ? datum : say(datum)}`}`,
  ]
  if (source !== undefined) lines.push(`    ${describeSource(source, names, say)}`)
  if (answer !== 'yes' && reason !== undefined) lines.push(`    → ${say(verdictReasonTexts[reason].remedy)}`)
  return lines
}

function describeSource(source: SourceVersion, names: TrustNames, say: Say): string {
  const { kind, version, issuedAt, ageSeconds, freshness } = source
  const parts = [
    `${say(sourceTexts[kind])} ${say(sourceName(source, names))}`,
    version === undefined ? undefined : `v${version}`,
    issuedAt === undefined ? undefined : say(describeInstant(secondsOf(issuedAt))),
    ageSeconds === undefined ? undefined : say(ageText(ageSeconds)),
    freshness === undefined ? undefined : say(freshnessTexts[freshness]),
  ]
  return parts.filter((part) => part !== undefined).join(' · ')
}

/** One record of many, on one line: its number in the file, the answers, and the check that decided. */
export function rowOfVerdict({ answer, checks, record, recognition }: Verdict, index: number, file: string | undefined, language: Language): string {
  const say = (text: Localised): string => text[language]
  const decisive = checks.find((check) => check.answer === 'no') ?? checks.find((check) => check.answer === 'cannot-tell')
  const why =
    decisive === undefined
      ? ''
      : `${say(checkTexts[decisive.id])}${decisive.reason === undefined ? '' : `: ${say(verdictReasonTexts[decisive.reason])} [${decisive.reason}]`}`
  const counts = recognition === null ? '' : `${say({ zh: '互认', en: 'recognition' })}: ${say(standingTexts[standingOf(recognition)])} [${recognition.mode}]`
  const parts = [`${file === undefined ? '' : `${file}:`}${index}`, `${marks[answer]} ${say(truthTexts[answer])}`, record?.claims.number ?? '', why, counts]
  return parts.filter((part) => part !== '').join('  ')
}
