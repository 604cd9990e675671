import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'

import { afterAll, describe, expect, it } from 'vitest'

import { byQpdf, embedded, pageOf, pdfOf, pdfWith, typstPdf, withRevision, type PdfObject } from '../../web/read/make-pdf.ts'
import { useTestPage } from '../../web/read/open-test-page.ts'
import { codeOf, longDigits } from '../../web/read/page/test-code.ts'
import { otherRecord, record as title } from '../../web/read/records.ts'
import { expectEach, nothing, record, unread } from './expect-each.ts'

const visitor = useTestPage()
const certificate = typstPdf({ record: title })
const found = [record(title, 'pdf')]
const simple = pdfWith([embedded(title)])

const folder = mkdtempSync(join(tmpdir(), 'comity-offer-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A file of 500 MB that begins like this, and has no content on disk. */
function hugeFile(begin: string): string {
  const path = join(folder, 'huge')
  writeFileSync(path, begin)
  truncateSync(path, 500 * 1024 * 1024)
  return path
}

/** A page with this content, and these objects from number 5 on. */
const drawn = (content: PdfObject, resources: string, objects: readonly PdfObject[] = [], box = '0 0 595 842'): Buffer =>
  pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [${box}] /Contents 4 0 R /Resources << ${resources} >> >>`,
    content,
    ...objects,
  ])
const plainStream = (text: string, dictionary = ''): PdfObject => [`<< /Length ${text.length} ${dictionary} >>`, Buffer.from(text)]
const bomb = deflateSync(Buffer.alloc(1024 * 1024 * 1024), { level: 9 })
const bombStream = (dictionary: string): PdfObject => [`<< /Length ${bomb.length} /Filter /FlateDecode ${dictionary} >>`, bomb]

describe('a PDF', () => {
  expectEach(visitor, () => certificate, found, [
    ['without an attachment', () => pdfOf(pageOf('<< >>')), nothing('pdf-without-record')],
    ['with an attachment that is no record', () => pdfWith([embedded('<invoice/>')]), nothing('pdf-without-record')],
    ['with a record and something else', () => pdfWith([embedded('<invoice/>'), embedded(title)]), [record(title, 'pdf', 'other-attachments')]],
    [
      'with two records',
      () => pdfWith([embedded(title), embedded(otherRecord)]),
      [record(title, 'pdf', 'several-records'), record(otherRecord, 'pdf', 'several-records')],
    ],
    ["with another person's record", () => typstPdf({ record: otherRecord }), [record(otherRecord, 'pdf')]],
    ['altered after issue, with the record intact', () => withRevision(simple, 'Senior engineer'), [record(title, 'pdf', 'pdf-changed-after-issue')]],
    ['with bytes behind its end', () => Buffer.concat([certificate, Buffer.from('more')]), [record(title, 'pdf', 'pdf-changed-after-issue')]],
    ['encrypted', () => byQpdf(certificate, '--encrypt', 'user', 'owner', '256', '--'), unread('pdf-encrypted')],
    ['encrypted the old way', () => byQpdf(certificate, '--allow-weak-crypto', '--encrypt', 'user', 'owner', '40', '--'), unread('pdf-encrypted')],
    ['encrypted, but for everybody to open', () => byQpdf(certificate, '--encrypt', '', 'owner', '256', '--'), found],
    ['of 500 MB', () => hugeFile('%PDF-1.7\n'), unread('file-too-large')],
    ['that is only a beginning', () => Buffer.from('%PDF-1.7\n'), unread('pdf-damaged')],
    ['that is garbage', () => Buffer.from(`%PDF-1.7\n${'\0\xff garbage '.repeat(1000)}`, 'latin1'), unread('pdf-damaged')],
    ['cut before its attachment', () => simple.subarray(0, simple.indexOf('/EmbeddedFile ') - 20), unread('pdf-damaged')],
    ['cut inside its attachment', () => simple.subarray(0, simple.indexOf('/EmbeddedFile ') + 700), unread('pdf-damaged')],
    ['cut behind its attachment', () => simple.subarray(0, simple.lastIndexOf('xref')), [record(title, 'pdf', 'pdf-changed-after-issue')]],
  ])

  it('that shows something else as soon as a byte of the attachment is changed is damaged, and not a forgery', async () => {
    const spoilt = Buffer.from(simple)
    const at = simple.indexOf('/EmbeddedFile ') + 700
    spoilt.writeUInt8(simple.readUInt8(at) ^ 1, at)
    expect((await visitor().read(spoilt)).found).toEqual(unread('pdf-damaged'))
  })
})

describe('a PDF that means harm', () => {
  const deep = ['<< /Type /Catalog /Pages 2 0 R >>', ...Array.from({ length: 50_000 }, (_, i) => `<< /Type /Pages /Count 1 /Kids [${i + 3} 0 R] >>`)]
  const start = (pdf: Buffer): string => /startxref\n(\d+)/.exec(pdf.toString('latin1'))?.[1] ?? ''
  const empty = pdfOf(pageOf('<< >>'))

  expectEach(visitor, () => certificate, found, [
    ['an attachment that inflates to a gigabyte', () => pdfWith([bombStream('/Type /EmbeddedFile')]), unread('pdf-damaged')],
    ['the same beside a record', () => pdfWith([bombStream('/Type /EmbeddedFile'), embedded(title)]), [record(title, 'pdf', 'other-attachments')]],
    [
      'the same, encrypted for everybody to open',
      () => byQpdf(pdfWith([bombStream('/Type /EmbeddedFile')]), '--encrypt', '', 'owner', '256', '--'),
      unread('pdf-damaged'),
    ],
    ['a page whose content inflates to a gigabyte', () => drawn(bombStream(''), ''), nothing('pdf-without-record')],
    ['ten thousand attachments', () => pdfWith(Array.from({ length: 10_000 }, (_, i) => embedded(`${i}`))), unread('file-too-large')],
    ['names that lead back to themselves', () => pdfOf([...pageOf('4 0 R'), '<< /Kids [4 0 R 4 0 R] >>']), nothing('pdf-without-record')],
    [
      'revisions that lead back to themselves',
      () => Buffer.from(empty.toString('latin1').replace('/Root', `/Prev ${start(empty)} /Root`), 'latin1'),
      nothing('pdf-without-record'),
    ],
    ['a tree of pages fifty thousand deep', () => pdfOf([...deep, '<< /Type /Page >>']), nothing('pdf-without-record')],
    [
      'a page inside itself',
      () =>
        drawn(plainStream('/F Do'), '/XObject << /F 5 0 R >>', [
          plainStream('/F Do /F Do', '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>'),
        ]),
      nothing('pdf-without-record'),
    ],
    ['lists a million deep', () => drawn(plainStream(''), `/X ${'['.repeat(1e6)}`), nothing('pdf-without-record')],
    ['a page of a square kilometre', () => drawn(plainStream('0 0 99 99 re f'), '', [], '0 0 2834645 2834645'), nothing('pdf-without-record')],
    [
      'a picture of 50,000 × 50,000',
      () =>
        drawn(plainStream('595 0 0 842 0 0 cm /I Do'), '/XObject << /I 5 0 R >>', [
          bombStream('/Type /XObject /Subtype /Image /Width 50000 /Height 50000 /BitsPerComponent 8 /ColorSpace /DeviceGray'),
        ]),
      nothing('pdf-without-record'),
    ],
    [
      'a script that runs when it is opened',
      () =>
        pdfOf([
          '<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.launchURL\\("https://example.com"\\)) >> >>',
          ...pageOf('<< >>').slice(1),
        ]),
      nothing('pdf-without-record'),
    ],
  ])
})

describe('a PDF that is also something else is read as a PDF, and said to be both', () => {
  const archive = Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`, 'latin1')
  const page = Buffer.from('<html><script>alert(1)</script>')
  const withComment = Buffer.concat([Buffer.from('%PDF-1.7\n% <!doctype html><h1>something else</h1>\n'), simple.subarray(9)])
  expectEach(visitor, () => certificate, found, [
    ['a ZIP archive', () => Buffer.concat([certificate, archive]), [record(title, 'pdf', 'pdf-changed-after-issue', 'two-kinds-of-file')]],
    ['a web page', () => Buffer.concat([certificate, page]), [record(title, 'pdf', 'pdf-changed-after-issue', 'two-kinds-of-file')]],
    ['a web page in its first comment', () => withComment, [record(title, 'pdf', 'two-kinds-of-file')]],
    ['a PDF behind a text is a text', () => Buffer.concat([Buffer.from('hello\n'), simple]), nothing('format-unknown')],
  ])
})

describe('a PDF that only shows its code', () => {
  const digits = longDigits('1')
  const sheet = { texts: [codeOf(digits)], width: 1240, height: 1754, module: 2.48 }

  it('is read from a page that was scanned, rotated by 3° and blurred', async () => {
    const scan = typstPdf({ picture: Uint8Array.from(await visitor().call('draw', { ...sheet, degrees: 3, blur: 0.7 })) })
    expect((await visitor().read(scan)).found).toEqual([record(digits, 'paper-code')])
  })

  it('is read from a page that was scanned out of focus', async () => {
    const scan = typstPdf({ picture: Uint8Array.from(await visitor().call('draw', { ...sheet, degrees: 3, blur: 1.1 })) })
    expect((await visitor().read(scan)).found).toEqual([record(digits, 'paper-code')])
  })

  it('is read from a page that was scanned in black and white', async () => {
    // Drawn as the others, and encoded by libtiff 4.5 (tiffcp -c g4).
    const data = readFileSync(new URL('../../web/read/scanned-code.bin', import.meta.url))
    const image = '/Type /XObject /Subtype /Image /Width 512 /Height 480 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode'
    const stream: PdfObject = [`<< ${image} /DecodeParms << /K -1 /Columns 512 /Rows 480 >> /Length ${data.length} >>`, data]
    const scan = drawn(plainStream('123 0 0 115 300 300 cm /I Do'), '/XObject << /I 5 0 R >>', [stream])
    expect((await visitor().read(scan)).found).toEqual([record(digits, 'paper-code')])
  })

  it('answers for codes that are damaged or of something else', async () => {
    const showing = async (text: string): Promise<Buffer> => typstPdf({ picture: Uint8Array.from(await visitor().call('draw', { ...sheet, texts: [text] })) })
    expect((await visitor().read(await showing(codeOf(longDigits('0'))))).found).toEqual(unread('code-damaged'))
    expect((await visitor().read(await showing('https://example.com/menu'))).found).toEqual(nothing('pdf-without-record'))
  })
})
