import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { paperDigits, readPaperDigits } from '#core/paper/paper-digits.ts'
import { importedRecord, longRecords, usualRecords } from '../../support/paper-records.ts'
import { dictionary, dictionaryText, isSigned, pack, unpack } from '../../support/paper-code.ts'
import { faultOf } from '../../support/fault-of.ts'
import bad from '../../vectors/paper/bad.json' with { type: 'json' }
import records from '../../vectors/paper/records.json' with { type: 'json' }

describe('published codes', () => {
  it.each(records.vectors)('read as the record that was printed: $name', ({ record, digits, recordDigest }) => {
    const text = unpack(readPaperDigits(digits))
    expect(text).toBe(record)
    expect(createHash('sha256').update(text).digest('base64url')).toBe(recordDigest)
    expect(isSigned(text)).toBe(true)
  })

  it('are there for every family, usual and long, and for an imported record', () => {
    expect(records.vectors.map(({ record }) => record)).toEqual([...Object.values(usualRecords), ...Object.values(longRecords), importedRecord])
  })

  it.each(records.vectors)('are not longer than this version packs the same record: $name', ({ record, digits }) => {
    expect(paperDigits(pack(record)).length).toBeLessThanOrEqual(digits.length)
  })

  it.each(bad.vectors)('are refused by their own name: $name', ({ digits, fault }) => {
    expect(faultOf(() => unpack(readPaperDigits(digits)))).toBe(fault)
  })
})

describe('dictionary 1', () => {
  it('never changes: codes on paper need these bytes for ever', () => {
    const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
    expect({ file: sha256(dictionaryText), condensed: sha256(dictionary.bytes), length: dictionary.bytes.length }).toEqual({
      file: '13e3b808a4439b762582bf2f6802b9092e4fb9601561e126e286f0b46693fd3d',
      condensed: 'ceccda83a329ef9534116466233225564e717031e83a482ccd6b082300b383c8',
      length: 31_346,
    })
  })
})

describe('the worked example of schema/paper/README.md', () => {
  it('is what the published code says', () => {
    const { record, digits } = records.vectors.find(({ name }) => name === 'work-injury, usual')!
    const hex = Buffer.from(readPaperDigits(digits)).toString('hex')
    const bits = (from: number, count: number): string =>
      [...Buffer.from(hex.slice(216), 'hex')]
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('')
        .slice(from, from + count)
    const disclosure = record.split('~')[1]!
    const shown = [
      `has ${digits.length} digits, \`${digits.slice(0, 10)}…${digits.slice(-10)}\`. Without the check, \`${digits.slice(-4)}\`, they are these ${hex.length / 2} bytes`,
      `${hex.slice(2, 66)}\n${hex.slice(66, 130)}   the signature\n${hex.slice(130, 132)} `,
      `\n${hex.slice(132, 216)}\n${hex.slice(216, 250)}…${hex.slice(-30)}  the bit stream, ${hex.length / 2 - 108} bytes`,
      `\n${bits(0, 5)} ${bits(5, 64)} …\n`,
      `\`${Buffer.from(disclosure, 'base64url').toString('utf8').slice(2, 24)}\``,
      `\`${createHash('sha256').update(disclosure).digest('base64url').slice(0, 8)}…\`, is that of the name's disclosure`,
    ]
    const page = readFileSync(new URL('../../../schema/paper/README.md', import.meta.url), 'utf8')
    for (const piece of shown) expect(page).toContain(piece)
  })
})
