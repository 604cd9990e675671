import { describeInstant } from '#core/credential/describe-date.ts'
import { describeRecord, namedMembers, type DescribedGroup, type DescribedLine } from '#core/credential/describe-record.ts'
import { familyOfVct } from '#core/credential/families.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { sourceOfRecognition } from '#core/credential/family/recognition.ts'
import type { RecordClaims } from '#core/credential/family.ts'
import { parseSdJwt, recordType } from '#core/credential/parse-sd-jwt.ts'
import type { Engine } from '#core/crypto/engine.ts'
import { Fault } from '#core/fault.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import type { Localised } from '#core/model/localised.ts'
import type { Authority } from '#core/trust/assemble-trust.ts'
import { loggedInBrief } from '#core/verify/logged-texts.ts'
import { noNames, type TrustNames } from '#core/verify/trust-names.ts'
import type { LoggedAt } from '#core/verify/verdict.ts'
import type { DrawnCode } from './draw-code.ts'
import { placeCode, type PlacedCode } from './place-code.ts'

/** What a certificate is made of. The record has been verified, or is the node's own: nothing here checks its signature. */
export interface CertificateInput {
  /** The record with the disclosures that its holder chose; attached byte for byte, but for the identity number where that is masked. */
  readonly record: string
  /** Who issued it, as the trust lists name it: never as the record does. */
  readonly issuer: NamedIssuer
  /** Of a recognition record: the issuer of the record that it recognises, as the trust lists name it. */
  readonly sourceIssuer?: NamedIssuer | undefined
  /** What the trust lists call alliances, by id. */
  readonly alliances?: TrustNames['alliances'] | undefined
  /** Covers the identity number on the sheet and leaves it out of the attached record, where anybody would look next. */
  readonly maskIdentity: boolean
  /** The code to print. Left out, or too fine to be printed, the sheet says that there is none. */
  readonly code?: DrawnCode | undefined
  /** The record's proof from the log, once it proves a time: attached beside the record, and told in a line. */
  readonly proof?: RecordProof | undefined
  /** Address of the page where anybody verifies it. */
  readonly verifyAt: string
}

/** A C2SP tlog-proof, and what it proves. */
export interface RecordProof {
  readonly text: string
  readonly logged: Pick<LoggedAt, 'at' | 'by'>
}

export type NamedIssuer = Pick<Authority, 'iss' | 'division' | 'name'>

/** A line of the sheet. Values without words of their own have one text. */
export interface SheetLine {
  readonly member: string
  readonly label: Localised
  readonly value: { readonly zh: string; readonly en?: string }
  /** Of a place: its division code. */
  readonly code?: string
  /** Too long to stand beside another line. */
  readonly wide: boolean
}

export interface SheetGroup {
  readonly id: DescribedGroup['id']
  readonly label: Localised
  readonly lines: readonly SheetLine[]
}

/** What a template is given, as JSON at `/data.json`: see `templates/README.md`. */
export interface CertificateData {
  readonly template: FamilyId
  readonly number: string
  readonly issuer: { readonly name: Localised; readonly iss: string; readonly division: string }
  readonly date: SheetDate
  readonly groups: readonly SheetGroup[]
  readonly imported: { readonly on: Localised; readonly checked: Localised } | null
  /** The sheet covers an identity number, and the attached record leaves it out. */
  readonly masked: boolean
  readonly code: PlacedCode | null
  readonly verifyAt: string
  /** By when it stood in the log, and on how many cities' word; null where nothing proves it. */
  readonly logged: Localised | null
  readonly attachment: Attachment
  /** Its log proof; null where there is none. */
  readonly proof: Attachment | null
}

/** Parts of an instant where the bureaus are; the file's dates, so that they follow from the input. */
export interface SheetDate {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly text: Localised
}

export interface Attachment {
  /** Ends in `.sd-jwt`, or `.tlog-proof`; ASCII letters, digits, hyphens and underscores before it. */
  readonly name: string
  readonly type: string
  readonly content: string
}

/**
 * Lays a record out as plain data for its family's template. Faults: those of parsing; `certificate-family-unknown`;
 * `certificate-issuer-differs` where the issuer given is not the one who signed it.
 */
export function certificateData(input: CertificateInput, engine: Pick<Engine, 'sha256'>): CertificateData {
  const { record, issuer, sourceIssuer, alliances = noNames.alliances, maskIdentity, verifyAt, proof } = input
  const { claims, disclosed } = parseSdJwt(record, engine)
  const family = typeof claims['vct'] === 'string' ? familyOfVct(claims['vct']) : undefined
  if (family === undefined) throw new Fault('certificate-family-unknown', { at: 'vct' })
  const read = family.claims.parse(claims)
  if (read.iss !== issuer.iss) throw new Fault('certificate-issuer-differs', { at: 'iss' })
  const groups = describeRecord({ family: family.id, claims: read, disclosed: family.disclosures.parse(disclosed) }, { maskIdentity, alliances }).map(
    sheetGroup,
  )
  const source = sourceOfRecognition(family, read)
  const masked = maskIdentity && disclosed['identity'] !== undefined
  if (sourceIssuer !== undefined && sourceIssuer.iss !== source?.iss) throw new Fault('certificate-issuer-differs', { at: 'source/iss' })
  return {
    template: family.id,
    number: read.number,
    issuer: { name: issuer.name, iss: issuer.iss, division: issuer.division },
    date: sheetDate(read.iat),
    groups: sourceIssuer === undefined ? groups : groups.map((group) => (group.id === 'content' ? withSource(group, sourceIssuer) : group)),
    imported: importOf(read, groups),
    masked,
    code: placeCode(input.code),
    verifyAt,
    logged: proof === undefined ? null : loggedInBrief(proof.logged),
    attachment: attachmentOf(read.number, masked ? withoutIdentity(record, disclosed, engine) : record),
    // It is of the issuer-signed part, so it holds whatever is disclosed beside it.
    proof: proof === undefined ? null : proofAttachmentOf(read.number, proof.text),
  }
}

/** Everything that is shown of a record, laid out. */
export const sheetGroup = ({ id, label, lines }: DescribedGroup): SheetGroup => ({ id, label, lines: lines.map(sheetLine) })

function sheetLine({ member, label, value, code }: DescribedLine): SheetLine {
  const both = typeof value === 'string' ? { zh: value } : value
  // A code beside words of ours is the program's; beside the name of a place or of an alliance it tells which of two.
  const name = namedMembers.has(member) && code !== undefined ? { code } : {}
  return { member, label, value: both, ...name, wide: isWide(both, name.code) }
}

/** The name comes first: it is what people look for, and it is not in the record. */
const withSource = (group: SheetGroup, { name }: NamedIssuer): SheetGroup => ({
  ...group,
  lines: [sheetLine({ member: 'source.issuer', label: { zh: '原发证机关', en: 'Issuer of the original' }, value: name }), ...group.lines],
})

/** Han characters and whatever else is as wide count two, other characters one; half a sheet holds so many. */
const halfSheet = { zh: 31, en: 44 }

function isWide({ zh, en = '' }: SheetLine['value'], code = ''): boolean {
  const widthOf = (text: string): number => Array.from(text).reduce((sum, character) => sum + (character > '\u2e80' ? 2 : 1), 0)
  return widthOf(zh) + code.length > halfSheet.zh || widthOf(en) > halfSheet.en
}

export function sheetDate(seconds: number): SheetDate {
  const local = new Date((seconds + 8 * 3600) * 1000)
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    text: describeInstant(seconds),
  }
}

function importOf({ imported }: RecordClaims, groups: readonly SheetGroup[]): CertificateData['imported'] {
  if (imported === undefined) return null
  const said = (member: string): Localised => {
    const { zh, en = zh } = groups.flatMap(({ lines }) => lines).find((line) => line.member === member)!.value // every import has both
    return { zh, en }
  }
  return { on: said('imported.on'), checked: said('imported.checked') }
}

/** What is covered on a sheet must not stand in its attachment. */
export const withoutIdentity = (record: string, disclosed: Readonly<Record<string, unknown>>, engine: Pick<Engine, 'sha256'>): string =>
  presentSdJwt(
    record,
    Object.keys(disclosed).filter((name) => name !== 'identity'),
    engine,
  )

export const attachmentOf = (number: string, content: string): Attachment => ({
  name: `${fileStemOf(number)}.sd-jwt`,
  type: `application/${recordType}`,
  content,
})

export const proofAttachmentOf = (number: string, content: string): Attachment => ({ name: `${fileStemOf(number)}.tlog-proof`, type: 'text/plain', content })

const fileStemOf = (number: string): string => number.replaceAll(/[^A-Za-z0-9-]+/g, '_')
