import type { FindingCode } from './finding-texts.ts'
import { tidied } from './half-width.ts'
import { read, refused, type Reading } from './reading.ts'

/** Levels of professional titles, lowest first. */
export const titleLevels = ['entry', 'assistant', 'intermediate', 'associate_senior', 'full_senior'] as const
export type TitleLevel = (typeof titleLevels)[number]

const named = new Map<string, readonly TitleLevel[]>(
  Object.entries({
    正高级: ['full_senior'],
    正高: ['full_senior'],
    副高级: ['associate_senior'],
    副高: ['associate_senior'],
    中级: ['intermediate'],
    助理级: ['assistant'],
    助理: ['assistant'],
    '初级(助理级)': ['assistant'],
    员级: ['entry'],
    '初级(员级)': ['entry'],
    '高级(正高级)': ['full_senior'],
    '高级(副高级)': ['associate_senior'],
    初级: ['entry', 'assistant'],
    高级: ['associate_senior', 'full_senior'],
  } as const),
)

const levelsNamed = (plain: string): readonly TitleLevel[] => named.get(plain.replace(/\s+/g, '')) ?? []

/** All levels that a name can mean: 初级 is entry or assistant, 高级 associate or full senior; empty for a name that is none. */
export const levelsOf = (text: string): readonly TitleLevel[] => levelsNamed(tidied(text).text)

/** Reads a title level; a name that can mean two levels is refused as ambiguous (`levelsOf` tells which, where the title decides). */
export function readTitleLevel(text: string): Reading<TitleLevel> {
  const { text: plain, changes } = tidied(text)
  const [level, ...others] = levelsNamed(plain)
  if (level === undefined) return refused('title-level-unknown')
  if (others.length > 0) return refused('title-level-ambiguous')
  return read(
    level,
    changes.filter((change: FindingCode) => change !== 'full-width'),
  )
}
