import { tidied } from './half-width.ts'
import { mod37Check } from './iso7064.ts'
import { read, refused, type Reading } from './reading.ts'

/** The root of all electronic licences under the State Council's object identifier arc. */
export const eLicenceRoot = '1.2.156.3005.2'

export interface ELicenceId {
  /** The licence type: the unified social credit code of the body that defined it and three digits (21 characters). */
  readonly type: string
  /** The unified social credit code of the issuing body. */
  readonly issuer: string
  /** 1 to 64 digits and capital letters, unique for the issuer and type. */
  readonly serial: string
  /** Three digits, 001 for the first version of a licence. */
  readonly version: string
}

const parts = /^([0-9A-Z]{18}\d{3})\.([0-9A-Z]{18})\.([0-9A-Z]{1,64})\.(\d{3})$/

/**
 * The check character over type, issuer, serial and version without dots and without the root (ISO 7064 MOD 37,36).
 * Undefined where a part is not of its form.
 *
 * Sourced: the layout, and that the root stays out of the check, from identifiers in public code of licence systems, which
 * carry exactly this character (test/vectors/e-licence-id.json). From knowledge of the standard alone (GB/T 36904-2018): that
 * a type ends with three digits and a version has three. The longest serial is ours.
 */
export function eLicenceCheck({ type, issuer, serial, version }: ELicenceId): string | undefined {
  const dotted = `${type}.${issuer}.${serial}.${version}`
  return parts.test(dotted) ? mod37Check(dotted.replaceAll('.', '')) : undefined
}

/** The identifier as text (GB/T 36904-2018): root.type.issuer.serial.version.check. Undefined where a part is not of its form. */
export function writeELicenceId(id: ELicenceId): string | undefined {
  const check = eLicenceCheck(id)
  return check === undefined ? undefined : `${eLicenceRoot}.${id.type}.${id.issuer}.${id.serial}.${id.version}.${check}`
}

/** Reads an identifier and verifies its check character. Small letters are refused: the check is defined over capitals. */
export function readELicenceId(text: string): Reading<ELicenceId> {
  const { text: plain, changes } = tidied(text)
  const body = plain.startsWith(`${eLicenceRoot}.`) ? plain.slice(eLicenceRoot.length + 1) : ''
  const groups = parts.exec(body.slice(0, -2))
  if (groups === null || !/\.[0-9A-Z]$/.test(body)) return refused('e-licence-id-form-unknown')
  const id: ELicenceId = { type: groups[1]!, issuer: groups[2]!, serial: groups[3]!, version: groups[4]! }
  return eLicenceCheck(id) === body.at(-1) ? read(id, changes) : refused('e-licence-id-check')
}
