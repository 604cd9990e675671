import { families } from '#core/credential/families.ts'
import type { CodeTexts } from '#core/credential/code-texts.ts'
import { fullNameOf } from '#core/model/divisions.ts'
import type { Localised } from '#core/model/localised.ts'
import type { Verdict } from '#core/verify/verdict.ts'
import type { ToldGroup, ToldLine } from './told.ts'

type Signed = NonNullable<Verdict['record']>

/** What was signed, line by line. */
export function recordLines({ family: id, claims, disclosed }: Signed): readonly ToldGroup[] {
  const { display, labels, codes, members, groups } = families[id]
  const lines = (names: readonly string[], values: Readonly<Record<string, unknown>>): readonly ToldLine[] =>
    names.flatMap((member) => (values[member] === undefined ? [] : [{ member, label: labels[member]!, ...valueOf(values[member], codes[member]) }])) // its own members
  const issue: readonly ToldLine[] = [
    { member: 'number', label: { zh: '证书编号', en: 'Certificate number' }, value: claims.number },
    { member: 'issuedBy', label: { zh: '记录所载发证机关', en: 'Issuer as written in the record' }, value: claims.issuedBy },
    { member: 'division', label: { zh: '发证地', en: 'Place of issue' }, value: fullNameOf(claims.division) ?? claims.division, code: claims.division },
  ]
  const all: readonly ToldGroup[] = [
    { id: 'holder', label: { zh: '持证人', en: 'Holder' }, lines: lines(groups, disclosed) },
    { id: 'content', label: display, lines: lines(members, claims) },
    { id: 'issue', label: { zh: '签发', en: 'Issue' }, lines: issue },
  ]
  return all.filter((group) => group.lines.length > 0)
}

function valueOf(value: unknown, codes: CodeTexts | undefined): Pick<ToldLine, 'value' | 'code'> {
  if (value !== null && typeof value === 'object') {
    const parts = Object.values(value).map((part: unknown) => valueOf(part, codes).value)
    const joined = (language: keyof Localised): string => parts.map((part) => (typeof part === 'string' ? part : part[language])).join(' · ')
    return { value: { zh: joined('zh'), en: joined('en') } }
  }
  if (typeof value === 'boolean') return { value: value ? { zh: '是', en: 'Yes' } : { zh: '否', en: 'No' } }
  const text = String(value)
  const named = codes !== undefined && Object.hasOwn(codes, text) ? codes[text] : undefined
  return named === undefined ? { value: text } : { value: named, code: text }
}
