import type { Localised } from '../model/localised.ts'
import type { ObtainMethod } from '../model/obtain-method.ts'
import type { PersonIdKind } from '../model/person-id-kind.ts'
import { findSkillLevel, skillLevels } from '../model/skill-level.ts'
import type { TitleLevel } from '../model/title-level.ts'
import { titleSeries } from '../model/title-series.ts'

/** What a coded value is called, by code. Terms of the glossary. */
export type CodeTexts = Readonly<Record<string, Localised>>

const text = (zh: string, en: string): Localised => ({ zh, en })

export const seriesTexts: CodeTexts = Object.fromEntries(titleSeries.map(({ no, zh, en }) => [no, text(zh, en)]))

export const titleLevelTexts: Readonly<Record<TitleLevel, Localised>> = {
  entry: text('员级', 'Entry level'),
  assistant: text('助理级', 'Assistant level'),
  intermediate: text('中级', 'Intermediate'),
  associate_senior: text('副高级', 'Associate senior'),
  full_senior: text('正高级', 'Full senior'),
}

export const obtainMethodTexts: Readonly<Record<ObtainMethod, Localised>> = {
  review: text('评审', 'Review'),
  initialRecognition: text('考核认定', 'Initial recognition by assessment'),
  exam: text('以考代评', 'Title by examination'),
  examPlusReview: text('考评结合', 'Examination plus review'),
  confirm: text('确认', 'Confirmation'),
  direct: text('直评', 'Direct (fast-track) review'),
  convert: text('转评（改系列）', 'Change of series'),
  selfEvaluation: text('自主评审', 'Self-evaluation by the unit'),
}

export const skillLevelTexts: CodeTexts = Object.fromEntries(
  skillLevels.flatMap((level) => {
    const entry = findSkillLevel(level)
    if (entry === undefined) return []
    const { zh, en } = entry.name
    return [[level, text(zh, `${en[0]!.toUpperCase()}${en.slice(1)}`)]] // on a line of its own, as every other level
  }),
)

const personIdKindTexts: Readonly<Record<PersonIdKind, Localised>> = {
  resident_id: text('居民身份证', 'Resident identity card'),
  hk_mo_residence_permit: text('港澳居民居住证', 'Residence permit for Hong Kong and Macao residents'),
  tw_residence_permit: text('台湾居民居住证', 'Residence permit for Taiwan residents'),
  foreign_permanent_resident_2023: text('外国人永久居留身份证（2023版）', 'Foreign permanent resident ID card (2023)'),
  foreign_permanent_resident_2017: text('外国人永久居留身份证（2017版）', 'Foreign permanent resident ID card (2017)'),
  hk_mo_travel_permit: text('港澳居民来往内地通行证', 'Mainland travel permit for Hong Kong and Macao residents'),
  tw_travel_permit: text('台湾居民来往大陆通行证', 'Mainland travel permit for Taiwan residents'),
  passport: text('护照', 'Passport'),
  officer_id: text('军官证等', 'Military officer card and the like'),
}

/** Codes inside the disclosures that every family has. */
export const personalCodes = { identity: personIdKindTexts, birth: { male: text('男', 'Male'), female: text('女', 'Female') } } as const satisfies Readonly<
  Record<string, CodeTexts>
>
