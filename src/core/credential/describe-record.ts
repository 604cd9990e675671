import type { FamilyId } from '../model/family-id.ts'
import { Localised } from '../model/localised.ts'
import { PartialDate } from '../model/partial-date.ts'
import { maskPersonId } from '../model/person-mask.ts'
import { placeName } from '../model/place-name.ts'
import { describeDate, describeInstant } from './describe-date.ts'
import type { CodeTexts } from './code-texts.ts'
import { families } from './families.ts'
import type { Family, RecordClaims } from './family.ts'
import { codedInside, memberCodes, memberLabels } from './member-texts.ts'

/** One signed statement, in words. */
export interface DescribedLine {
  /** Path of the member in the claims or disclosures: `registration.until`. */
  readonly member: string
  readonly label: Localised
  /** A text is as it was signed; what has words of its own in both languages is localised. */
  readonly value: Localised | string
  /** The code or codes that `value` says in words. */
  readonly code?: string
}

/** Who holds it, what it says, how it was issued, and what machines need; `other` is what this version does not know. */
export type DescribedGroupId = 'holder' | 'content' | 'issue' | 'technical' | 'other'

export interface DescribedGroup {
  readonly id: DescribedGroupId
  readonly label: Localised
  readonly lines: readonly DescribedLine[]
}

/** As a verdict has it. */
export interface RecordToDescribe {
  readonly family: FamilyId
  readonly claims: RecordClaims
  readonly disclosed: Readonly<Record<string, unknown>>
}

export interface DescribeOptions {
  /** Shows the first and last characters of the identity number only. */
  readonly maskIdentity: boolean
  /** What trust lists call alliances, by id. One that is not among them goes by its id. */
  readonly alliances?: ReadonlyMap<string, Localised>
}

const groupLabels: Readonly<Record<Exclude<DescribedGroupId, 'content'>, Localised>> = {
  holder: { zh: '持证人', en: 'Holder' },
  issue: { zh: '签发', en: 'Issue' },
  technical: { zh: '技术信息', en: 'Technical' },
  other: { zh: '其他签名内容', en: 'Other signed content' },
}

const holderMembers = ['name', 'identity', 'birth', 'employer']
const issueMembers = ['number', 'division', 'issuedBy', 'iat', 'exp', 'imported']
const technicalMembers = ['vct', 'iss', 'status', 'replaces', 'photo', 'evidence']
/** Technical, wherever they stand. */
const technicalInside: ReadonlySet<string> = new Set([
  'source.iss',
  'source.digest',
  'source.status.status_list.idx',
  'source.status.status_list.uri',
  'basis.digest',
])

/**
 * Everything that was signed and is shown, as ordered lines in both languages: the web page and the sheet say the same. No member is
 * left out, however deep it stands; one that this version does not know comes under its own name, so that nobody can hide a statement
 * behind a new name. Empty groups are left out. Texts are as they were signed: whoever shows them makes their controls harmless.
 */
export function describeRecord({ family: id, claims, disclosed }: RecordToDescribe, options: DescribeOptions): readonly DescribedGroup[] {
  const family = families[id]
  const all: Readonly<Record<string, unknown>> = { ...claims, ...disclosed }
  // What is personal and not the person's own data is what the document is about: an injury, an appraisal.
  const contentMembers = [...family.groups, ...family.members].filter((member) => !holderMembers.includes(member) && !technicalMembers.includes(member))
  const known = new Set([...holderMembers, ...contentMembers, ...issueMembers, ...technicalMembers])
  const otherMembers = Object.keys(all).filter((member) => !known.has(member))
  const linesOf = (members: readonly string[]): readonly DescribedLine[] =>
    members.flatMap((member) => (all[member] === undefined ? [] : describeMember(member, member, all[member], family, options)))
  const content = linesOf(contentMembers)
  const isTechnical = ({ member }: DescribedLine): boolean => technicalInside.has(member)
  const groups: readonly DescribedGroup[] = [
    { id: 'holder', label: groupLabels.holder, lines: linesOf(holderMembers) },
    { id: 'content', label: family.display, lines: content.filter((line) => !isTechnical(line)) },
    { id: 'issue', label: groupLabels.issue, lines: linesOf(issueMembers) },
    { id: 'technical', label: groupLabels.technical, lines: [...linesOf(technicalMembers), ...content.filter(isTechnical)] },
    { id: 'other', label: groupLabels.other, lines: linesOf(otherMembers) },
  ]
  return groups.filter(({ lines }) => lines.length > 0)
}

function describeMember(path: string, member: string, value: unknown, family: Family, options: DescribeOptions): readonly DescribedLine[] {
  const inside = insideOf(path, value)
  if (inside !== undefined) return inside.flatMap(([name, part]) => describeMember(`${path}.${name}`, member, part, family, options))
  const label = memberLabels[path] ?? labelOf(path, member, family)
  if (path === 'identity.number') return [{ member: path, label, value: options.maskIdentity ? maskPersonId(String(value), 'sheet') : String(value) }]
  const name = path === allianceMember && typeof value === 'string' ? options.alliances?.get(value) : undefined
  if (name !== undefined) return [{ member: path, label, value: name, code: value as string }] // looked up a line above
  const codes = memberCodes[path] ?? (path === member || codedInside.has(path) ? family.codes[member] : undefined)
  return [{ member: path, label, ...valueOf(path, value, codes) }]
}

/** Members of a value that is described member by member. A text in two languages is one statement. */
function insideOf(path: string, value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || Localised.safeParse(value).success) return undefined
  const members = Object.entries(value)
  return members.length === 0 ? undefined : members
}

/** Where neither a family nor the table above names it: the outer member's name, and the path that a program would use. */
function labelOf(path: string, member: string, { labels }: Family): Localised {
  const outer = labels[member] ?? memberLabels[member]
  if (outer === undefined) return { zh: path, en: path }
  const rest = path.slice(member.length + 1)
  return rest === '' ? outer : { zh: `${outer.zh}·${rest}`, en: `${outer.en}: ${rest}` }
}

type Described = Pick<DescribedLine, 'value' | 'code'>

/** Members that hold a division code: beside the name stands the code, since two places may have had one name. */
const placeMembers: ReadonlySet<string> = new Set(['division', 'insuredPlace', 'recognisedFor'])
const allianceMember = 'basis.alliance'
/** Members whose value is a name of something that the code beside it tells from others of that name. */
export const namedMembers: ReadonlySet<string> = new Set([...placeMembers, allianceMember])
const instants: ReadonlySet<string> = new Set(['iat', 'exp'])
const dates: ReadonlySet<string> = new Set(['birth.date', 'registration.from', 'registration.until', 'imported.on'])
const dateMember = /(?:^|\.)[a-z][A-Za-z]*On$/

function valueOf(path: string, value: unknown, codes: CodeTexts | undefined): Described {
  if (Array.isArray(value)) return listOf(value.map((item: unknown) => valueOf(path, item, codes)))
  if (typeof value === 'boolean') return { value: value ? { zh: '是', en: 'Yes' } : { zh: '否', en: 'No' } }
  if (value === null) return { value: path === allianceMember ? { zh: '无（国家规定）', en: 'None (national rule)' } : { zh: '无', en: 'None' } }
  if (typeof value === 'number' && instants.has(path)) return { value: describeInstant(value) }
  const localised = Localised.safeParse(value)
  if (localised.success) return { value: localised.data }
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const named = codes !== undefined && Object.hasOwn(codes, text) ? codes[text] : undefined
  if (named !== undefined) return { value: named, code: text }
  if (dates.has(path) || dateMember.test(path)) {
    const date = PartialDate.safeParse(value)
    if (date.success) return { value: describeDate(date.data) }
  }
  const place = placeMembers.has(path) ? placeName(text) : undefined
  return place === undefined ? { value: text } : { value: place, code: text }
}

/** Items in one line. A list of texts that have no words of their own stays a text. */
function listOf(items: readonly Described[]): Described {
  if (items.length === 0) return { value: { zh: '无', en: 'None' } }
  const codes = items.flatMap(({ code }) => (code === undefined ? [] : [code]))
  const joined = (language: keyof Localised, mark: string): string => items.map(({ value }) => (typeof value === 'string' ? value : value[language])).join(mark)
  const value = items.every((item) => typeof item.value === 'string') ? joined('zh', '；') : { zh: joined('zh', '；'), en: joined('en', '; ') }
  return codes.length === 0 ? { value } : { value, code: codes.join(', ') }
}
