import { readNumber, type CertificateNumber, type NumberScheme } from '../model/number-scheme.ts'
import { read, type Reading } from '../model/reading.ts'

/**
 * A number as a ledger has it. Old documents have numbers of older schemes, so one of another form than the bureau's is worth a look and no more. One of
 * its form with a wrong check character was mistyped: `number-check`.
 */
export function readIssuedNumber(scheme: NumberScheme | undefined, text: string): Reading<CertificateNumber> {
  const reading = readNumber(undefined, text)
  if (!reading.ok || scheme === undefined) return reading
  const own = readNumber(scheme, reading.value.number)
  if (own.ok) return read(own.value, reading.changes)
  return own.reason === 'number-scheme-mismatch' ? read(reading.value, reading.changes, [own.reason]) : own
}
