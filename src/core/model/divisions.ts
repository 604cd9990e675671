import table from '#codes/divisions.json' with { type: 'json' }
import { rankOf, type DivisionRank } from './division-code.ts'

/** A place of GB/T 2260. Dates have the precision that is known; without `until` on a withdrawn place the day is not known. */
export interface Place {
  readonly code: string
  readonly name: string
  readonly rank: DivisionRank
  readonly from?: string
  readonly until?: string
  readonly withdrawn: boolean
  /** What its area belongs to now, where the place was withdrawn. */
  readonly successors?: readonly string[]
}

interface WithdrawnPlace {
  readonly name: string
  readonly until?: string
  readonly successors: readonly string[]
}

const places = new Map<string, string>(Object.entries(table.places))
const begun = new Map<string, string>(Object.entries(table.from))
const withdrawn = new Map<string, WithdrawnPlace>(Object.entries(table.withdrawn))

/**
 * The place that a code names, today or on a day ('2019-01-09'). A withdrawn code names its old place until its last day, and
 * always where no day is asked for. 市辖区 summary codes (xxxx01) are no places.
 */
export function placeAt(code: string, day?: string): Place | undefined {
  const current = places.get(code)
  if (current !== undefined) {
    const from = begun.get(code)
    if (from !== undefined && day !== undefined && day < from) return undefined
    return { code, name: current, rank: rankOf(code), ...(from === undefined ? {} : { from }), withdrawn: false }
  }
  const gone = withdrawn.get(code)
  // '2015' < '2015-06-01' as text, but the place may have lasted until that December: only a later prefix puts the day after it.
  if (gone === undefined || (gone.until !== undefined && day !== undefined && day.slice(0, gone.until.length) > gone.until)) return undefined
  const { name, until, successors } = gone
  return { code, name, rank: rankOf(code), ...(until === undefined ? {} : { until }), withdrawn: true, successors }
}

/**
 * What an area code in an identity number is. The table holds today's codes and the withdrawn ones that we are sure of, so
 * that 'unknown' means unknown, not wrong. 市辖区 and 县 summary codes (440401, 110200, 419000) were given out and count.
 */
export function isKnownArea(code: string): 'current' | 'withdrawn' | 'unknown' {
  if (places.has(code)) return 'current'
  if (withdrawn.has(code)) return 'withdrawn'
  return isSummary(code) ? 'current' : 'unknown'
}

const municipalities = ['11', '12', '31', '50']
const directlyRun = ['419000', '429000', '469000', '659000']

const isSummary = (code: string): boolean =>
  (code.endsWith('01') && places.has(`${code.slice(0, 4)}00`) && places.has(`${code.slice(0, 4)}02`)) ||
  (municipalities.includes(code.slice(0, 2)) && /^..0[12]00$/.test(code)) ||
  directlyRun.includes(code)

/** Whether the first two digits of a code are a province, municipality, autonomous or special administrative region. */
export const isProvince = (prefix: string): boolean => places.has(`${prefix.slice(0, 2)}0000`)

/** 370102 → 山东省. */
export const provinceName = (code: string): string | undefined => places.get(`${code.slice(0, 2)}0000`)

/** 370102 → 山东省济南市历下区; 110101 → 北京市东城区. Withdrawn places by their old name. */
export function fullNameOf(code: string): string | undefined {
  const own = placeAt(code)
  if (own === undefined) return undefined
  const above = [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`].filter((ancestor) => ancestor !== code)
  return [...new Set(above)].map((ancestor) => places.get(ancestor) ?? withdrawn.get(ancestor)?.name ?? '').join('') + own.name
}
