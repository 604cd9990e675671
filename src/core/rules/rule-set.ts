import { z } from 'zod'

import { FamilyId } from '../model/family-id.ts'
import { Localised } from '../model/localised.ts'
import { PartialDate } from '../model/partial-date.ts'
import { factNames, facts } from './facts.ts'
import { reasonCodes } from './reason-texts.ts'

/** How a record from elsewhere is taken, in order of favour for its holder; which ones tie is said in `favour.ts`. Names: `outcome-texts.ts`. */
export const modes = [
  'direct',
  'verify_and_record',
  'map_to_title',
  'deemed_level',
  'exempt_part',
  'exchange',
  'review',
  'delegate',
  'delegated_to_city',
  'manual_review',
  'not_recognized',
] as const
export type Mode = (typeof modes)[number]

/** What a recognised record is good for. Names: `outcome-texts.ts`. */
export const effects = [
  'appointment',
  'appointment_by_employer',
  'next_level_application',
  'registration',
  'practice',
  'practise_after_filing',
  'employment',
  'talent_services',
  'subsidy',
  'title_mapping',
  'exemption',
  'next_skill_level_assessment',
  'benefit_calculation_reference',
] as const
export type Effect = (typeof effects)[number]

/** What the person or the officer must still do. An agreement's own words may stand in place of a code. */
export const conditionCodes = ['SEPARATE_CONSENT', 'FILE_BEFORE_PRACTISING', 'QUERY_NATIONAL_REGISTER'] as const
export type ConditionCode = (typeof conditionCodes)[number]

/** What has to be handed in. An agreement's own words may stand in place of a code. Names: `outcome-texts.ts`. */
export const materialCodes = ['applicationForm', 'identityDocument', 'originalCertificate', 'reviewForm'] as const
export type MaterialCode = (typeof materialCodes)[number]

/** Where an entry comes from. A `sample` is invented policy that an alliance replaces: it is never shown as a fact. */
export const origins = ['fact', 'sourced', 'law', 'knowledge-high', 'knowledge-medium', 'knowledge-low', 'sample', 'design'] as const
export const Origin = z.enum(origins)
export type Origin = z.infer<typeof Origin>

const Day = z.iso.date()
const Line = z.string().min(1).max(500)
const Code = z.string().min(1).max(60)
const Codes = z.array(Code).min(1).max(5000)

const operators = ['in', 'notIn', 'is', 'onOrAfter', 'before', 'members'] as const

/** One thing that must hold. `whenUnknown: 'condition'` lets the outcome stand while an officer confirms the fact (an open question). */
export const Condition = z
  .strictObject({
    fact: z.enum(factNames),
    in: Codes.optional(),
    notIn: Codes.optional(),
    is: z.union([z.string().min(1).max(60), z.boolean(), z.number()]).optional(),
    onOrAfter: PartialDate.optional(),
    before: PartialDate.optional(),
    /** The issuer is a member of the rule's alliance; or also the prefecture above a county-level member. */
    members: z.union([z.literal(true), z.literal('members-and-parents')]).optional(),
    whenUnknown: z.enum(['cannot-tell', 'condition']).optional(),
  })
  .refine((condition) => operators.filter((operator) => condition[operator] !== undefined).length === 1, 'exactly one operator')
  .refine((condition) => condition.members === undefined || condition.fact === 'issuer', 'members is asked of the issuer')
  .refine(
    (condition) => (condition.onOrAfter === undefined && condition.before === undefined) || facts[condition.fact].kind === 'date',
    'only a date comes before or after',
  )
  // '2021' is neither in nor outside ['2021-06-01']: dates are compared, never matched.
  .refine((condition) => condition.onOrAfter !== undefined || condition.before !== undefined || facts[condition.fact].kind !== 'date', 'a date is compared')
  .meta({ id: 'RuleCondition' })
export type Condition = z.infer<typeof Condition>

/** What the record counts as in the other system: a level, a certificate, or a table that one side keeps. */
const Mapping = z
  .strictObject({
    table: Localised.optional(),
    certificate: Localised.optional(),
    family: FamilyId.optional(),
    level: Code.optional(),
    exempts: Localised.optional(),
  })
  .meta({ id: 'RuleMapping' })

export const Rule = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{1,64}$/),
    families: z.union([z.literal('*'), z.array(FamilyId).min(1)]),
    kind: z.enum(['grant', 'denial']),
    /** A denial over everything that any agreement grants: the record is not authentic or not valid. */
    absolute: z.boolean().optional(),
    when: z.array(Condition).max(28),
    mode: z.enum(modes),
    effects: z.array(z.enum(effects)).optional(),
    conditions: z.array(z.union([z.enum(conditionCodes), Localised])).optional(),
    materials: z.array(z.union([z.enum(materialCodes), Localised])).optional(),
    timeLimit: z.strictObject({ value: z.int().min(1).max(3650), unit: z.enum(['workday', 'day']) }).optional(),
    /** The clause of the agreement that the rule carries out. */
    clause: Localised.optional(),
    reason: z.enum(reasonCodes).optional(),
    mapping: Mapping.optional(),
    from: Day.optional(),
    /** First day on which it no longer holds. */
    until: Day.nullable().optional(),
    origin: Origin,
    source: Line.optional(),
    note: Line.optional(),
  })
  .refine((rule) => rule.kind === 'grant' || rule.mode === 'not_recognized' || rule.mode === 'manual_review', 'a denial refuses or hands over to an officer')
  .refine((rule) => rule.kind === 'denial' || rule.mode !== 'not_recognized', 'a grant cannot refuse')
  .refine((rule) => rule.absolute !== true || (rule.kind === 'denial' && rule.mode === 'not_recognized'), 'only a refusal is absolute')
  .meta({ id: 'Rule' })
export type Rule = z.infer<typeof Rule>

/** A version of what an alliance (or, without one, national law) has agreed, as data. Same id and version is the same content for ever. */
export const RuleSet = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{1,64}\/[a-z0-9.-]{1,32}$/),
    version: z.int().min(1),
    /** Null: national law, which binds every place. */
    alliance: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/)
      .nullable(),
    from: Day,
    /** First day on which it no longer holds. */
    until: Day.nullable().optional(),
    origin: Origin,
    source: Line.optional(),
    note: Line.optional(),
    /** Where no rule matches, a person decides: the law gives everybody an explanation and a human decision. There is no other default. */
    defaultMode: z.literal('manual_review'),
    rules: z.array(Rule).max(50_000),
  })
  .refine(
    (set) => set.alliance !== null || set.rules.every((rule) => rule.when.every((condition) => condition.members === undefined)),
    'national law has no members',
  )
  .meta({ id: 'RuleSet', description: 'Recognition rules with their effective dates (DESIGN §3.2)' })
export type RuleSet = z.infer<typeof RuleSet>
