import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { formatVersion } from '../src/core/paper/paper-format.ts'
import { paperDigits } from '../src/core/paper/paper-digits.ts'
import { nodeEngine } from '../src/custody/engine-node.ts'
import { paperDeflate } from '../src/custody/paper-deflate.ts'
import { codeOf, dictionary, pack } from '../test/support/paper-code.ts'
import { importedRecord, longRecords, usualRecords } from '../test/support/paper-records.ts'

// Writes test/vectors/paper: records and the digits that carry them, and digits that must be refused. Deflate has many streams for one text:
// another implementation need not write these digits, and must read them.

const digest = (text: string): string => Buffer.from(nodeEngine.sha256(Buffer.from(text))).toString('base64url')
const records = [
  ...Object.entries(usualRecords).map(([family, record]) => ({ name: `${family}, usual`, record })),
  ...Object.entries(longRecords).map(([family, record]) => ({ name: `${family}, long`, record })),
  { name: 'title, imported', record: importedRecord },
].map(({ name, record }) => ({ name, record, digits: paperDigits(pack(record)), recordDigest: digest(record) }))

const good = pack(usualRecords.title)
const digits = paperDigits(good)
const changed = (at: number, value: number): Uint8Array => good.with(at, value)
const textAt = good[65]! < 0x80 ? 66 : 67
const bomb = paperDeflate(new Uint8Array(50_000_000).fill(0x61), dictionary.bytes)

const bad = [
  { name: 'nothing but check digits', digits: '0001', fault: 'paper-code-truncated' },
  { name: 'the last digit missing', digits: digits.slice(0, -1), fault: 'paper-code-damaged' },
  { name: 'the first digit missing', digits: digits.slice(1), fault: 'paper-code-damaged' },
  { name: 'one digit wrong', digits: `${digits.slice(0, 300)}${(Number(digits[300]) + 1) % 10}${digits.slice(301)}`, fault: 'paper-code-damaged' },
  { name: 'of the next format', digits: paperDigits(changed(0, ((formatVersion + 1) << 4) | 1)), fault: 'paper-format-unknown' },
  { name: 'of the next dictionary', digits: paperDigits(changed(0, (formatVersion << 4) | 2)), fault: 'paper-dictionary-unknown' },
  { name: 'cut within the signature', digits: paperDigits(good.subarray(0, 40)), fault: 'paper-code-truncated' },
  { name: 'cut within the text', digits: paperDigits(good.subarray(0, textAt + 20)), fault: 'paper-code-truncated' },
  { name: 'the last byte missing', digits: paperDigits(good.subarray(0, -1)), fault: 'paper-code-truncated' },
  { name: 'a byte too many', digits: paperDigits(Uint8Array.from([...good, 0])), fault: 'paper-code-trailing' },
  { name: 'a text of 50,000,000 characters', digits: paperDigits(codeOf([], [], { deflated: bomb.subarray(0, 2000) })), fault: 'paper-text-too-long' },
  { name: 'a placeholder that does not exist', digits: paperDigits(codeOf([0x08, 0x01], [0])), fault: 'paper-code-malformed' },
  { name: 'no deflate at all', digits: paperDigits(codeOf([], [0], { deflated: Uint8Array.from([0xff, 0xff, 0xff]) })), fault: 'paper-code-malformed' },
]

const folder = join(import.meta.dirname, '../test/vectors/paper')
mkdirSync(folder, { recursive: true })
const write = (name: string, about: string, vectors: readonly object[]): void =>
  writeFileSync(join(folder, name), `${JSON.stringify({ about, dictionary: 1, vectors }, null, 1)}\n`)
write(
  'records.json',
  'Records and the digits that carry them (schema/paper/README.md); recordDigest is the SHA-256 of the record, base64url. Made by scripts/make-paper-vectors.ts; every person is invented.',
  records,
)
write('bad.json', 'Digits that must be refused, and the fault. Made by scripts/make-paper-vectors.ts.', bad)
