import { Fault, type FaultCode } from '../fault.ts'
import { decodeUtf8 } from './utf8.ts'

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [member: string]: JsonValue
}

export interface JsonLimits {
  /** The most bytes that are looked at. */
  readonly bytes: number
  /** How many arrays and objects may stand inside one another. */
  readonly depth: number
}

/** Enough for any signed object but a status list; small enough that a hostile one costs nothing. */
export const recordLimits: JsonLimits = { bytes: 64 * 1024, depth: 16 }

/**
 * Bytes → JSON for everything that comes from outside. Refused, with the place: too many bytes, ill-formed UTF-8, a byte
 * order mark, nesting past the limit, a member named twice, `__proto__`, lone surrogates, numbers that a double cannot hold.
 *
 * The built-in parser does the work; one scan before it bounds the depth and counts the members, since the built-in keeps
 * only the last of two members with one name. The slow search for the exact place runs only when something is wrong.
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits = recordLimits, at = ''): JsonValue {
  if (bytes.length > limits.bytes) throw new Fault('bytes-too-many', { at, detail: `${bytes.length} bytes, at most ${limits.bytes}` })
  return parseJsonText(decodeUtf8(bytes, at), limits, at)
}

/** The same for text that is already decoded. */
export function parseJsonText(text: string, limits: JsonLimits = recordLimits, at = ''): JsonValue {
  const members = scan(text, limits, at)
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue // the one place that may: the scan has bounded it and the walk below checks it
  } catch (cause) {
    throw new Fault('json-malformed', { at, detail: cause instanceof Error ? withoutValues(cause.message) : undefined })
  }
  if (walk(value, at) !== members) throw new Fault('json-member-repeated', { at: repeatedMember(text, at) })
  return value
}

// The engine's message quotes the input, which may be personal; only its position is kept.
const withoutValues = (message: string): string => /position \d+/.exec(message)?.[0] ?? 'unexpected end or character'

function scan(text: string, limits: JsonLimits, at: string): number {
  let depth = 0
  let members = 0
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x22: // "
        for (index++; index < text.length; index++) {
          const code = text.charCodeAt(index)
          if (code === 0x5c) index++
          else if (code === 0x22) break
        }
        break
      case 0x3a: // :
        members++
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > limits.depth) throw new Fault('json-too-deep', { at: `${at}@${index}`, detail: `at most ${limits.depth} levels` })
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
        break
      default:
    }
  }
  return members
}

/** Counts the members that survived parsing and checks every text and number on the way. */
function walk(value: JsonValue, at: string): number {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new Fault('json-surrogate-lone', { at })
    return 0
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Fault('json-malformed', { at, detail: 'number out of range' })
    return 0
  }
  if (value === null || typeof value === 'boolean') return 0
  let members = 0
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) members += walk(value[index] as JsonValue, `${at}/${index}`)
    return members
  }
  const object = value as JsonObject
  for (const name of Object.keys(object)) {
    if (name === '__proto__') throw new Fault('json-member-forbidden', { at: `${at}/__proto__` })
    if (!name.isWellFormed()) throw new Fault('json-surrogate-lone', { at })
    members += 1 + walk(object[name]!, `${at}/${name}`)
  }
  return members
}

/** Where the first member that is named twice stands. Only called once it is known that there is one. */
function repeatedMember(text: string, at: string): string {
  const open: { names: Set<string> | null; expectsName: boolean }[] = []
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const inside = open.at(-1)
    if (code === 0x7b) open.push({ names: new Set(), expectsName: true })
    else if (code === 0x5b) open.push({ names: null, expectsName: false })
    else if (code === 0x7d || code === 0x5d) open.pop()
    else if (code === 0x2c && inside?.names) inside.expectsName = true
    else if (code === 0x22) {
      const from = index
      for (index++; text.charCodeAt(index) !== 0x22; index++) if (text.charCodeAt(index) === 0x5c) index++
      if (inside?.names && inside.expectsName) {
        const name = JSON.parse(text.slice(from, index + 1)) as string // a string literal that has parsed once already
        if (inside.names.has(name)) return `${at}@${from}`
        inside.names.add(name)
        inside.expectsName = false
      }
    }
  }
  return at
}

/** For a caller that needs a text and nothing else. */
export function asText(value: JsonValue | undefined, code: FaultCode, at: string): string {
  if (typeof value !== 'string') throw new Fault(code, { at, detail: 'not a text' })
  return value
}

/** For a caller that needs an object and nothing else. */
export function asObject(value: JsonValue, code: FaultCode, at: string): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Fault(code, { at, detail: 'not an object' })
  return value as JsonObject
}
