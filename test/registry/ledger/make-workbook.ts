import { PassThrough } from 'node:stream'
import { archiveWriter } from '#registry/ledger/write-archive.ts'

/** An archive of these parts, in this order. */
export async function archive(parts: readonly (readonly [name: string, content: string])[]): Promise<Buffer> {
  const sink = new PassThrough()
  const chunks: Buffer[] = []
  sink.on('data', (chunk: Buffer) => chunks.push(chunk))
  const writer = archiveWriter(sink)
  for (const [name, content] of parts) {
    const part = await writer.part(name)
    await part.write(content)
    await part.end()
  }
  await writer.close()
  sink.end()
  await new Promise((resolve) => sink.once('end', resolve))
  return Buffer.concat(chunks)
}

const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

export interface WorkbookParts {
  readonly sheets?: readonly { readonly xml: string; readonly state?: string }[]
  readonly sharedStrings?: string
  readonly styles?: string
  readonly workbookPr?: string
  readonly mainType?: string
  readonly more?: readonly (readonly [name: string, content: string])[]
}

/** A workbook as a spreadsheet program writes it, with whatever is wrong with it put in by hand. */
export function workbook({
  sheets = [],
  sharedStrings,
  styles,
  workbookPr = '',
  mainType = `${types}.sheet.main+xml`,
  more = [],
}: WorkbookParts): Promise<Buffer> {
  const relationships = [
    ...sheets.map((_, index) => `<Relationship Id="rId${index + 1}" Type="${office}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`),
    `<Relationship Id="rId90" Type="${office}/sharedStrings" Target="/xl/sharedStrings.xml"/>`,
    `<Relationship Id="rId91" Type="${office}/styles" Target="styles.xml"/>`,
  ]
  return archive([
    ['[Content_Types].xml', `<Types><Override PartName="/xl/workbook.xml" ContentType="${mainType}"/></Types>`],
    ['_rels/.rels', `<Relationships><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    [
      'xl/workbook.xml',
      `<workbook xmlns:r="${office}">${workbookPr}<sheets>${sheets.map(({ state }, index) => `<sheet name="s${index}" sheetId="${index + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`,
    ],
    ['xl/_rels/workbook.xml.rels', `<Relationships>${relationships.join('')}</Relationships>`],
    ...sheets.map(({ xml }, index) => [`xl/worksheets/sheet${index + 1}.xml`, xml] as const),
    ...(sharedStrings === undefined ? [] : [['xl/sharedStrings.xml', sharedStrings] as const]),
    ...(styles === undefined ? [] : [['xl/styles.xml', styles] as const]),
    ...more,
  ])
}

/** A sheet of rows, each row given with all its cells as XML. */
export const sheet = (...rows: readonly string[]): { readonly xml: string } => ({ xml: `<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>` })

export const inline = (reference: string, text: string): string => `<c r="${reference}" t="inlineStr"><is><t>${text}</t></is></c>`

/** A directory of so many entries with nothing in them (APPNOTE 4.3.14, ZIP64 end of central directory). */
export function archiveOfEntries(count: number): Buffer {
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  const entries = Buffer.alloc(count * 52)
  for (let index = 0; index < count; index++) {
    const at = index * 52
    entries.writeUInt32LE(0x02014b50, at)
    entries.writeUInt16LE(20, at + 6)
    entries.writeUInt16LE(6, at + 28)
    entries.write(index.toString(36).padStart(6, '0'), at + 46)
  }
  const end64 = Buffer.alloc(56 + 20)
  end64.writeUInt32LE(0x06064b50, 0)
  end64.writeBigUInt64LE(44n, 4)
  end64.writeBigUInt64LE(BigInt(count), 24)
  end64.writeBigUInt64LE(BigInt(count), 32)
  end64.writeBigUInt64LE(BigInt(entries.length), 40)
  end64.writeBigUInt64LE(BigInt(local.length), 48)
  end64.writeUInt32LE(0x07064b50, 56)
  end64.writeBigUInt64LE(BigInt(local.length + entries.length), 64)
  end64.writeUInt32LE(1, 72)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.fill(0xff, 8, 20)
  return Buffer.concat([local, entries, end64, end])
}

/** What Office wrote before it wrote archives, and writes still where it encrypts: a compound file with streams of these names. */
export const compound = (...names: readonly string[]): Buffer =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), ...names.map((name) => Buffer.from(name, 'utf16le')), Buffer.alloc(512)])
