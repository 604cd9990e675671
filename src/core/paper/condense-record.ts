import type { Engine } from '../crypto/engine.ts'
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { openBitWriter, type BitWriter } from './bit-stream.ts'
import { daysOf } from './calendar-days.ts'
import { condenseCharacter } from './condensed-characters.ts'
import { bitsOfRun, longestRun, mostDigests, placeholder } from './paper-format.ts'

/** The texts that a record is made of: every disclosure, header and payload, out of base64url. */
export interface RecordTexts {
  /** As the record carries them: base64url and what it says. */
  readonly disclosures: readonly { readonly carried: string; readonly content: string }[]
  readonly header: string
  readonly payload: string
}

export interface CondensedRecord {
  /** Characters and placeholders. */
  readonly text: Uint8Array
  /** What the placeholders stand for. */
  readonly behind: Uint8Array
}

// What has digits and is the same in every record stays as it is: the dictionary holds it, and behind a placeholder it would cost bits.
const constants = ['"alg":"Ed25519"', '"_sd_alg":"sha-256"', '"vct":"https://comity.example/vct/[a-z-]+/1"', '"ruleSet":"[a-z/-]+[0-9]{4}-[0-9]"']
const digest = '"[A-Za-z0-9_-]{43}"'
const found = new RegExp(
  [
    `(?<list>"_sd":\\[${digest}(?:,${digest})*\\])`,
    `(?<constant>${constants.join('|')})`,
    `(?<digest>${digest})`,
    '(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})',
    `(?<run>[0-9]{1,${longestRun}})`,
  ].join('|'),
  'g',
)

interface Condenser {
  readonly text: number[]
  readonly behind: BitWriter
  /** Of the disclosures that have been condensed. */
  readonly digests: string[]
}

/** What is not of the usual shape (other names, other order, white space) comes through as characters: longer, and never lost. */
export function condenseRecord({ disclosures, header, payload }: RecordTexts, { sha256 }: Pick<Engine, 'sha256'>): CondensedRecord {
  const condenser: Condenser = { text: [], behind: openBitWriter(), digests: [] }
  condenser.behind.put(disclosures.length, 5)
  for (const { carried, content } of disclosures) {
    condenseDisclosure(content, condenser)
    condenser.text.push(placeholder.nextPart)
    condenser.digests.push(encodeBase64url(sha256(encodeUtf8(carried))))
  }
  condenseText(header, condenser)
  condenser.text.push(placeholder.nextPart)
  condenseText(payload, condenser)
  return { text: Uint8Array.from(condenser.text), behind: condenser.behind.bytes() }
}

function condenseDisclosure(content: string, condenser: Condenser): void {
  const salt = /^\["([A-Za-z0-9_-]{22})"/.exec(content)?.[1]
  const bytes = salt === undefined ? undefined : bytesOf(salt)
  if (salt === undefined || bytes === undefined) return condenseText(content, condenser)
  putCharacters('["', condenser)
  condenser.text.push(placeholder.bytes16)
  condenser.behind.putBytes(bytes)
  condenseText(content.slice('["'.length + salt.length), condenser)
}

function condenseText(text: string, condenser: Condenser): void {
  let at = 0
  for (const { 0: all, index, groups = {} } of text.matchAll(found)) {
    putCharacters(text.slice(at, index), condenser)
    at = index + all.length
    if (groups['list'] !== undefined) putDigests(all, condenser)
    else if (groups['digest'] !== undefined) putDigest(all, condenser)
    else if (groups['date'] !== undefined) putDate(all, condenser)
    else if (groups['run'] !== undefined) putRun(all, condenser)
    else putCharacters(all, condenser)
  }
  putCharacters(text.slice(at), condenser)
}

function putDate(date: string, condenser: Condenser): void {
  const days = daysOf(date)
  if (days !== undefined) {
    condenser.text.push(placeholder.date)
    condenser.behind.put(days, 16)
    return
  }
  // Like a date, but none of the calendar, or before 1900, or after 2079.
  for (const [index, run] of date.split('-').entries()) {
    if (index > 0) putCharacters('-', condenser)
    putRun(run, condenser)
  }
}

function putRun(run: string, { text, behind }: Condenser): void {
  text.push(placeholder.digits)
  behind.put(run.length - 1, 5)
  behind.put(BigInt(run), bitsOfRun(run.length))
}

function putDigests(list: string, condenser: Condenser): void {
  const { text, behind, digests } = condenser
  const listed = list.slice('"_sd":['.length, -1).split(',')
  const plain = listed.map((quoted) => quoted.slice(1, -1))
  const others = plain.filter((digest) => !digests.includes(digest))
  const bytes = others.map(bytesOf)
  const ascending = plain.every((digest, index) => index === 0 || plain[index - 1]! < digest)
  const whole = plain.length - others.length === digests.length && others.length <= mostDigests
  putCharacters('"_sd":[', condenser)
  if (ascending && whole && bytes.every((each) => each !== undefined)) {
    text.push(placeholder.digests)
    behind.put(others.length, 5)
    for (const each of bytes) behind.putBytes(each)
  } else {
    // Of an unusual shape: one by one.
    for (const [index, quoted] of listed.entries()) {
      if (index > 0) putCharacters(',', condenser)
      putDigest(quoted, condenser)
    }
  }
  putCharacters(']', condenser)
}

function putDigest(quoted: string, condenser: Condenser): void {
  const { text, behind, digests } = condenser
  const digest = quoted.slice(1, -1)
  const index = digests.indexOf(digest)
  const bytes = bytesOf(digest)
  if (index < 0 && bytes === undefined) return putCharacters(quoted, condenser)
  putCharacters('"', condenser)
  if (index >= 0) {
    text.push(placeholder.digest)
    behind.put(index, 5)
  } else if (bytes !== undefined) {
    text.push(placeholder.bytes32)
    behind.putBytes(bytes)
  }
  putCharacters('"', condenser)
}

function putCharacters(characters: string, { text }: Condenser): void {
  for (const character of characters) text.push(...condenseCharacter(character.codePointAt(0)!))
}

/** The bytes that a text stands for, if it is the one text that stands for them. */
function bytesOf(text: string): Uint8Array | undefined {
  try {
    return decodeBase64url(text)
  } catch {
    return undefined // a text of that length and alphabet that is no base64url: characters like others
  }
}
