import type { Problem } from '#contract/schemas.ts'
import { Fault, type FaultFinding } from '#core/fault.ts'
import { faultTexts } from '#core/fault-texts.ts'
import { findingTexts } from '#core/model/finding-texts.ts'
import type { Localised } from '#core/model/localised.ts'
import { factTexts } from '#core/rules/fact-texts.ts'
import { reasonTexts } from '#core/rules/reason-texts.ts'
import { verdictReasonTexts } from '#core/verify/reason-texts.ts'
import { isOurs, statusOfFault } from './status-of-fault.ts'

export const problemType = 'application/problem+json'

/**
 * What a caller is told (RFC 9457): the same for the same fault, so that nothing can be read out of a difference. What went wrong on
 * this side is told by its code and an id that the log knows; its detail stays here.
 *
 * @param instance names the occurrence; given and shown only where the fault is ours
 */
export function problemOf(fault: Fault, instance: string): Problem {
  const { code, at, detail, findings } = fault
  const { zh, en, remedy } = faultTexts[code]
  const status = statusOfFault[code]
  const ours = isOurs(code)
  return {
    type: `https://comity.example/problems/${code}`,
    status,
    code,
    title: zh,
    titleEn: en,
    remedy: remedy.zh,
    remedyEn: remedy.en,
    ...(at === undefined || ours ? {} : { at }),
    ...(detail === undefined || ours ? {} : { detail }),
    ...(findings.length === 0 || ours ? {} : { findings: findings.map(explained) }),
    ...(ours ? { instance: `urn:uuid:${instance}` } : {}),
  }
}

/** Whatever was thrown, as a fault. What nobody has foreseen is `internal` and keeps its cause for the log. */
export const faultOfError = (error: unknown): Fault => (error instanceof Fault ? error : new Fault('internal', { cause: error }))

function explained({ at, code }: FaultFinding): { readonly at: string; readonly code: string; readonly title: string; readonly titleEn: string } {
  const { zh, en } = textOf(code, at)
  return { at, code, title: zh, titleEn: en }
}

function textOf(code: string, at: string): Localised {
  if (code === 'fact-missing' && isKeyOf(factTexts, at))
    return { zh: `待确认：${factTexts[at].question.zh}`, en: `To be confirmed: ${factTexts[at].question.en}` }
  if (isKeyOf(findingTexts, code)) return findingTexts[code].message
  if (isKeyOf(verdictReasonTexts, code)) return verdictReasonTexts[code]
  if (isKeyOf(reasonTexts, code)) return reasonTexts[code]
  return { zh: code, en: code }
}

const isKeyOf = <Table extends object>(table: Table, key: PropertyKey): key is keyof Table => Object.hasOwn(table, key)
