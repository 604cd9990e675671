import { Fault } from '../fault.ts'

/**
 * JSON in the canonical form of RFC 8785 (JCS): members sorted by UTF-16 code units, no white space, ECMAScript's numbers and
 * string escapes. `undefined` members are left out. Used wherever bytes are signed, digested or promised to be the same.
 * What JSON has no form for is refused (§3.2.2): lone surrogates (`json-surrogate-lone`), NaN and the infinities (`json-malformed`).
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return text(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const object = value as Readonly<Record<string, unknown>> // an object that is neither null nor an array
    let members = ''
    for (const name of Object.keys(object).sort()) {
      if (object[name] !== undefined) members += `${members === '' ? '' : ','}${text(name)}:${canonicalJson(object[name])}`
    }
    return `{${members}}`
  }
  if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return JSON.stringify(value)
  throw new Fault('json-malformed', { detail: `a ${typeof value} that JSON has no form for` })
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new Fault('json-surrogate-lone')
  return JSON.stringify(value)
}
