import { deflateSync } from 'node:zlib'

import { describe, expect, it } from 'vitest'

import { scanPdf, type ScannedPdf } from '#web/read/scan-pdf.ts'

import { byQpdf, embedded, pdfOf, pdfWith, typstPdf, withRevision } from './make-pdf.ts'
import { otherRecord, proofOf, record } from './records.ts'

const plain: ScannedPdf = { records: [record], proofs: [], others: 0, hasUnread: false, hasMore: false, isEncrypted: false, isChanged: false, hasEnd: true }
const certificate = typstPdf({ record })

describe('the attached record', () => {
  it.each<[string, Uint8Array]>([
    ['by Typst', certificate],
    ['by qpdf, with object streams', byQpdf(certificate, '--object-streams=generate')],
    ['by qpdf, without any compression', byQpdf(certificate, '--stream-data=uncompress', '--decode-level=all')],
    ['by qpdf, for reading over a network', byQpdf(certificate, '--linearize')],
    ['compressed', pdfWith([embedded(record)])],
    ['as it is', pdfWith([embedded(record, 'none')])],
    ['with a line end behind it', pdfWith([embedded(`${record}\n`)])],
    ['with a length that stands elsewhere', pdfWith([['<< /Type/EmbeddedFile /Filter[/FlateDecode] /Length 9 0 R >>', deflateSync(record)]])],
    ['with a length that is a lie', pdfWith([['<< /Type/EmbeddedFile /Filter/FlateDecode /Length 3 >>', deflateSync(record)]])],
    ['with names that begin like others', pdfWith([['<< /Type /EmbeddedFile /FilterX /No /Length1 7 /Filter /FlateDecode >>', deflateSync(record)]])],
  ])('is found as it was written %s', async (_name, pdf) => {
    expect(await scanPdf(pdf)).toEqual(plain)
  })

  it('is found beside another, and beside files that are none', async () => {
    const pdf = pdfWith([embedded('<xml/>'), embedded(record), embedded(otherRecord), embedded(new Uint8Array([0, 1, 2]))])
    expect(await scanPdf(pdf)).toEqual({ ...plain, records: [record, otherRecord], others: 2 })
  })

  it('is found with the log proofs beside it, which are none of the others', async () => {
    const pdf = pdfWith([embedded(proofOf(record)), embedded(record), embedded('c2sp.org/tlog-proof@v10\n'), embedded(proofOf(record))])
    expect(await scanPdf(pdf)).toEqual({ ...plain, proofs: [proofOf(record)], others: 1 })
  })

  it('is found behind the word that ends a stream', async () => {
    expect(await scanPdf(pdfWith([embedded(`a\nendstream\nendobj\n${record}`, 'none')]))).toEqual(plain)
  })

  it('is not taken from streams that are no attachments', async () => {
    const stream = ['<< /Type /EmbeddedFiles /Length 9 >>', Buffer.from(record)] as const
    expect(await scanPdf(pdfOf(['<< /Type /Catalog >>', stream]))).toEqual({ ...plain, records: [] })
  })
})

describe('what happened to the file since', () => {
  it.each<[string, Uint8Array, Partial<ScannedPdf>]>([
    ['a further revision', withRevision(pdfWith([embedded(record)]), 'senior'), { isChanged: true }],
    ['bytes behind its end', Buffer.concat([certificate, Buffer.from('more')]), { isChanged: true }],
    ['blank lines behind its end', Buffer.concat([certificate, Buffer.from('\r\n\n')]), {}],
    ['the end cut off', certificate.subarray(0, certificate.lastIndexOf('startxref')), { isChanged: true, hasEnd: false }],
    ['a further revision of a file for reading over a network', withRevision(byQpdf(certificate, '--linearize'), 'senior'), { isChanged: true }],
  ])('is seen: %s', async (_name, pdf, changes) => {
    expect(await scanPdf(pdf)).toEqual({ ...plain, ...changes })
  })

  it('is seen, and what a later revision replaced still shows', async () => {
    const pdf = pdfWith([embedded(record)])
    const replaced = Buffer.concat([
      pdf,
      Buffer.from('5 0 obj\n<< /Type /EmbeddedFile >>\nstream\n'),
      Buffer.from(otherRecord),
      Buffer.from('\nendstream\nendobj\n'),
      pdf.subarray(-20),
    ])
    expect(await scanPdf(replaced)).toMatchObject({ records: [record, otherRecord], isChanged: true })
  })

  it('is seen: the attachment itself was spoilt', async () => {
    const pdf = Buffer.from(pdfWith([embedded(record)]))
    const at = pdf.indexOf('stream\n', pdf.indexOf('/EmbeddedFile ')) + 600
    pdf.writeUInt8(pdf.readUInt8(at) ^ 1, at)
    expect(await scanPdf(pdf)).toEqual({ ...plain, records: [], hasUnread: true })
  })

  it('is seen: it was encrypted', async () => {
    expect(await scanPdf(byQpdf(certificate, '--encrypt', '', 'owner', '256', '--'))).toMatchObject({ records: [], isEncrypted: true })
    expect(await scanPdf(byQpdf(certificate, '--object-streams=generate', '--encrypt', 'user', 'owner', '256', '--'))).toMatchObject({ isEncrypted: true })
  })
})

describe('a file that means harm', () => {
  it('has no attachment inflated further than a record goes', async () => {
    const bomb = embedded(Buffer.alloc(64 * 1024 * 1024))
    const nearly = embedded(`${record}\n${' '.repeat(256 * 1024)}`)
    expect(await scanPdf(pdfWith([bomb, nearly, embedded(record)]))).toEqual({ ...plain, hasUnread: true })
  })

  it('has no more than a thousand attachments looked at', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => embedded(`${index}`, 'none'))
    expect(await scanPdf(pdfWith([embedded(record), ...many]))).toEqual({ ...plain, others: 999, hasMore: true })
  })

  it('is gone through once, whatever it repeats', async () => {
    for (const repeated of ['>>stream\n', 'obj<<>>stream\nendstream', 'startxref 1 ', '%%EOF', '/Encrypt', 'endstream']) {
      const pdf = Buffer.concat([pdfWith([embedded(record)]), Buffer.from(repeated.repeat(400_000))])
      expect(await scanPdf(pdf)).toMatchObject({ records: [record], isChanged: true })
    }
  })
})
