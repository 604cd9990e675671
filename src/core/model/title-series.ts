import table from '#codes/title-series.json' with { type: 'json' }
import { halfWidth } from './half-width.ts'
import { titleLevels, type TitleLevel } from './title-level.ts'

export { levelsOf, readTitleLevel, titleLevels, type TitleLevel } from './title-level.ts'

/** One of the 27 national series. */
export interface TitleSeries {
  readonly no: string
  readonly zh: string
  readonly en: string
}

export interface FoundTitle {
  /** The canonical name: the table's, or the one of its variants that was meant (主治医师 of 主治(主管)医师). */
  readonly name: string
  readonly track: string
  readonly level: TitleLevel
  readonly code?: string
  /** The name asked for is an old one; `name` is what it is called now, or the same where it is no longer awarded. */
  readonly legacy: boolean
}

interface TitleEntry {
  readonly zh: string
  readonly code?: string
  readonly variants?: readonly string[]
}
interface Legacy {
  readonly series: string
  readonly from: string
  readonly to?: string
  readonly track?: string
  readonly level?: string
}

const plain = (text: string): string => halfWidth(text).replace(/\s+/g, '')

/** 工程系列, 工程技术人员, 工程专业 → 工程: what is left when everything is off that ledgers add or leave out. */
const root = (name: string): string => name.replace(/(?:系列|职称|专业技术职务|专业技术资格|专业|技术|人员|人才)+$/, '')

const byNo = new Map<string, TitleSeries>()
const byRoot = new Map<string, TitleSeries>()
const titles = new Map<string, Map<string, FoundTitle>>()

for (const { no, zh, en, aliases, tracks } of table.series) {
  const series: TitleSeries = { no, zh, en }
  byNo.set(no, series)
  for (const name of [zh, ...aliases]) byRoot.set(root(name), series)
  const names = new Map<string, FoundTitle>()
  titles.set(no, names)
  for (const { zh: track, levels } of tracks) {
    const entries: Partial<Record<TitleLevel, TitleEntry>> = levels
    for (const level of titleLevels) {
      const entry = entries[level]
      if (entry === undefined) continue
      const code = entry.code === undefined ? {} : { code: entry.code }
      for (const name of [entry.zh, ...(entry.variants ?? [])]) if (!names.has(name)) names.set(name, { name, track, level, ...code, legacy: false })
    }
  }
}

const legacies: readonly Legacy[] = table.legacy
for (const { series, from, to, track, level } of legacies) {
  const names = titles.get(series)
  const now = to === undefined ? undefined : names?.get(to)
  const known = titleLevels.find((each) => each === level)
  if (now !== undefined) names?.set(from, { ...now, legacy: true })
  else if (track !== undefined && known !== undefined) names?.set(from, { name: from, track, level: known, legacy: true })
}

/** The series that a text names: its number ('05', '5'), its full name or the short one of ledgers (工程系列). Undefined outside the 27. */
export function findSeries(text: string): TitleSeries | undefined {
  const name = plain(text)
  return /^\d{1,2}$/.test(name) ? byNo.get(name.padStart(2, '0')) : byRoot.get(root(name))
}

/**
 * The title of a series (its number) that a name stands for. Old names are found too: 小学高级教师 is today's 一级教师, and not
 * 高级教师 as its name suggests.
 */
export const findTitle = (series: string, name: string): FoundTitle | undefined => titles.get(series)?.get(plain(name))

/** All series, in the order of their numbers. */
export const titleSeries: readonly TitleSeries[] = [...byNo.values()]
