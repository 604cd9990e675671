import { deflateRawSync } from 'node:zlib'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Fault } from '#core/fault.ts'
import { unpackRecord } from '#core/paper/unpack-record.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { paperDeflate, paperInflate as inflateOfNode } from '#custody/paper-deflate.ts'
import { paperInflate } from '#web/read/paper-inflate.ts'
import { dictionaries, dictionary, pack } from '../../support/paper-code.ts'
import { longRecords, usualRecords } from '../../support/paper-records.ts'

const limit = 8192

function answer(inflate: typeof paperInflate, bytes: Uint8Array): string {
  try {
    return Buffer.from(inflate(bytes, dictionary.bytes, limit)).toString('latin1')
  } catch (fault) {
    if (fault instanceof Fault) return fault.code
    throw fault
  }
}

/** What both say, if they say the same. */
function both(bytes: Uint8Array): string {
  const said = answer(paperInflate, bytes)
  expect(said).toBe(answer(inflateOfNode, bytes))
  return said
}

const text = Buffer.from('{"iss":"https://hrss.jinan.gov.cn","number":"x"} and something new')
const deflated = paperDeflate(text, dictionary.bytes)

describe("the browser's inflate and the server's", () => {
  it.each([...Object.values(usualRecords), ...Object.values(longRecords)])('unpack every record alike', (record) => {
    expect(unpackRecord(pack(record), dictionaries, nodeEngine, paperInflate)).toBe(record)
  })

  it('give the same text', () => {
    expect(both(deflated)).toBe(text.toString('latin1'))
  })

  it('name every cut', () => {
    for (let length = 0; length < deflated.length; length++) expect(both(deflated.subarray(0, length))).toBe('paper-code-truncated')
  })

  it('name what follows the end', () => {
    expect(both(Buffer.concat([deflated, Buffer.of(0)]))).toBe('paper-code-trailing')
    expect(both(Buffer.concat([deflated, deflated]))).toBe('paper-code-trailing')
  })

  it('stop at the limit and not a byte before', () => {
    const of = (length: number): Uint8Array => paperDeflate(new Uint8Array(length).fill(0x61), dictionary.bytes)
    expect(both(of(limit))).toBe('a'.repeat(limit))
    expect(both(of(limit + 1))).toBe('paper-text-too-long')
  })

  it('stop a bomb without holding what it would give', () => {
    const bomb = deflateRawSync(new Uint8Array(200_000_000), { level: 9 })
    const before = process.memoryUsage().arrayBuffers
    expect(both(bomb)).toBe('paper-text-too-long')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  })

  it('refuse the same garbage by the same name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        both(bytes)
      }),
      { numRuns: 2000 },
    )
    for (let bit = 0; bit < deflated.length * 8; bit++) both(deflated.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)))
  })
})
