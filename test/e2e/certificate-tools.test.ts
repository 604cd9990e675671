import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import { readPaperUrl } from '#core/paper/paper-url.ts'
import { nodeEngine } from '#custody/engine-node.ts'

import { layOut, numberOf, type Sheet } from '../registry/certificate/sheets.ts'
import { openWebWorld, type WebWorld } from '../support/open-web-world.ts'
import { unpack } from '../support/paper-code.ts'
import { codeIn, pictureOf } from '../support/sheets-of-nodes.ts'
import { rareName, sheetsOfFamilies, type FamilySheet } from './sheets-of-families.ts'

// What a sheet is made of is proven under test/registry/certificate; here it is the node that made it, of a long record, its code included.

let world: WebWorld
let sheets: Readonly<Record<FamilyId, FamilySheet>>
let laidOut: Readonly<Record<FamilyId, Sheet>>

beforeAll(async () => {
  world = await openWebWorld()
  sheets = await sheetsOfFamilies(world)
  laidOut = Object.fromEntries(familyIds.map((family) => [family, layOut(sheets[family].pdf)])) as Record<FamilyId, Sheet> // one for each id
})
afterAll(async () => {
  for (const family of familyIds) laidOut[family].close()
  await world.close()
})

describe.each(familyIds)('the %s certificate of a node', (family) => {
  it('is a sound file of one page, with all of its fonts in it', () => {
    const sheet = laidOut[family]
    expect(sheet.run('qpdf', '--check', '@')).toContain('No syntax or stream encoding errors found')
    expect(sheet.run('pdfinfo', '@')).toMatch(/^Pages: +1$/m)
    const fonts = sheet.run('pdffonts', '@').trim().split('\n').slice(2)
    expect(fonts.filter((line) => !/^[A-Z]{6}\+\S+ .* yes yes yes /.test(line))).toEqual([])
  })

  it('has a rare name in its text, from a font that has it', () => {
    expect(laidOut[family].text()).toContain(rareName)
    expect(laidOut[family].run('pdffonts', '@')).toMatch(/\+HanaMin/)
  })

  it('has the record attached with all that was signed, but for the identity number, which it covers', () => {
    const { record } = sheets[family]
    const { disclosed } = parseSdJwt(record, nodeEngine)
    const { name, content } = laidOut[family].attachment()
    const kept = Object.keys(disclosed).filter((group) => group !== 'identity')
    expect([name, content]).toEqual([`${numberOf(record).replaceAll(/[^A-Za-z0-9-]+/g, '_')}.sd-jwt`, presentSdJwt(record, kept)])
    expect(laidOut[family].text()).not.toContain('199604192288')
  })

  it('has a code that another reader reads, that leads to its node, and that is the record with the name alone', () => {
    const { node, record, pdf } = sheets[family]
    const code = codeIn(pictureOf(pdf))
    expect(code.replace(/\d+$/, '…')).toBe(`${node.url}/q#…`)
    expect(unpack(readPaperUrl(code)!)).toBe(presentSdJwt(record, ['name']))
  })
})
