import table from '#codes/skill-levels.json' with { type: 'json' }
import { halfWidth } from './half-width.ts'
import type { Localised } from './localised.ts'

/** 新八级工 (人社部发〔2022〕14号), lowest first. The last three follow the five grades of the certificate. */
export const skillLevels = [
  'apprentice',
  'junior',
  'intermediate',
  'senior',
  'technician',
  'senior_technician',
  'special_technician',
  'chief_technician',
] as const
export type SkillLevel = (typeof skillLevels)[number]

export interface SkillLevelEntry {
  readonly key: SkillLevel
  /** 1 (apprentice) to 8. */
  readonly rank: number
  readonly name: Localised
  /** 五级 to 一级; the lower the number, the higher the level. */
  readonly grade?: string
  /** The digit in a certificate number. */
  readonly digit?: string
  readonly highSkill: boolean
}

interface Row {
  readonly rank: number
  readonly key: string
  readonly zh: string
  readonly en: string
  readonly grade?: string
  readonly digit?: string
  readonly highSkill?: boolean
}

const rows: readonly Row[] = table.levels
const entries: readonly SkillLevelEntry[] = skillLevels.map((key) => {
  const { rank, zh, en, grade, digit, highSkill } = rows.find((row) => row.key === key)!
  return { key, rank, name: { zh, en }, ...(grade === undefined ? {} : { grade }), ...(digit === undefined ? {} : { digit }), highSkill: highSkill ?? false }
})

const byName = new Map<string, SkillLevelEntry>()
for (const entry of entries) {
  const { key, name, grade, digit } = entry
  const names =
    grade === undefined ? [] : [grade, `${grade}/${name.zh}`, `${name.zh}/${grade}`, `${name.zh}(${grade})`, `${grade}(${name.zh})`, `${grade}${name.zh}`]
  for (const each of [key, name.zh, ...names, ...(digit === undefined ? [] : [digit, `${digit}级`])]) byName.set(each, entry)
}

/** The level that a key, a Chinese name (高级工), a grade (三级), both (高级工(三级)) or a digit ('3') stands for. */
export const findSkillLevel = (text: string): SkillLevelEntry | undefined => byName.get(halfWidth(text).replace(/\s+/g, '').replaceAll('、', '/'))
