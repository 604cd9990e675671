import { posix } from 'node:path'
import { Fault } from '#core/fault.ts'
import { datePrecisionOf, type DatePrecision } from '#core/ledger/spreadsheet-date.ts'
import type { Archive } from './read-archive.ts'
import { attributeOf, readXml, type XmlHandler } from './read-xml.ts'

/** What the small parts of a workbook say about its sheets. */
export interface Workbook {
  /** The sheets a person sees, in the order of the tabs. */
  readonly sheets: readonly Sheet[]
  readonly sharedStrings: string | undefined
  readonly dateSystem: 1900 | 1904
  /** How a cell of this style shows a date; undefined for a style that shows none. */
  readonly precisionOf: (style: number) => DatePrecision | undefined
}

export interface Sheet {
  /** What its tab says. */
  readonly name: string
  readonly part: string
}

/** Reads the relationships, the list of sheets and the styles. Workbooks that carry a program are refused here, unread. */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  if (archive.names.some((name) => /(?:^|\/)vbaProject\.bin$|^xl\/macrosheets\//i.test(name))) throw new Fault('ledger-macro')
  if (!archive.has('[Content_Types].xml')) throw new Fault('ledger-format-unknown', { detail: 'a ZIP archive, not a workbook' })
  await scan(archive, '[Content_Types].xml', (name, attributes) => {
    if ((name === 'Override' || name === 'Default') && /macroEnabled/i.test(attributeOf(attributes, 'ContentType') ?? '')) throw new Fault('ledger-macro')
  })
  const main = (await relationshipsOf(archive, '')).find(({ kind }) => kind === 'officeDocument')?.target
  if (main === undefined || !main.endsWith('.xml') || !archive.has(main))
    throw new Fault('ledger-format-unknown', { detail: 'an office file, not an .xlsx workbook' })

  const relationships = await relationshipsOf(archive, main)
  const targetOf = (kind: string): string | undefined => relationships.find((relationship) => relationship.kind === kind)?.target
  const sheets: Sheet[] = []
  let dateSystem: 1900 | 1904 = 1900
  let isWorkbook = false
  await scan(archive, main, (name, attributes) => {
    if (name === 'workbook') isWorkbook = true
    if (name === 'workbookPr' && /^(?:1|true)$/.test(attributeOf(attributes, 'date1904') ?? '')) dateSystem = 1904
    if (name !== 'sheet' || (attributes['state'] ?? 'visible') !== 'visible') return
    const id = attributeOf(attributes, 'id')
    const sheet = relationships.find((relationship) => relationship.id === id && relationship.kind === 'worksheet')
    if (sheet !== undefined) sheets.push({ name: attributes['name'] ?? '', part: sheet.target })
  })
  if (!isWorkbook) throw new Fault('ledger-format-unknown', { detail: 'an office file, not a workbook' })
  const styles = targetOf('styles')
  return {
    sheets,
    sharedStrings: targetOf('sharedStrings'),
    dateSystem,
    precisionOf: styles !== undefined && archive.has(styles) ? await readStyles(archive, styles) : () => undefined,
  }
}

interface Relationship {
  readonly id: string
  readonly kind: string
  readonly target: string
}

/** Relationships of a part ('' for the package), targets as names within the archive. External targets are left out: nothing outside is ever read. */
async function relationshipsOf(archive: Archive, part: string): Promise<readonly Relationship[]> {
  const folder = posix.dirname(part)
  const file = part === '' ? '_rels/.rels' : posix.join(folder, '_rels', `${posix.basename(part)}.rels`)
  const found: Relationship[] = []
  if (!archive.has(file)) return found
  await scan(archive, file, (name, attributes) => {
    const target = attributeOf(attributes, 'Target')
    if (name !== 'Relationship' || target === undefined || attributeOf(attributes, 'TargetMode') === 'External') return
    const kind = posix.basename(attributeOf(attributes, 'Type') ?? '')
    found.push({ id: attributeOf(attributes, 'Id') ?? '', kind, target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target) })
  })
  return found
}

async function readStyles(archive: Archive, part: string): Promise<(style: number) => DatePrecision | undefined> {
  const codes = new Map<number, string>()
  const precisions: (DatePrecision | undefined)[] = []
  let inCells = false
  await scan(
    archive,
    part,
    (name, attributes) => {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '')
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const id = Number(attributes['numFmtId'] ?? 0)
        precisions.push(datePrecisionOf(id, codes.get(id)))
      }
    },
    (name) => {
      if (name === 'cellXfs') inCells = false
    },
  )
  return (style) => precisions[style]
}

const nothing = (): void => undefined

async function scan(archive: Archive, part: string, open: XmlHandler['open'], close: XmlHandler['close'] = nothing): Promise<void> {
  for await (const pause of readXml(archive.chunksOf(part), part, { open, close, text: nothing })) void pause
}
