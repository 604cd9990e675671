import { Fault, type FaultFinding } from '#core/fault.ts'
import { faultTexts } from '#core/fault-texts.ts'
import { findingTexts } from '#core/model/finding-texts.ts'
import type { Language, Localised } from '#core/model/localised.ts'
import { reasonTexts } from '#core/rules/reason-texts.ts'
import { factTexts } from '#core/rules/fact-texts.ts'
import { verdictReasonTexts } from '#core/verify/reason-texts.ts'
import { CliFault, cliFaultTexts } from './cli-fault.ts'
import { exitOf, type Exit } from './exit-codes.ts'
import type { Shell } from './shell.ts'

export interface ToldFault {
  readonly code: string
  readonly message: string
  readonly at?: string
  readonly detail?: string
  readonly remedy: string
  readonly findings?: readonly ToldFinding[]
}

export interface ToldFinding extends FaultFinding {
  readonly message?: string
  readonly remedy?: string
}

/** A fault in the reader's language: code, text, place, remedy. Undefined for what is not a fault but a defect of the program. */
export function toldFault(error: unknown, language: Language): ToldFault | undefined {
  if (!(error instanceof Fault || error instanceof CliFault)) return undefined
  const { [language]: message, remedy } = error instanceof Fault ? faultTexts[error.code] : cliFaultTexts[error.code]
  const findings = error instanceof Fault ? error.findings.map((finding) => toldFinding(finding, language)) : []
  return {
    code: error.code,
    message,
    ...(error.at === undefined ? {} : { at: error.at }),
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    remedy: remedy[language],
    ...(findings.length === 0 ? {} : { findings }),
  }
}

interface CodeText extends Localised {
  readonly remedy?: Localised
}

/** Warnings that somebody should look into before the draft is approved. In JSON they stand in the answer. */
export function noteWarnings(shell: Shell, warnings: readonly ToldFinding[]): void {
  if (shell.json) return
  for (const { at, code, message, remedy } of warnings) shell.note(`! ${at}: ${message ?? code} [${code}]${remedy === undefined ? '' : ` → ${remedy}`}`)
}

/** Texts of the codes that a fault's findings can carry, whichever table they are of. */
function textOf(code: string, at: string): CodeText | undefined {
  if (code in findingTexts) {
    const { message, remedy } = findingTexts[code as keyof typeof findingTexts] // just looked up
    return { ...message, remedy }
  }
  if (code in verdictReasonTexts) return verdictReasonTexts[code as keyof typeof verdictReasonTexts] // the same
  if (code in reasonTexts) return reasonTexts[code as keyof typeof reasonTexts] // the same
  return at in factTexts ? factTexts[at as keyof typeof factTexts].question : undefined // the same
}

export function toldFinding(finding: FaultFinding, language: Language): ToldFinding {
  const text = textOf(finding.code, finding.at)
  if (text === undefined) return { at: finding.at, code: finding.code }
  return { at: finding.at, code: finding.code, message: text[language], ...(text.remedy === undefined ? {} : { remedy: text.remedy[language] }) }
}

export function faultLines({ code, message, at, detail, remedy, findings = [] }: ToldFault): string {
  const place = [at, detail].filter((part) => part !== undefined).join(' · ')
  return [
    `comity: ${message} [${code}]${place === '' ? '' : ` ${place}`}`,
    ...findings.map(
      (finding) => `  - ${finding.at}: ${finding.message ?? finding.code} [${finding.code}]${finding.remedy === undefined ? '' : ` → ${finding.remedy}`}`,
    ),
    `  → ${remedy}`,
  ].join('\n')
}

export const exitOfError = (error: unknown): Exit =>
  error instanceof Fault ? exitOf(error.code) : error instanceof CliFault ? cliFaultTexts[error.code].exit : 'broken'
