import type { Engine } from '../crypto/engine.ts'
import { decodeBase64urlBytes, encodeBase64url } from '../encoding/base64url.ts'
import { parseJson, type JsonObject, type JsonValue } from '../encoding/parse-json.ts'
import { Fault } from '../fault.ts'

/** One disclosure (RFC 9901 §4.2). `name` is null for an element of an array. `value` is as it stands there: digests in it are not followed. */
export interface Disclosure {
  readonly text: string
  readonly name: string | null
  readonly value: JsonValue
  /** SHA-256 of `text`, base64url: how the payload refers to it. */
  readonly digest: string
}

export interface ProcessedPayload {
  /** The visible claims, with what was disclosed inside them put in its place. */
  readonly claims: JsonObject
  /** What was disclosed at the top level. */
  readonly disclosed: JsonObject
}

/** `_sd`, `...` and `_sd_alg` steer the processing (RFC 9901 §4.1); `__proto__` would change the object that it is put into. */
export const reservedNames: ReadonlySet<string> = new Set(['_sd', '...', '_sd_alg', '__proto__'])

export function readDisclosure(text: string, bytes: Uint8Array, index: number, { sha256 }: Pick<Engine, 'sha256'>): Disclosure {
  const at = `disclosures/${index}`
  const content = parseJson(decodeBase64urlBytes(bytes, at), undefined, at)
  const digest = encodeBase64url(sha256(bytes))
  if (!isArray(content)) throw new Fault('disclosure-malformed', { at, detail: 'not an array' })
  const [salt, second, third] = content
  if (typeof salt !== 'string') throw new Fault('disclosure-malformed', { at, detail: 'no salt' })
  if (content.length === 2) return { text, name: null, value: second!, digest }
  if (content.length !== 3 || typeof second !== 'string') throw new Fault('disclosure-malformed', { at, detail: 'neither a claim nor an element' })
  if (reservedNames.has(second)) throw new Fault('disclosure-name-refused', { at })
  return { text, name: second, value: third!, digest }
}

interface Entry {
  readonly disclosure: Disclosure
  readonly index: number
  used: boolean
}

interface Process {
  readonly byDigest: ReadonlyMap<string, Entry>
  /** Every digest met so far, decoys too: none may come twice (RFC 9901 §7.1, 4). */
  readonly seen: Set<string>
}

/**
 * RFC 9901 §7.1, steps 3 to 5, in full: digests at any level, in arrays, and inside other disclosures; decoys. Refused: a disclosure
 * that nothing refers to (an edited one has another digest, so it is this case), a disclosure or digest that comes twice, a name that is
 * there already, digests in a form of their own.
 */
export function processDisclosures(payload: JsonObject, disclosures: readonly Disclosure[]): ProcessedPayload {
  const hash = payload['_sd_alg']
  if (hash !== undefined && hash !== 'sha-256') throw new Fault('sd-jwt-hash-refused', { at: 'payload/_sd_alg' })
  const byDigest = new Map<string, Entry>()
  for (const [index, disclosure] of disclosures.entries()) {
    if (byDigest.has(disclosure.digest)) throw new Fault('disclosure-repeated', { at: `disclosures/${index}` })
    byDigest.set(disclosure.digest, { disclosure, index, used: false })
  }
  const process: Process = { byDigest, seen: new Set() }
  const { kept, disclosed } = processObject(payload, process, 'payload')
  const { _sd_alg: _, ...claims } = kept
  for (const { index, used } of byDigest.values()) if (!used) throw new Fault('disclosure-unreferenced', { at: `disclosures/${index}` })
  return { claims, disclosed }
}

function processObject(object: JsonObject, process: Process, at: string): { readonly kept: JsonObject; readonly disclosed: JsonObject } {
  const kept: Record<string, JsonValue> = {}
  for (const name of Object.keys(object)) {
    if (name === '_sd') continue
    if (name === '...') throw new Fault('sd-jwt-malformed', { at, detail: 'a digest outside an array' })
    kept[name] = processValue(object[name]!, process, at)
  }
  const digests = object['_sd']
  const disclosed: Record<string, JsonValue> = {}
  if (digests === undefined) return { kept, disclosed }
  if (!isArray(digests)) throw new Fault('sd-jwt-malformed', { at: `${at}/_sd`, detail: 'not an array' })
  for (const digest of digests) {
    const entry = take(digest, process, `${at}/_sd`)
    if (entry === undefined) continue
    const { name, value } = entry.disclosure
    if (name === null) throw new Fault('disclosure-malformed', { at: `disclosures/${entry.index}`, detail: 'an element, not a claim' })
    if (Object.hasOwn(object, name) || Object.hasOwn(disclosed, name)) throw new Fault('disclosure-claim-collides', { at: `disclosures/${entry.index}` })
    disclosed[name] = processValue(value, process, `disclosures/${entry.index}`)
  }
  return { kept, disclosed }
}

function processValue(value: JsonValue, process: Process, at: string): JsonValue {
  if (value === null || typeof value !== 'object') return value
  if (!isArray(value)) {
    const { kept, disclosed } = processObject(value, process, at)
    return { ...kept, ...disclosed }
  }
  const elements: JsonValue[] = []
  for (const element of value) {
    const digest = digestOfElement(element)
    if (digest === undefined) elements.push(processValue(element, process, at))
    else {
      const entry = take(digest, process, at)
      if (entry === undefined) continue
      if (entry.disclosure.name !== null) throw new Fault('disclosure-malformed', { at: `disclosures/${entry.index}`, detail: 'a claim, not an element' })
      elements.push(processValue(entry.disclosure.value, process, `disclosures/${entry.index}`))
    }
  }
  return elements
}

function digestOfElement(element: JsonValue): JsonValue | undefined {
  if (element === null || typeof element !== 'object' || isArray(element) || !Object.hasOwn(element, '...')) return undefined
  if (Object.keys(element).length !== 1) throw new Fault('sd-jwt-malformed', { at: '...', detail: 'a digest beside other members' })
  return element['...']
}

/** The disclosure behind a digest, used up; `undefined` for a decoy or one that was withheld. */
function take(digest: JsonValue, { byDigest, seen }: Process, at: string): Entry | undefined {
  if (typeof digest !== 'string') throw new Fault('sd-jwt-malformed', { at, detail: 'a digest that is no text' })
  if (seen.has(digest)) throw new Fault('disclosure-repeated', { at, detail: 'a digest comes twice' })
  seen.add(digest)
  const entry = byDigest.get(digest)
  if (entry !== undefined) entry.used = true
  return entry
}

// Array.isArray alone does not narrow a readonly array.
const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)
