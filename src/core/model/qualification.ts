import table from '#codes/qualification-catalogue.json' with { type: 'json' }
import { halfWidth } from './half-width.ts'

/** An entry of the National Catalogue of Vocational Qualifications (2021). */
export interface Qualification {
  /** Within its part of the catalogue: professional 1–59, skilled 1–13. */
  readonly no: number
  readonly kind: 'professional' | 'skilled'
  readonly zh: string
  /** 准入类 (one may not practise without it) or 水平评价类. */
  readonly class: 'admission' | 'proficiency'
  readonly authority?: string
  readonly levels: readonly string[]
  /** Levels that are examined by provinces and hold within them only. */
  readonly provincial: readonly string[]
}

/** A name with its level: 一级建造师, 建造师(一级), 中级注册安全工程师. */
export interface NamedQualification {
  readonly entry: Qualification
  readonly level?: string
  /** Whether it holds nationwide: yes unless its level is a provincial one; undefined where levels differ and none is named. */
  readonly nationallyValid?: boolean
}

interface Row {
  readonly no: number
  readonly kind: string
  readonly zh: string
  readonly class: string
  readonly aliases?: readonly string[]
  readonly authority?: string
  readonly levels?: readonly string[]
  readonly provincial?: readonly string[]
}

const plain = (text: string): string => halfWidth(text).replace(/\s+/g, '')

const rows: readonly Row[] = table.entries
const byName = new Map<string, Qualification>()
const byNo = new Map<string, Qualification>()
for (const { no, kind, zh, class: group, aliases = [], authority, levels = [], provincial = [] } of rows) {
  const entry: Qualification = {
    no,
    kind: kind === 'skilled' ? 'skilled' : 'professional',
    zh,
    class: group === 'admission' ? 'admission' : 'proficiency',
    ...(authority === undefined ? {} : { authority }),
    levels,
    provincial,
  }
  byNo.set(`${entry.kind} ${no}`, entry)
  for (const name of [zh, ...aliases]) byName.set(plain(name), entry)
}

/** The entry by its name or an alias, without a level; or by its number among the professional ones. */
export function findQualification(nameOrNo: string | number): Qualification | undefined {
  const name = plain(String(nameOrNo))
  return byName.get(name) ?? byNo.get(`professional ${name}`)
}

/** The entry of a skilled qualification by its number. */
export const findSkilledQualification = (no: number): Qualification | undefined => byNo.get(`skilled ${no}`)

/** The entry and the level that a name as on certificates stands for. */
export function findNamedQualification(text: string): NamedQualification | undefined {
  const name = plain(text)
  const whole = byName.get(name)
  if (whole !== undefined) return { entry: whole, ...(whole.provincial.length > 0 ? {} : { nationallyValid: true }) }
  const parts = /^(初级|中级|高级|[一二三]级)(注册)?(.+)$/.exec(name) ?? /^(.+)\(([^()]+)\)$/.exec(name)
  if (parts === null) return undefined
  const [level, names] = parts.length === 4 ? [parts[1]!, [`${parts[2] ?? ''}${parts[3]}`, `注册${parts[3]}`]] : [parts[2]!, [parts[1]!]]
  const entry = names.map((each) => byName.get(each)).find((each) => each?.levels.includes(level))
  return entry === undefined ? undefined : { entry, level, nationallyValid: !entry.provincial.includes(level) }
}
