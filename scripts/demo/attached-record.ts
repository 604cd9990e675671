import { deflateSync, inflateSync } from 'node:zlib'

/** The record that a certificate of a node has attached, as Typst writes it: one compressed stream. */
export const attachedRecord = (pdf: Buffer): string => inflateSync(partsOf(pdf).data).toString('latin1')

/**
 * The same certificate with `from` changed to `to` in what its attached record says. The file opens and looks the same in every program, and
 * only the signature tells.
 */
export function withChangedRecord(pdf: Buffer, from: string, to: string): Buffer {
  const { before, dictionary, data, after } = partsOf(pdf)
  const [header, payload, ...rest] = attachedRecord(pdf).split('.') as [string, string, ...string[]] // a record is a JWS and what follows it
  const claims = Buffer.from(payload, 'base64url').toString('utf8')
  if (!claims.includes(from)) throw new Error(`the record does not say ${from}`)
  const changed = deflateSync([header, Buffer.from(claims.replace(from, to)).toString('base64url'), ...rest].join('.'))
  const told = dictionary.replace(/\d+/, String(changed.length))
  const moved = told.length + changed.length - dictionary.length - data.length
  // What stands behind has moved, and the table at the end says where everything stands.
  const table = after.lastIndexOf('\nxref\n')
  const place = (digits: string): number => Number(digits) + (Number(digits) > before.length ? moved : 0)
  const end = after
    .subarray(table)
    .toString('latin1')
    .replaceAll(/^\d{10}(?= 00000 n)/gm, (digits) => String(place(digits)).padStart(10, '0'))
    .replace(/(?<=startxref\n)\d+/, (digits) => String(place(digits)))
  return Buffer.concat([before, Buffer.from(told, 'latin1'), changed, after.subarray(0, table), Buffer.from(end, 'latin1')])
}

interface Parts {
  readonly before: Buffer
  /** From the number of compressed bytes to where they begin. */
  readonly dictionary: string
  readonly data: Buffer
  readonly after: Buffer
}

function partsOf(pdf: Buffer): Parts {
  const found = /(?<=\/Length )(\d+)\s+\/Type \/EmbeddedFile[^]*?\nstream\n/.exec(pdf.toString('latin1'))
  if (found === null) throw new Error('the certificate has nothing attached')
  const [dictionary, length] = found
  const from = found.index + dictionary.length
  const to = from + Number(length)
  return { before: pdf.subarray(0, found.index), dictionary, data: pdf.subarray(from, to), after: pdf.subarray(to) }
}
