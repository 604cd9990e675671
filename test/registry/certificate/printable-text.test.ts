import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { isCovered, readFontFaces } from '#registry/certificate/font-faces.ts'
import { printableText } from '#registry/certificate/printable-text.ts'

const packages = join(import.meta.dirname, '../../../node_modules/@expo-google-fonts')
const facesOf = (path: string) => readFontFaces(path)!
const serif = facesOf(join(packages, 'noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf'))[0]!
const rareA = facesOf('/usr/share/fonts/truetype/hanazono/HanaMinA.ttf')[0]!
const rareB = facesOf('/usr/share/fonts/truetype/hanazono/HanaMinB.ttf')[0]!
const fonts = [serif.covers, rareA.covers, rareB.covers]

describe('a font file', () => {
  it('says what its family is called', () => {
    expect([serif.family, rareA.family, rareB.family]).toEqual(['Noto Serif SC', 'HanaMinA', 'HanaMinB'])
  })

  it('says which characters it has a glyph for, in the BMP and beyond', () => {
    const has = ['孙', '㛃', '䶮', '·', '〔', '\u{20bb7}', '\u{2b8b8}', '\u{2ceb0}', '\u{31350}', '\ue000', '\uffff']
    const covered = [serif, rareA, rareB].map(({ covers }) => has.map((character) => (isCovered(covers, character.codePointAt(0)!) ? 1 : 0)).join(''))
    expect(covered).toEqual(['11111010000', '11111110000', '00000111000'])
  })

  it('is told from a file that is none, or that is broken', () => {
    expect(readFontFaces(join(packages, 'noto-serif-sc/package.json'))).toBeUndefined()
    const folder = mkdtempSync(join(tmpdir(), 'comity-font-'))
    const broken = join(folder, 'broken.ttf')
    writeFileSync(broken, readFileSync('/usr/share/fonts/truetype/hanazono/HanaMinA.ttf').subarray(0, 3000))
    expect(readFontFaces(broken)?.[0]?.covers.some((bits) => bits !== 0) ?? false).toBe(false)
    writeFileSync(
      broken,
      Buffer.concat([Buffer.from([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), Buffer.from('cmap\0\0\0\0\0\0\0\x1c\0\0\0\x06\0\0\0\x09\0\0', 'latin1')]),
    )
    expect(readFontFaces(broken)).toBeUndefined()
    rmSync(folder, { recursive: true })
  })
})

describe('a text on paper', () => {
  it.each([
    ['孙远敏 Sun Yuanmin, 1996', []],
    ['买买提·艾力', []],
    ['\u{20bb7}㛃䶮\u{2b8b8}\u{2ceb0}', []],
    ['#let x = [*b*] \\ $m$ `r` <l> @a // "q"', []],
  ])('stays as it is where a font has every character: %s', (text, missing) => {
    expect(printableText(text, fonts)).toEqual({ text, missing })
  })

  it.each([
    ['孙\u{31350}', '孙〔U+31350〕', ['U+31350']],
    // One of the fonts has a shape for these two: one that is its own, and one that nobody sees.
    ['\uf137', '〔U+F137〕', ['U+F137']],
    ['\u3164', '〔U+3164〕', ['U+3164']],
    ['a\u0000b\u001b[2J', 'a〔U+0000〕b〔U+001B〕[2J', ['U+0000', 'U+001B']],
    ['孙\u202e敏远', '孙〔U+202E〕敏远', ['U+202E']],
    ['王\u200b伟\ufeff\u00ad\u2066', '王〔U+200B〕伟〔U+FEFF〕〔U+00AD〕〔U+2066〕', ['U+200B', 'U+FEFF', 'U+00AD', 'U+2066']],
    ['a\nb\u2028', 'a〔U+000A〕b〔U+2028〕', ['U+000A', 'U+2028']],
    ['\u0301e', '〔U+0301〕e', ['U+0301']],
    ['\u{31350}\u0301', '〔U+31350〕〔U+0301〕', ['U+31350', 'U+0301']],
    ['\u{2ceb0}\u0301', '\u{2ceb0}〔U+0301〕', ['U+0301']],
    ['\ud800', '〔U+D800〕', ['U+D800']],
  ])('shows what cannot be shown, and obeys nothing: %j', (text, printed, missing) => {
    expect(printableText(text, fonts)).toEqual({ text: printed, missing })
  })

  it('never lets the unified ideograph stand for a compatibility ideograph, which is a character of its own in registers', () => {
    expect(printableText('\u{2f800}', [serif.covers])).toEqual({ text: '〔U+2F800〕', missing: ['U+2F800'] })
  })

  it('keeps a variant of a character, which any font may show as the character itself', () => {
    expect(printableText('葛\u{e0100}城', fonts)).toEqual({ text: '葛\u{e0100}城', missing: [] })
    expect(printableText('\u{e0100}城', fonts).missing).toEqual(['U+E0100'])
  })

  it('keeps a letter with its marks where one font has both', () => {
    expect(printableText('Nguye\u0302\u0303n', fonts)).toEqual({ text: 'Nguye\u0302\u0303n', missing: [] })
  })
})
