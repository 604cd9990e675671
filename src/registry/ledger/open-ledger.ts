import type { LedgerRow } from '#core/ledger/ledger-cell.ts'
import { Fault } from '#core/fault.ts'
import { chunksOf, headOf, lengthOf, type LedgerSource } from './byte-source.ts'
import type { LedgerLimits } from './ledger-limits.ts'
import { readCsvLedger } from './read-csv-ledger.ts'
import { readXlsxLedger } from './read-xlsx-ledger.ts'

const startsWith = (head: Buffer, ...bytes: readonly number[]): boolean => bytes.every((byte, index) => head[index] === byte)

/**
 * The rows of a ledger file, streamed, blank rows left out, the first one being the header. What the file is, is read from its
 * bytes: people rename .xls to .xlsx and .csv to .xls, and a name is chosen by whoever uploads.
 */
export async function* openLedger(source: LedgerSource, limits: LedgerLimits): AsyncGenerator<LedgerRow> {
  const length = await lengthOf(source)
  if (length === 0) throw new Fault('ledger-empty')
  if (length > limits.bytes) throw new Fault('ledger-too-large', { detail: `${length} bytes, at most ${limits.bytes}` })
  const head = await headOf(source, 512)
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04) || startsWith(head, 0x50, 0x4b, 0x05, 0x06)) yield* readXlsxLedger(source, limits)
  else if (startsWith(head, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) throw await compoundFileFault(source)
  else {
    const other = otherFormat(head)
    if (other !== undefined) throw new Fault('ledger-format-unknown', { detail: other })
    yield* readCsvLedger(source, limits)
  }
}

/** Formats that are met under a ledger's name and are none. A table saved as HTML by an old system is the most common one. */
function otherFormat(head: Buffer): string | undefined {
  const start = head
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .toLowerCase()
  if (start.startsWith('%pdf-')) return 'PDF'
  if (start.startsWith('{\\rtf')) return 'RTF'
  if (start.startsWith('<?xml') || start.startsWith('<html') || start.startsWith('<!doctype') || start.startsWith('<table')) return 'HTML or XML'
  if (startsWith(head, 0x1f, 0x8b)) return 'gzip'
  if (startsWith(head, 0x52, 0x61, 0x72, 0x21)) return 'RAR'
  if (startsWith(head, 0x37, 0x7a, 0xbc, 0xaf)) return '7-Zip'
  if (startsWith(head, 0x89, 0x50, 0x4e, 0x47) || startsWith(head, 0xff, 0xd8, 0xff)) return 'an image'
  return undefined
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
const encryptedPackage = utf16('EncryptedPackage')
const workbookStreams = [utf16('Workbook'), utf16('Book')]

/** An OLE compound file holds its directory in UTF-16LE names: MS-OFFCRYPTO §2.3.4.4 for an encrypted workbook, MS-XLS §2.1.2 for .xls. */
async function compoundFileFault(source: LedgerSource): Promise<Fault> {
  let carried = Buffer.alloc(0)
  let old = false
  for await (const chunk of chunksOf(source)) {
    const part = Buffer.concat([carried, chunk])
    if (part.includes(encryptedPackage)) return new Fault('ledger-encrypted')
    old ||= workbookStreams.some((name) => part.includes(name))
    carried = part.subarray(Math.max(0, part.length - encryptedPackage.length))
  }
  return old ? new Fault('ledger-xls-old') : new Fault('ledger-format-unknown', { detail: 'OLE compound file' })
}
