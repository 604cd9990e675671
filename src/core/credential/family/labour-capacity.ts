import { z } from 'zod'

import { DivisionCode } from '../../model/division-code.ts'
import type { Localised } from '../../model/localised.ts'
import { PartialDate } from '../../model/partial-date.ts'
import { Line } from '../envelope.ts'
import { personalCodes } from '../code-texts.ts'
import { family } from '../family.ts'
import { birthOf, lintAge, lintDates, lintPerson } from '../lint-person.ts'
import { lintPlace } from '../lint-texts.ts'
import { personal, personalLabels } from '../personal.ts'

/** 初次鉴定、再次鉴定 (provincial, final)、复查鉴定 (工伤保险条例 art. 23–28). */
export const appraisalStages = ['first', 'second', 'review'] as const

const stageTexts: Readonly<Record<(typeof appraisalStages)[number], Localised>> = {
  first: { zh: '初次鉴定', en: 'First appraisal' },
  second: { zh: '再次鉴定', en: 'Second appraisal' },
  review: { zh: '复查鉴定', en: 'Review appraisal' },
}

export const Appraisal = z
  .strictObject({
    /** 1 (most severe) to 10; 0 is 未达级: no grade reached. */
    disabilityGrade: z.int().min(0).max(10),
    /** 1 完全, 2 大部分, 3 部分不能自理; 0 none. */
    careGrade: z.int().min(0).max(3),
    clause: Line.optional(),
  })
  .meta({ id: 'Appraisal', description: 'Grades of GB/T 16180: health data and disability status, disclosed only on their own (PIPL art. 28)' })

/** 劳动能力鉴定. A conclusion stays in force until another one supersedes it: a chain, never an expiry date. */
export const labourCapacity = family({
  id: 'labour-capacity',
  code: 5,
  display: { zh: '劳动能力鉴定', en: 'Labour-capacity appraisal' },
  expires: false,
  body: {
    stage: z.enum(appraisalStages),
    insuredPlace: DivisionCode.optional(),
    appraisalCommittee: Line,
    injuryDecisionNumber: Line.optional(),
    /** Number of the conclusion that this one takes the place of. */
    supersedes: Line.optional(),
    concludedOn: PartialDate,
    deliveredOn: PartialDate.optional(),
  },
  personal: { ...personal, appraisal: Appraisal },
  labels: {
    stage: { zh: '鉴定类别', en: 'Stage' },
    insuredPlace: { zh: '参保地', en: 'Place of insurance' },
    appraisalCommittee: { zh: '劳动能力鉴定委员会', en: 'Appraisal committee' },
    injuryDecisionNumber: { zh: '工伤认定决定书编号', en: 'Work-injury decision number' },
    supersedes: { zh: '取代的结论', en: 'Supersedes' },
    concludedOn: { zh: '结论日期', en: 'Concluded on' },
    deliveredOn: { zh: '送达日期', en: 'Delivered on' },
    ...personalLabels,
    employer: { zh: '用人单位', en: 'Employer' },
    appraisal: { zh: '鉴定结论', en: 'Appraisal' },
  },
  codes: { ...personalCodes, stage: stageTexts },
  lint: (body, person, context) => [
    ...lintPerson(person, context),
    ...lintAge(birthOf(person, context), 'concludedOn', body.concludedOn),
    ...lintPlace('insuredPlace', body.insuredPlace, body.concludedOn),
    ...lintDates(
      [
        ['concludedOn', body.concludedOn],
        ['deliveredOn', body.deliveredOn],
      ],
      context,
    ),
    ...(body.stage === 'first' && body.supersedes !== undefined
      ? [{ member: 'supersedes', code: 'first-conclusion-supersedes', severity: 'refusal' } as const]
      : []),
  ],
  facts: (body) => ({ stage: body.stage, ...(body.insuredPlace === undefined ? {} : { insuredPlace: body.insuredPlace }), issuedOn: body.concludedOn }),
  rank: () => 0,
  dated: (body) => body.concludedOn,
})
