import table from '#codes/skill-levels.json' with { type: 'json' }
import { isProvince } from './divisions.ts'
import type { FindingCode } from './finding-texts.ts'
import { isScientific, withoutBlanks } from './half-width.ts'
import { read, refused, type Reading } from './reading.ts'
import { findSkillLevel, type SkillLevel } from './skill-level.ts'

export const skillNumberSchemes = ['skill-v1', 'skill-v1-special', 'skill-legacy-16'] as const
export type SkillNumberScheme = (typeof skillNumberSchemes)[number]

export interface SkillNumber {
  readonly scheme: SkillNumberScheme
  readonly number: string
  /** By the names of the layout: org, orgCode, prov, orgSeq, yy, level, serial; in the old layout also provOrIndustry, city, orgKind. */
  readonly parts: Readonly<Record<string, string>>
  readonly year: number
  /** What the level's place says; not where it holds a letter whose meaning is not published. */
  readonly level?: SkillLevel
}

const layouts = skillNumberSchemes.map((scheme) => ({ scheme, form: new RegExp(table.numbering.find(({ id }) => id === scheme)!.regex) }))

/**
 * Reads the number of a skill certificate: 22 characters since 2019 (职业技能等级证书编码规则(试行)), with a letter as the level of
 * special-grade and chief technicians, 16 digits from 2004 to 2020. None has a check character.
 */
export function readSkillNumber(text: string): Reading<SkillNumber> {
  const { text: plain, changes } = withoutBlanks(text)
  if (isScientific(plain)) return refused('digits-lost')
  const number = plain.toUpperCase()
  for (const { scheme, form } of layouts) {
    const groups = form.exec(number)?.groups
    if (groups === undefined) continue
    // The old layout has industries in the province's place; the new one has provinces only.
    if (scheme !== 'skill-legacy-16' && !isProvince(groups['prov']!)) continue
    const all: readonly FindingCode[] = number === plain ? changes : [...changes, 'letters-upper-cased']
    const level = findSkillLevel(groups['level']!)?.key
    return read({ scheme, number, parts: { ...groups }, year: 2000 + Number(groups['yy']), ...(level === undefined ? {} : { level }) }, all)
  }
  return refused('skill-number-form-unknown')
}
