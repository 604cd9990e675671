/**
 * JSON in the canonical form of RFC 8785 (JCS): members sorted by UTF-16 code units, no white space, ECMAScript's numbers and
 * string escapes. `undefined` members are left out. Used wherever bytes are signed, digested or promised to be the same.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const object = value as Readonly<Record<string, unknown>>
    const members = Object.keys(object)
      .filter((name) => object[name] !== undefined)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${canonicalJson(object[name])}`)
    return `{${members.join(',')}}`
  }
  return JSON.stringify(value)
}
