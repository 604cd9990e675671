import { Fault } from '#core/fault.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import { isKnownArea } from '#core/model/divisions.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import { facts, type FactName, type Facts } from '#core/rules/facts.ts'
import { effects } from '#core/rules/rule-set.ts'
import { usage } from './cli-fault.ts'
import type { Given, Option } from './command.ts'

/** Options that say which record is meant: its id is a word, or its number stands with its family. */
export const referenceOptions = {
  number: { kind: 'text', value: 'N', text: { zh: '证书编号', en: 'Certificate number' } },
  family: { kind: 'text', value: 'F', text: { zh: '记录类别，与证书编号同用', en: 'Family of the record, with its number' } },
} as const satisfies Record<string, Option>

export type Reference = { readonly id: string } | { readonly family: FamilyId; readonly number: string }

export function readReference(given: Given): Reference {
  const [id] = given.words
  const number = given.text('number')
  if ((id === undefined) === (number === undefined)) throw usage('ID', 'ID | --number N --family F')
  return id === undefined ? { family: readFamily(given), number: given.need('number') } : { id }
}

export function readFamily(given: Given): FamilyId {
  const family = familyIds.find((id) => id === given.need('family'))
  if (family === undefined) throw usage('--family', familyIds.join(', '))
  return family
}

/** `--disclose`; undefined where it is not there. */
export function readDisclosures(given: Given): readonly string[] | undefined {
  const names = given.list('disclose')
  return names.length === 0 ? undefined : names
}

/** Options of a question about recognition. */
export const questionOptions = {
  purpose: { kind: 'text', value: 'CODE', text: { zh: '用途', en: 'What the holder needs it for' } },
  'applied-on': { kind: 'text', value: 'DAY', text: { zh: '申请日期，如 2026-03-01', en: 'Day of application, such as 2026-03-01' } },
  stated: { kind: 'list', value: 'FACT=VALUE', text: { zh: '经办人员核实的事实', en: 'A fact that the officer has looked into and answers for' } },
} as const satisfies Record<string, Option>

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** RFC 3339, with any offset; fractions of a second are dropped. */
export function readInstant(given: Given, option: string): Instant | undefined {
  const text = given.text(option)
  return text === undefined ? undefined : readInstantText(text, `--${option}`)
}

/** The same of a text that stands elsewhere on the command line. */
export function readInstantText(text: string, where: string): Instant {
  const milliseconds = rfc3339.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(milliseconds)) throw usage(where, '2026-03-01T08:00:00Z')
  return instantOf(Math.floor(milliseconds / 1000))
}

export function readDay(given: Given, option: string): string | undefined {
  const text = given.text(option)
  if (text === undefined) return undefined
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || !isDay(text)) throw usage(`--${option}`, '2026-03-01')
  return text
}

/** Date.parse takes 31 February for a day in March; a day that comes back as it went is one of the calendar. */
function isDay(text: string): boolean {
  const milliseconds = Date.parse(text)
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().slice(0, 10) === text
}

export function readDivision(given: Given, option: string): DivisionCode | undefined {
  const text = given.text(option)
  return text === undefined ? undefined : readDivisionWord(text, `--${option}`)
}

export function readDivisionWord(text: string, at = 'DIVISION'): DivisionCode {
  const code = DivisionCode.safeParse(text)
  if (!code.success) throw usage(at, '370300')
  if (isKnownArea(code.data) === 'unknown') throw new Fault('division-unknown', { at })
  return code.data
}

export function readPurpose(given: Given): string | undefined {
  const text = given.text('purpose')
  if (text !== undefined && !effects.some((effect) => effect === text)) throw usage('--purpose', effects.join(', '))
  return text
}

export function readStated(given: Given): Facts | undefined {
  const stated = given.list('stated')
  if (stated.length === 0) return undefined
  return Object.fromEntries(stated.map((text) => factOf(text)))
}

function factOf(text: string): readonly [FactName, string | boolean] {
  const cut = text.indexOf('=')
  const name = text.slice(0, Math.max(cut, 0))
  const value = text.slice(cut + 1)
  if (!Object.hasOwn(facts, name) || value === '') throw usage('--stated', Object.keys(facts).join(', '))
  const fact = name as FactName // a key of the table, as was just seen
  if (facts[fact].kind !== 'boolean') return [fact, value]
  if (value !== 'true' && value !== 'false') throw usage(`--stated ${name}`, 'true, false')
  return [fact, value === 'true']
}

export function readWhole(given: Given, option: string, least: number, most: number): number | undefined {
  const text = given.text(option)
  if (text === undefined) return undefined
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most)) throw usage(`--${option}`, `${least}–${most}`)
  return value
}

/** An address that paths are put behind: no slash at its end, and nothing that would come after the path. */
export function readAddress(given: Given, option: string): string | undefined {
  const text = given.text(option)
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const plain = url === undefined ? undefined : `${url.origin}${url.pathname.replace(/\/$/, '')}`
  if (plain !== text || !/^https?:/.test(text)) throw usage(`--${option}`, 'https://hrss.example.gov.cn')
  return text
}

/** Where a key is made. */
export const custodyOption = {
  kind: 'text',
  value: 'vault|pkcs11',
  text: {
    zh: '私钥存放处：口令保护的数据库，或 PKCS #11 密码设备',
    en: 'Where the private key is: in the database under the passphrase, or in a PKCS #11 device',
  },
} as const satisfies Option

export function readCustody(given: Given): 'vault' | 'pkcs11' | undefined {
  const text = given.text('custody')
  if (text === undefined || text === 'vault' || text === 'pkcs11') return text
  throw usage('--custody', 'vault, pkcs11')
}
