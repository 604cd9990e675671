import { z } from 'zod'

import { Fault } from '../fault.ts'
import { FamilyId } from './family-id.ts'
import type { FindingCode } from './finding-texts.ts'
import { isScientific } from './half-width.ts'
import { mod11Check, mod37Check } from './iso7064.ts'
import { read, refused, type Reading } from './reading.ts'

export const numberChecks = ['none', 'mod-11-2', 'mod-37-36'] as const

/** Fields of a template: {year:4} four digits, {office:A2} two capitals, {lot:X3} three capitals or digits, {check} the check character. */
const field = /\{(?:([a-z][A-Za-z0-9]{0,31}):([AX]?)([1-9]\d?)|(check))\}/g
const template = /^(?:[^{}\s\p{C}]|\{[^{}]+\})+$/u

/**
 * How an issuer builds its certificate numbers, as data: a template such as `JN{year:4}{series:2}{serial:6}` that both checks
 * and composes them. Everything has a fixed width, so that no template can make the matching slow. A check character is
 * computed over everything before it, which must be digits for MOD 11-2, digits and capitals for MOD 37,36; signs between
 * them (-, 〔) are left out of the computation.
 */
export const NumberScheme = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
    family: FamilyId,
    template: z.string().min(1).max(200).regex(template),
    check: z.enum(numberChecks).optional(),
  })
  .superRefine((scheme, { addIssue }) => {
    const wrong = faultIn(scheme.template, scheme.check ?? 'none')
    if (wrong !== undefined) addIssue({ code: 'custom', path: ['template'], message: wrong })
  })
  .meta({ id: 'NumberScheme' })
export type NumberScheme = z.infer<typeof NumberScheme>

function faultIn(text: string, check: (typeof numberChecks)[number]): string | undefined {
  const fields = [...text.matchAll(field)]
  if (/[{}]/.test(text.replace(field, ''))) return 'a field is malformed'
  const names = fields.map(([, name]) => name).filter((name) => name !== undefined)
  if (new Set(names).size < names.length) return 'a field is named twice'
  const checks = fields.filter(([, , , , mark]) => mark !== undefined)
  if (checks.length !== (check === 'none' ? 0 : 1)) return 'a check character needs a check system, and the other way round'
  if (check !== 'none' && !text.endsWith('{check}')) return 'the check character is not at the end'
  if (check === 'mod-11-2' && (fields.some(([, , kind]) => kind === 'A' || kind === 'X') || /[A-Za-z]/.test(text.replace(field, ''))))
    return 'MOD 11-2 is over digits only'
  if (check === 'mod-37-36' && /[a-z]/.test(text.replace(field, ''))) return 'MOD 37,36 is over capitals only'
  return undefined
}

const classes: Readonly<Record<string, string>> = { '': String.raw`\d`, A: '[A-Z]', X: '[0-9A-Z]' }

const patterns = new WeakMap<NumberScheme, RegExp>()
function patternOf(scheme: NumberScheme): RegExp {
  const known = patterns.get(scheme)
  if (known !== undefined) return known
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  let source = ''
  let from = 0
  for (const match of scheme.template.matchAll(field)) {
    const [whole, name, kind = '', width] = match
    source += literal(scheme.template.slice(from, match.index)) + (name === undefined ? '(?<check>[0-9A-Z])' : `(?<${name}>${classes[kind]!}{${width}})`)
    from = match.index + whole.length
  }
  const pattern = new RegExp(`^${source}${literal(scheme.template.slice(from))}$`, 'u')
  patterns.set(scheme, pattern)
  return pattern
}

const checkOf = (scheme: NumberScheme, body: string): string | undefined => {
  const bare = body.replace(/[^0-9A-Z]/g, '')
  return scheme.check === 'mod-11-2' ? mod11Check(bare) : scheme.check === 'mod-37-36' ? mod37Check(bare) : ''
}

export interface CertificateNumber {
  readonly number: string
  /** The fields of the scheme's template; empty where the issuer has none. */
  readonly parts: Readonly<Record<string, string>>
}

/** 1 to 64 characters that can be seen; blanks only inside. */
const opaque = /^[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]{0,62}[^\p{C}\p{Z}])?$/u

/**
 * Reads a certificate number: under the issuer's scheme, or as an opaque text where there is none, because national schemes
 * for title certificates are not published. Full-width digits and letters are normalised; nothing else is, since any other
 * sign may be part of the number.
 */
export function readNumber(scheme: NumberScheme | undefined, text: string): Reading<CertificateNumber> {
  const half = text.replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
  const number = half.trim()
  if (number === '') return refused('number-blank')
  if (isScientific(number)) return refused('digits-lost')
  if ([...number].length > 64) return refused('number-too-long')
  if (!opaque.test(number)) return refused('number-character')
  const changes: FindingCode[] = []
  if (half !== text) changes.push('full-width')
  if (number !== half) changes.push('blanks-removed')
  if (scheme === undefined) return read({ number, parts: {} }, changes)
  const groups = patternOf(scheme).exec(number)?.groups
  if (groups === undefined && scheme.template.includes('{')) return refused('number-scheme-mismatch')
  const { check, ...parts } = { ...groups }
  if (check !== undefined && checkOf(scheme, number.slice(0, -1)) !== check) return refused('number-check')
  return read({ number, parts }, changes)
}

/**
 * The number that a scheme makes of its parts; numbers are filled up with zeros.
 * @throws Fault `number-part-missing`, or `number-part-unfit` where a part is too long or of the wrong characters (a serial that has run out).
 */
export function composeNumber(scheme: NumberScheme, parts: Readonly<Record<string, string | number>>): string {
  const body = scheme.template.replace(field, (_whole, name: string | undefined, kind: string, width: string) => {
    if (name === undefined) return ''
    const part = parts[name]
    if (part === undefined) throw new Fault('number-part-missing', { at: name })
    const text = typeof part === 'number' ? String(part).padStart(Number(width), '0') : part
    if (!new RegExp(`^${classes[kind]!}{${width}}$`).test(text)) throw new Fault('number-part-unfit', { at: name })
    return text
  })
  return body + (checkOf(scheme, body) ?? '')
}

/** How many characters a field of the scheme has; 0 where it has no such field. */
export const widthOf = ({ template: text }: NumberScheme, name: string): number => Number([...text.matchAll(field)].find(([, of]) => of === name)?.[3] ?? 0)
