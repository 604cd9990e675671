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

/** 认定工伤、视同工伤、不予认定工伤 (工伤保险条例 art. 14–16). */
export const injuryOutcomes = ['recognised', 'deemed', 'notRecognised'] as const

const outcomeTexts: Readonly<Record<(typeof injuryOutcomes)[number], Localised>> = {
  recognised: { zh: '认定工伤', en: 'Recognised as a work injury' },
  deemed: { zh: '视同工伤', en: 'Deemed a work injury' },
  notRecognised: { zh: '不予认定工伤', en: 'Not recognised as a work injury' },
}

export const Injury = z
  .strictObject({ outcome: z.enum(injuryOutcomes), clause: Line.optional(), accidentOn: PartialDate.optional(), injury: Line.optional() })
  .meta({ id: 'Injury', description: 'Outcome of the determination and what it concerns: health data, disclosed only on its own (PIPL art. 28)' })

/** 工伤认定. Its outcome is health data: it is never visible without being disclosed. */
export const workInjury = family({
  id: 'work-injury',
  code: 4,
  display: { zh: '工伤认定', en: 'Work-injury determination' },
  expires: false,
  body: {
    insuredPlace: DivisionCode.optional(),
    acceptedOn: PartialDate.optional(),
    decidedOn: PartialDate,
    deliveredOn: PartialDate.optional(),
    appealWindowClosed: z.boolean().optional(),
  },
  personal: { ...personal, injury: Injury },
  labels: {
    insuredPlace: { zh: '参保地', en: 'Place of insurance' },
    acceptedOn: { zh: '受理日期', en: 'Accepted on' },
    decidedOn: { zh: '决定日期', en: 'Decided on' },
    deliveredOn: { zh: '送达日期', en: 'Delivered on' },
    appealWindowClosed: { zh: '复议诉讼期已过', en: 'Appeal window closed' },
    ...personalLabels,
    employer: { zh: '用人单位', en: 'Employer' },
    injury: { zh: '认定结论', en: 'Determination' },
  },
  codes: { ...personalCodes, injury: outcomeTexts },
  lint: (body, person, context) => [
    ...lintPerson(person, context),
    ...lintAge(birthOf(person, context), 'decidedOn', body.decidedOn),
    ...lintPlace('insuredPlace', body.insuredPlace, body.decidedOn),
    ...lintDates(
      [
        ['injury', person.injury.accidentOn],
        ['acceptedOn', body.acceptedOn],
        ['decidedOn', body.decidedOn],
        ['deliveredOn', body.deliveredOn],
      ],
      context,
    ),
  ],
  facts: (body, disclosed) => ({
    ...(disclosed.injury === undefined ? {} : { outcome: disclosed.injury.outcome }),
    ...(body.appealWindowClosed === undefined ? {} : { appealWindowClosed: body.appealWindowClosed }),
    ...(body.insuredPlace === undefined ? {} : { insuredPlace: body.insuredPlace }),
    issuedOn: body.decidedOn,
  }),
  rank: () => 0,
  dated: (body) => body.decidedOn,
})
