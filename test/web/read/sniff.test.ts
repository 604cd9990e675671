import { gzipSync } from 'node:zlib'

import { describe, expect, it } from 'vitest'

import { pictureSize } from '#web/read/picture-size.ts'
import { sniff, type FileKind, type PictureKind } from '#web/read/sniff.ts'

import { record } from './records.ts'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('what a file is', () => {
  it.each<[FileKind, string, Uint8Array]>([
    ['pdf', 'a PDF', latin1('%PDF-1.7\n')],
    ['png', 'a PNG', latin1('\x89PNG\r\n\x1a\n')],
    ['jpeg', 'a JPEG', latin1('\xff\xd8\xff\xe0')],
    ['gif', 'a GIF', latin1('GIF89a')],
    ['webp', 'a WebP', latin1('RIFF\x10\0\0\0WEBPVP8 ')],
    ['other', 'a sound', latin1('RIFF\x10\0\0\0WAVEfmt ')],
    ['bmp', 'a BMP', latin1('BM\x10\0\0\0\0\0\0\0')],
    ['text', 'a text that begins with BM', latin1('BMW 3.0')],
    ['heif', 'a HEIC', latin1('\0\0\0\x18ftypheic')],
    ['other', 'a film', latin1('\0\0\0\x18ftypisom')],
    ['tiff', 'a TIFF', latin1('II*\0')],
    ['gzip', 'a gzip', gzipSync('x')],
    ['other', 'a ZIP', latin1('PK\x03\x04\0\0')],
    ['other', 'a program', latin1('MZ\0\0')],
    ['other', 'a web page', latin1('\n<!doctype html><p>eyJ')],
    ['other', 'XML', latin1('<?xml version="1.0"?><invoice/>')],
    ['svg', 'a drawing', latin1('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['svg', 'a drawing behind much else', latin1('<?xml version="1.0"?>\n<!-- <p> -->\n<!DOCTYPE svg>\n<svg:svg>')],
    ['svg', 'a drawing with a byte order mark', Buffer.from('\ufeff<svg/>', 'utf8')],
    ['svg', 'a drawing in UTF-16', Buffer.from('\ufeff<svg/>', 'utf16le')],
    ['text', 'a record', latin1(record)],
    ['text', 'a record behind a byte order mark', Buffer.from(`\ufeff${record}`, 'utf8')],
    ['text', 'a record in UTF-16', Buffer.from(`\ufeff${record}`, 'utf16le')],
    ['text', 'words in GB18030', Buffer.from([0xc6, 0xbe, 0xd6, 0xa4])],
    ['text', 'a PDF that says so later', latin1('# %PDF-1.7')],
  ])('is %s: %s', (kind, _name, head) => {
    expect(sniff(head)).toBe(kind)
  })
})

const u16 = (value: number): string => String.fromCharCode(value >> 8, value & 255)
const u16le = (value: number): string => String.fromCharCode(value & 255, value >> 8)
const u24le = (value: number): string => u16le(value & 0xffff) + String.fromCharCode(value >> 16)
const u32 = (value: number): string => u16(value >>> 16) + u16(value & 0xffff)
const u32le = (value: number): string => u16le(value & 0xffff) + u16le(value >>> 16)

describe('the size that a header claims', () => {
  it.each<[PictureKind, string, string, readonly [number, number] | undefined]>([
    ['png', 'its header chunk', `\x89PNG\r\n\x1a\n${u32(13)}IHDR${u32(50_000)}${u32(40_000)}`, [50_000, 40_000]],
    ['png', 'another chunk first', `\x89PNG\r\n\x1a\n${u32(13)}tEXt${u32(50_000)}${u32(40_000)}`, undefined],
    ['png', 'cut', '\x89PNG\r\n\x1a\n', undefined],
    ['jpeg', 'a frame behind a comment and fill bytes', `\xff\xd8\xff\xfe${u16(4)}ab\xff\xff\xc2${u16(11)}\x08${u16(3000)}${u16(4000)}\x01`, [4000, 3000]],
    ['jpeg', 'the largest of two frames', `\xff\xd8\xff\xc0${u16(7)}\x08${u16(10)}${u16(20)}\xff\xc1${u16(7)}\x08${u16(9000)}${u16(5)}\0\0\0`, [20, 9000]],
    ['jpeg', 'no frame before the scan', `\xff\xd8\xff\xda${u16(4)}ab\xff\xc0${u16(7)}\x08${u16(10)}${u16(20)}\0\0`, undefined],
    ['gif', 'the screen', `GIF89a${u16le(300)}${u16le(200)}\0\0\0;`, [300, 200]],
    [
      'gif',
      'a picture larger than the screen',
      `GIF89a${u16le(1)}${u16le(1)}\x80\0\0abcdef!\xf9\x02zz\0,${u16le(5)}${u16le(0)}${u16le(60_000)}${u16le(7)}\0`,
      [60_005, 7],
    ],
    ['webp', 'lossy', `RIFF${u32le(30)}WEBPVP8 ${u32le(18)}\0\0\0\x9d\x01\x2a${u16le(640)}${u16le(0x8000 + 480)}`, [640, 480]],
    ['webp', 'lossless', `RIFF${u32le(30)}WEBPVP8L${u32le(18)}\x2f${u32le(((199 << 14) | 99) >>> 0)}${'\0'.repeat(8)}`, [100, 200]],
    [
      'webp',
      'extended, with a picture that is wider',
      `RIFF${u32le(60)}WEBPVP8X${u32le(10)}\0\0\0\0${u24le(16)}${u24le(70_000)}VP8 ${u32le(18)}\0\0\0\x9d\x01\x2a${u16le(640)}${u16le(480)}`,
      [640, 70_001],
    ],
    ['bmp', 'upside down', `BM${'\0'.repeat(12)}${u32le(40)}${u32le(30)}${u32le(-20 >>> 0)}`, [30, 20]],
    ['bmp', 'of the first kind', `BM${'\0'.repeat(12)}${u32le(12)}${u16le(30)}${u16le(20)}\0\0\0\0`, [30, 20]],
    [
      'heif',
      'tiles and the whole',
      `\0\0\0\x18ftypheic\0\0\0\0\0\0\0\x14ispe\0\0\0\0${u32(512)}${u32(512)}\0\0\0\x14ispe\0\0\0\0${u32(4032)}${u32(3024)}`,
      [4032, 3024],
    ],
    ['tiff', 'never', 'II*\0', undefined],
  ])('is read from a %s: %s', (kind, _name, bytes, expected) => {
    expect(pictureSize(kind, latin1(bytes))).toEqual(expected === undefined ? undefined : { width: expected[0], height: expected[1] })
  })
})
