import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { describe, expect, it } from 'vitest'

import { familyIds } from '#core/model/family-id.ts'
import { paperUrl, readPaperUrl } from '#core/paper/paper-url.ts'
import { drawCode, type DrawnCode } from '#registry/certificate/draw-code.ts'
import { faultOf } from '../../support/fault-of.ts'
import { pack, unpack } from '../../support/paper-code.ts'
import { importedRecord, longRecords, usualRecords } from '../../support/paper-records.ts'

const address = 'https://hrzj.jinan.gov.example'
const urlOf = (record: string): string => paperUrl(address, pack(record))

// The reader's own file: without it the library would fetch one from another host.
const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) } })

type Picture = Parameters<typeof readBarcodes>[0]

/** The code as a picture: so many pixels a module, four modules of white around it. */
function picture({ size, modules }: DrawnCode, pixels = 4): Picture {
  const side = (size + 8) * pixels
  const data = new Uint8ClampedArray(side * side * 4).fill(255)
  for (let y = 0; y < size * pixels; y++)
    for (let x = 0; x < size * pixels; x++) {
      if (!modules[Math.floor(y / pixels) * size + Math.floor(x / pixels)]) continue
      const at = ((y + 4 * pixels) * side + x + 4 * pixels) * 4
      data.fill(0, at, at + 3)
    }
  return { data, width: side, height: side } as Picture // all that the reader looks at
}

describe('the code on the sheet', () => {
  it('is at most version 15 for an everyday record of each family', () => {
    const versions = Object.fromEntries(familyIds.map((family) => [family, drawCode(urlOf(usualRecords[family])).version]))
    expect(versions).toEqual({ title: 15, qualification: 14, skill: 14, 'work-injury': 14, 'labour-capacity': 15, recognition: 15 })
    expect(drawCode(urlOf(importedRecord)).version).toBe(15)
  })

  it('is at most version 17 for a long record of each family with all its members', () => {
    const versions = Object.fromEntries(familyIds.map((family) => [family, drawCode(urlOf(longRecords[family])).version]))
    expect(versions).toEqual({ title: 16, qualification: 16, skill: 16, 'work-injury': 15, 'labour-capacity': 15, recognition: 17 })
  })

  it.each([...Object.values(usualRecords), ...Object.values(longRecords)])('is read by a scanner and unpacks to the record', async (record) => {
    const url = urlOf(record)
    const [found, ...others] = await readBarcodes(picture(drawCode(url)), { formats: ['QRCode'] })
    expect(others).toEqual([])
    expect(found!.text).toBe(url)
    expect(unpack(readPaperUrl(found!.text)!)).toBe(record)
  })

  it('has the size of its version, and dark finder patterns in three corners', () => {
    const { version, size, modules } = drawCode(urlOf(usualRecords.title))
    expect([size, modules.length]).toEqual([17 + 4 * version, size * size])
    const row = (from: number): string =>
      modules
        .slice(from, from + 7)
        .map((dark) => (dark ? '#' : '.'))
        .join('')
    expect([0, size - 7, size * (size - 1)].map(row)).toEqual(['#######', '#######', '#######'])
  })

  it('is the same for the same URL', () => {
    expect(drawCode(urlOf(longRecords.skill))).toEqual(drawCode(urlOf(longRecords.skill)))
  })

  it('is refused where it would be too dense to scan', () => {
    expect(drawCode(`${address}/q#${'1'.repeat(1126)}`).version).toBe(17)
    expect(faultOf(() => drawCode(`${address}/q#${'1'.repeat(1127)}`))).toBe('paper-code-too-long')
    expect(faultOf(() => drawCode(`${address}/q#${'1'.repeat(9000)}`))).toBe('paper-code-too-long')
  })
})
