import { gzipSync } from 'node:zlib'

import { describe, expect, it } from 'vitest'

import { embedded, pdfWith } from '../../web/read/make-pdf.ts'
import { pngOf, pngOfCode } from '../../web/read/make-png.ts'
import { useTestPage } from '../../web/read/open-test-page.ts'
import { codeOf, longDigits } from '../../web/read/page/test-code.ts'
import { record as title } from '../../web/read/records.ts'
import { expectEach, nothing, record, unread } from './expect-each.ts'

const visitor = useTestPage()
const digits = longDigits('1')
const good = pngOfCode(codeOf(digits))
const goodAnswer = [record(digits, 'picture')]

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const jpegOf = (width: number, height: number): Buffer => {
  const frame = Buffer.alloc(4)
  frame.writeUInt16BE(height, 0)
  frame.writeUInt16BE(width, 2)
  return Buffer.concat([latin1('\xff\xd8\xff\xc0\0\x0b\x08'), frame, latin1('\x01\x01\x11\0\xff\xd9')])
}
const photo = async (): Promise<Uint8Array> =>
  Uint8Array.from(await visitor().call('draw', { texts: [codeOf(digits)], width: 900, height: 900, module: 6, quality: 0.8 }))

describe('a picture', () => {
  const cat = pngOf(64, 64, Buffer.alloc(64 * 65))
  const white = Buffer.concat(Array.from({ length: 5000 }, () => Buffer.concat([Buffer.alloc(1), Buffer.alloc(8000, 255)])))
  expectEach(visitor, () => good, goodAnswer, [
    ['without a code', () => cat, nothing('picture-without-code')],
    ['of a code of something else', () => pngOfCode('https://example.com/menu'), nothing('code-of-something-else')],
    ['of a code that is damaged', () => pngOfCode(codeOf('012345')), unread('code-damaged')],
    ['of a code from the future', () => pngOfCode(codeOf('912345')), unread('code-too-new')],
    ['of a code whose text is markup', () => pngOfCode('<img src=x onerror=alert(1)>'), nothing('code-of-something-else')],
    ['that claims 50,000 × 50,000', () => pngOf(50_000, 50_000, Buffer.alloc(100)), unread('picture-too-large')],
    ['that claims one pixel of height too many', () => pngOf(10, 12_001, Buffer.alloc(100)), unread('picture-too-large')],
    ['that claims more pixels than are looked at', () => pngOf(8000, 5001, Buffer.alloc(100)), unread('picture-too-large')],
    ['of as many pixels as are looked at, in a few bytes', () => pngOf(8000, 5000, white), nothing('picture-without-code')],
    ['JPEG that claims 50,000 × 50,000', () => jpegOf(50_000, 50_000), unread('picture-too-large')],
    [
      'GIF of one pixel, with a picture of 60,000 × 60,000 on it',
      () => latin1('GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x60\xea\x60\xea\0\x02\x02L\x01\0;'),
      unread('picture-too-large'),
    ],
    ['that is only a beginning', () => good.subarray(0, 20), unread('picture-damaged')],
    ['cut', () => good.subarray(0, 60), unread('picture-damaged')],
    ['with a header and garbage', () => Buffer.concat([good.subarray(0, 33), Buffer.alloc(2000, 7)]), unread('picture-damaged')],
    ['JPEG without content', () => jpegOf(100, 100), unread('picture-damaged')],
    ['HEIC', () => latin1(`\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x14ispe\0\0\0\0\0\0\x0f\xc0\0\0\x0b\xd0`), unread('picture-kind-unread')],
    ['TIFF', () => latin1(`II*\0\x08\0\0\0${'\0'.repeat(100)}`), unread('picture-kind-unread')],
  ])
})

describe('a drawing is refused and never shown', () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="fetch('https://example.com')"><script>fetch('https://example.com')</script></svg>`
  expectEach(visitor, () => good, goodAnswer, [
    ['with a script', () => Buffer.from(svg), unread('svg-refused')],
    ['behind a declaration', () => Buffer.from(`<?xml version="1.0"?>\n<!-- ${'x'.repeat(1000)} -->${svg}`), unread('svg-refused')],
    ['with a byte order mark', () => Buffer.from(`\ufeff${svg}`), unread('svg-refused')],
    ['in UTF-16', () => Buffer.from(`\ufeff${svg}`, 'utf16le'), unread('svg-refused')],
    ['compressed', () => gzipSync(svg), unread('svg-refused')],
    ['compressed, and gigabytes long', () => gzipSync(Buffer.concat([Buffer.from(svg), Buffer.alloc(512 * 1024 * 1024, 32)])), unread('svg-refused')],
    ['something else that is compressed', () => gzipSync(title), nothing('format-unknown')],
  ])
})

describe('a picture that is also something else is read as a picture', () => {
  it('and said to be both, when a PDF follows', async () => {
    const both = Buffer.concat([await photo(), pdfWith([embedded(title)])])
    expect((await visitor().read(both)).found).toEqual([record(digits, 'picture', 'two-kinds-of-file')])
    expect((await visitor().read(await photo())).found).toEqual(goodAnswer)
  })
})
