import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'

import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

/** An object of a PDF: its text, or its dictionary and the bytes of its stream. */
export type PdfObject = string | readonly [dictionary: string, data: Uint8Array]

/** A PDF of these objects, numbered from 1; the first is the catalog. */
export function pdfOf(objects: readonly PdfObject[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  let length = parts[0]!.length
  const push = (part: string | Uint8Array): void => {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)
    parts.push(bytes)
    length += bytes.length
  }
  const places = objects.map((object, index) => {
    const place = length
    push(`${index + 1} 0 obj\n`)
    if (typeof object === 'string') push(object)
    else for (const part of [object[0], '\nstream\n', object[1], '\nendstream']) push(part)
    push('\nendobj\n')
    return place
  })
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  const start = length
  push(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`)
  push(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`)
  return Buffer.concat(parts)
}

/** Catalog, page tree and an empty page. The catalog's names are `embedded`. */
export const pageOf = (embedded: string): readonly PdfObject[] => [
  `<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles ${embedded} >> >>`,
  '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
]

/** The stream of an attachment. */
export function embedded(content: string | Uint8Array, filter: 'none' | 'flate' = 'flate', more = ''): PdfObject {
  const data = filter === 'flate' ? deflateSync(content) : Buffer.from(content)
  return [`<< /Type /EmbeddedFile ${filter === 'flate' ? '/Filter /FlateDecode ' : ''}/Length ${data.length} ${more}>>`, data]
}

/** A PDF with these attachments, which are called a0, a1, ... */
export function pdfWith(attachments: readonly PdfObject[]): Buffer {
  const names = attachments.map((_, index) => `(a${index}) ${4 + 2 * index} 0 R`).join(' ')
  const files = attachments.flatMap((stream, index) => [`<< /Type /Filespec /F (a${index}) /UF (a${index}) /EF << /F ${5 + 2 * index} 0 R >> >>`, stream])
  return pdfOf([...pageOf(`<< /Names [${names}] >>`), ...files])
}

/** A later revision, as an editor appends it: the page says something else now. */
export const withRevision = (pdf: Uint8Array, text: string): Buffer => {
  const place = pdf.length
  const start = String(Buffer.from(pdf).indexOf('xref'))
  const object = `3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Comment (${text}) >>\nendobj\n`
  const table = `xref\n3 1\n${String(place).padStart(10, '0')} 00000 n \n`
  return Buffer.concat([pdf, Buffer.from(`${object}${table}trailer\n<< /Size 10 /Root 1 0 R /Prev ${start} >>\nstartxref\n${place + object.length}\n%%EOF\n`)])
}

/** A certificate's PDF as Typst makes it, with the record attached, or with this code printed on it. */
export function typstPdf(content: { readonly record?: string; readonly picture?: Uint8Array }): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'comity-typst-'))
  try {
    writeFileSync(join(folder, 'record.sd-jwt'), content.record ?? '')
    if (content.picture !== undefined) writeFileSync(join(folder, 'code.jpg'), content.picture)
    const attached =
      content.record === undefined ? '' : '#pdf.embed("record.sd-jwt", relationship: "data", mime-type: "application/dc+sd-jwt", description: "record")'
    const drawn = content.picture === undefined ? '' : '#image("code.jpg", width: 100%)'
    writeFileSync(
      join(folder, 'main.typ'),
      `#set document(date: datetime(year: 2026, month: 6, day: 1), title: "certificate")\n#set page("a4", margin: 0pt)\n${attached}\n${drawn}\n`,
    )
    const compiler = NodeCompiler.create({ workspace: folder })
    return compiler.pdf({ mainFilePath: join(folder, 'main.typ') }, { pdfStandard: 'a-3b', creationTimestamp: 0 })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The file as Debian's qpdf writes it with these options. */
export function byQpdf(pdf: Uint8Array, ...options: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'comity-qpdf-'))
  const [from, to] = [join(folder, 'from.pdf'), join(folder, 'to.pdf')]
  try {
    writeFileSync(from, pdf)
    execFileSync(
      'qpdf',
      ['--deterministic-id', ...options, from, to].filter((word) => word !== '--deterministic-id' || !options.includes('--encrypt')),
    )
    return readFileSync(to)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
