import { afterAll, describe, expect, it } from 'vitest'

import { nodeEngine } from '#custody/engine-node.ts'
import { openCertificateDesk } from '#registry/certificate/certificate-desk.ts'
import type { DrawnCode } from '#registry/certificate/draw-code.ts'
import { placeCode } from '#registry/certificate/place-code.ts'
import { codeOf, inputOf, layOut, type Sheet } from './sheets.ts'

const blank = (size: number): DrawnCode => ({ version: (size - 17) / 4, size, modules: Array.from({ length: size * size }, () => false) })

describe('a code on paper', () => {
  it.each([
    [17, 85, 0.43, 40],
    [15, 77, 0.47, 40],
    [10, 57, 0.61, 40],
    [1, 21, 0.8, 23.2],
  ])('of version %i has modules that a telephone reads, and its quiet zone', (_version, size, module, side) => {
    const placed = placeCode(blank(size))!
    expect([Math.floor(placed.module * 100) / 100, Math.round(placed.side * 10) / 10]).toEqual([module, side])
    expect(placed.module).toBeGreaterThanOrEqual(0.42)
  })

  it('is left out where its modules would be too fine', () => {
    expect([placeCode(blank(89)), placeCode(undefined)]).toEqual([null, null])
  })

  it('is one path of runs, without the light modules', () => {
    const modules = [
      [true, true, false],
      [false, false, false],
      [false, true, true],
    ]
    expect(placeCode({ version: 1, size: 3, modules: modules.flat() })!.svg).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg" width="8.8mm" height="8.8mm" viewBox="0 0 11 11"><path d="M4 4h2v1h-2zM5 6h2v1h-2z"/></svg>',
    )
  })
})

describe('the code of a certificate', () => {
  const desk = openCertificateDesk({ engine: nodeEngine, workers: 1 })
  const sheets: Sheet[] = []
  afterAll(async () => {
    await desk.close()
    for (const { close } of sheets) close()
  })

  it.each([40, 250, 465])('of %i digits is read from a page printed at 150 dpi', async (length) => {
    const text = `https://370100.comity.example/q#${'0123456789'.repeat(50).slice(0, length)}`
    const sheet = layOut(await desk.certificate({ ...inputOf('title'), code: codeOf(text) }))
    sheets.push(sheet)
    sheet.run('pdftoppm', '-r', '150', '-gray', '-png', '@', 'page')
    expect(sheet.run('zbarimg', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', 'page-1.png').trim()).toBe(text)
    expect(sheet.text()).not.toContain('本页未印代码')
  })

  it('gives way to an honest line where it does not fit', async () => {
    const sheet = layOut(await desk.certificate({ ...inputOf('title'), code: codeOf('x'.repeat(800)) }))
    sheets.push(sheet)
    expect(sheet.text()).toContain('本页未印代码：此记录的代码过大')
    expect(sheet.text()).toContain("Nocodeisprinted:thisrecord'scodewouldbetoofinetoscanreliably")
  })
})
