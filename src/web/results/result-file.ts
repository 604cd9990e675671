import type { Language, Localised } from '#core/model/localised.ts'
import { loggedLabel } from '#core/verify/logged-texts.ts'
import type { Told } from '../judge/told.ts'
import type { Texts } from '../texts/texts.ts'

/** One result and the name that it was offered by. */
export interface NamedResult {
  readonly name: string
  readonly told: Told
}

/**
 * A table that spreadsheets open: UTF-8 with a byte order mark, CRLF, every cell quoted (RFC 4180). A cell that a spreadsheet would
 * take for a formula gets an apostrophe before it: names of files and of people come from outside.
 */
export function csvOf(results: readonly NamedResult[], { results: words, verdict, recognition }: Texts, language: Language): string {
  const say = (text: Localised | string | undefined): string => (text === undefined ? '' : typeof text === 'string' ? text : text[language])
  const header = [
    words.file,
    words.outcome,
    words.code,
    words.holder,
    words.number,
    words.family,
    words.issuer,
    verdict.because,
    recognition.place,
    recognition.heading,
    words.utc(verdict.checkedAt),
    words.utc(verdict.statusAsOf),
    words.utc(say(loggedLabel)),
    words.digest,
  ]
  const rows = results.map(({ name, told }) => [
    name,
    say(told.word),
    told.outcome,
    say(told.summary?.holder),
    say(told.summary?.number),
    say(told.summary?.family),
    say(told.issuer?.name),
    [...told.because, ...told.notes].map((reason) => `${say(reason.text)} [${reason.code}]`).join('; '),
    say(told.recognition?.place.name),
    [told.recognition?.word, told.recognition?.mode].flatMap((part) => (part === undefined ? [] : [say(part)])).join(language === 'zh' ? '，' : ', '),
    told.verdict?.at ?? '',
    told.statusAsOf?.issuedAt ?? '',
    told.verdict?.logged?.at ?? '',
    told.verdict?.evidence.digest ?? '',
  ])
  return `\ufeff${[header, ...rows].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')}`
}

const cellOf = (text: string): string => `"${(/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`

/** Everything for a program: the outcomes, and the verdicts as `verify` gave them. @param node the origin of the page that verified */
export function jsonOf(results: readonly NamedResult[], node: string): string {
  const codes = (reasons: Told['because']): readonly string[] => reasons.map(({ code }) => code)
  const told = results.map(({ name, told: { outcome, because, notes, asides, recognition, verdict } }) => ({
    file: name,
    outcome,
    because: codes(because),
    notes: codes(notes),
    asides: codes(asides),
    recognition: recognition === null ? null : { for: recognition.place.code, standing: recognition.standing },
    verdict,
  }))
  return `${JSON.stringify({ node, results: told }, null, 2)}\n`
}
