import { z } from 'zod'

import { PartialDate } from '../../model/partial-date.ts'
import { skillLevels } from '../../model/skill-level.ts'
import { readSkillNumber } from '../../model/skill-number.ts'
import { readSocialCreditCode } from '../../model/social-credit-code.ts'
import { Line } from '../envelope.ts'
import { personalCodes, skillLevelTexts } from '../code-texts.ts'
import { family, type LintFinding } from '../family.ts'
import { birthOf, lintAge, lintDates, lintPerson } from '../lint-person.ts'
import { personal, personalLabels } from '../personal.ts'

export const EvaluationBody = z
  .strictObject({
    name: Line,
    uscc: z
      .string()
      .regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/)
      .optional(),
    kind: z.enum(['employer', 'socialOrganisation']).optional(),
  })
  .meta({ id: 'EvaluationBody', description: '评价机构: its name, unified social credit code (GB 32100) and kind' })

const regimeTexts = {
  skillLevelRecognition: { zh: '职业技能等级认定', en: 'Skill-level recognition' },
  skillAppraisal: { zh: '职业技能鉴定', en: 'Vocational skill appraisal' },
}

const bodyKindTexts = {
  employer: { zh: '用人单位', en: 'Employer' },
  socialOrganisation: { zh: '社会培训评价组织', en: 'Social training-evaluation organisation' },
}

/** 职业技能等级 (recognition, since 2020) and 职业技能鉴定 (appraisal, before). */
export const skill = family({
  id: 'skill',
  code: 3,
  display: { zh: '职业技能等级', en: 'Vocational skill level' },
  expires: false,
  body: {
    occupation: Line,
    occupationCode: z
      .string()
      .regex(/^[1-8]-\d{2}-\d{2}-\d{2}$/)
      .optional(),
    workType: Line.optional(),
    level: z.enum(skillLevels),
    regime: z.enum(['skillLevelRecognition', 'skillAppraisal']),
    evaluationBody: EvaluationBody,
    filedInOsta: z.boolean().optional(),
    obtainedOn: PartialDate.optional(),
    issuedOn: PartialDate,
  },
  personal,
  labels: {
    occupation: { zh: '职业名称', en: 'Occupation' },
    occupationCode: { zh: '职业编码', en: 'Occupation code' },
    workType: { zh: '工种/职业方向', en: 'Work type' },
    level: { zh: '职业技能等级', en: 'Skill level' },
    regime: { zh: '评价方式', en: 'Regime' },
    evaluationBody: { zh: '评价机构', en: 'Evaluation body' },
    filedInOsta: { zh: '已上传技能人才评价网', en: 'Filed in the national skills register' },
    obtainedOn: { zh: '取得时间', en: 'Date obtained' },
    issuedOn: { zh: '发证日期', en: 'Date of issue' },
    ...personalLabels,
  },
  codes: { ...personalCodes, level: skillLevelTexts, regime: regimeTexts, evaluationBody: bodyKindTexts },
  lint: (body, person, context) => {
    const findings: LintFinding[] = [...lintPerson(person, context)]
    if (context.number !== undefined && numberContradictsLevel(context.number, body.level))
      findings.push({ member: 'number', code: 'number-level-mismatch', severity: 'refusal' })
    findings.push(...lintCreditCode(body.evaluationBody.uscc))
    findings.push(...lintAge(birthOf(person, context), 'issuedOn', body.issuedOn))
    findings.push(
      ...lintDates(
        [
          ['obtainedOn', body.obtainedOn],
          ['issuedOn', body.issuedOn],
        ],
        context,
      ),
    )
    return findings
  },
  facts: (body) => ({
    level: body.level,
    // Left out when nobody has said whether it was uploaded: unknown, not false.
    ...(body.filedInOsta === undefined ? {} : { skillFiledInOsta: body.filedInOsta }),
    ...(body.obtainedOn === undefined ? {} : { obtainedOn: body.obtainedOn }),
    issuedOn: body.issuedOn,
  }),
  rank: (body) => skillLevels.indexOf(body.level) + 1,
  dated: (body) => body.issuedOn,
})

/** Whether a skill certificate's number says the same level as the certificate (number layouts: `skill-number.ts`). */
export function numberContradictsLevel(number: string, level: string): boolean {
  const reading = readSkillNumber(number)
  return reading.ok && reading.value.level !== undefined && reading.value.level !== level
}

/** Codes that fail their check have been issued all the same (GB 32100 notwithstanding): whoever approves has seen the licence, and names the warning. */
function lintCreditCode(code: string | undefined): readonly LintFinding[] {
  if (code === undefined) return []
  const reading = readSocialCreditCode(code, { allowFailingCheck: true })
  if (!reading.ok) return [{ member: 'evaluationBody', code: reading.reason, severity: 'refusal' }]
  return reading.warnings.map((warning) => ({ member: 'evaluationBody', code: warning, severity: 'warning' }))
}
