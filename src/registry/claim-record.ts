import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf, instantOf, type Instant } from '#core/model/instant.ts'
import { readUuid, uuidText } from '#core/model/uuid.ts'
import { countAttempt, findClaimCode, insertClaimCodes, useClaimCode } from '#storage/claim-codes.ts'
import { findRecord, loadRecord, type RecordReference } from './find-record.ts'
import type { Office } from './office.ts'
import { audit, perform, type Request } from './perform.ts'
import { openClaimCode, sealClaimCode } from './record-personal.ts'

/** Crockford's alphabet: no I, L, O, U to be misread. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 16
const mostAttempts = 5
const defaultDays = 30

export interface ClaimCodeReceipt {
  readonly [member: string]: string
  /** Shown once; only its keyed digest is kept. Four groups of four. */
  readonly code: string
  readonly expiresOn: Instant
}

/** A code that the bureau hands to the holder, good once. 80 bits: it cannot be guessed, and five wrong tries end it. */
export async function handOutClaimCode(office: Office, request: Request, reference: RecordReference, days: number = defaultDays): Promise<ClaimCodeReceipt> {
  const code = Array.from(office.random(codeLength), (byte) => alphabet[byte % alphabet.length]).join('') // 256 is eight times 32: no letter is likelier
  const now = secondsOf(office.clock())
  const expiresAt = now + days * 24 * 3600
  // The answer is kept for a repeated request, so the code stands in it sealed: in clear it would be good for whoever reads a backup.
  const { sealed, record, expiresOn } = await perform(office, request, async (tx) => {
    const record = await findRecord(tx, reference)
    await insertClaimCodes(tx, [
      { codeHash: hashOf(office, code), recordId: record.id, expiresAt, attempts: 0, usedAt: null, createdBy: request.actor, createdAt: now },
    ])
    await audit(tx, office, { actor: request.actor, action: 'hand-out-claim-code', subject: uuidText(record.id) })
    return { sealed: sealClaimCode(office.vault, record.id, code), record: uuidText(record.id), expiresOn: instantOf(expiresAt) }
  })
  const given = openClaimCode(office.vault, readUuid(record)!, sealed) // our own text, written above
  return { code: given.replace(/(.{4})(?!$)/g, '$1-'), expiresOn }
}

const hashOf = ({ vault }: Pick<Office, 'vault'>, code: string): Uint8Array => vault.index(`claim\0${code}`)

export interface Claim {
  readonly code: string
  /** The last six characters of the identity number. */
  readonly lastSix: string
  /** The disclosures wanted; all where it is left out. */
  readonly disclose?: readonly string[] | undefined
}

/**
 * Gives the holder the record. Wrong, absent, used and expired are answered alike, and each try against a real code is counted before
 * it is looked at: trying the six characters at once does not get more tries. Every look is an event that the person can be shown.
 */
export async function claimRecord(office: Office, { code, lastSix, disclose }: Claim): Promise<string> {
  const normalised = code.toUpperCase().replace(/[\s-]/g, '')
  const codeHash = hashOf(office, normalised)
  const attempts = await office.store.atomically((tx) => countAttempt(tx, codeHash))
  const claim = await findClaimCode(office.store.read, { codeHash })
  const now = secondsOf(office.clock())
  if (attempts === undefined || claim === undefined || attempts > mostAttempts || claim.usedAt !== null || claim.expiresAt <= now)
    throw new Fault('claim-refused')
  const record = await loadRecord(office, office.store.read, claim.recordId).catch((fault: unknown) => {
    if (fault instanceof Fault && fault.code === 'record-erased') throw new Fault('claim-refused')
    throw fault
  })
  const identity = parseSdJwt(record, office.engine).disclosed['identity'] as { readonly number: string } // every record of ours has one
  const wanted = encodeUtf8(identity.number.slice(-6).toUpperCase())
  const given = encodeUtf8(lastSix.toUpperCase())
  const right = wanted.length === given.length && wanted.every((byte, index) => byte === given[index])
  const subject = uuidText(claim.recordId)
  if (!right) {
    await office.store.atomically((tx) => audit(tx, office, { actor: 'holder', action: 'claim-refused', subject }))
    throw new Fault('claim-refused')
  }
  const presented = disclose === undefined ? record : presentSdJwt(record, disclose)
  const used = await office.store.atomically(async (tx) => {
    const recordId = await useClaimCode(tx, { codeHash, at: now })
    if (recordId !== undefined)
      await audit(tx, office, { actor: 'holder', action: 'claim', subject, detail: { disclosed: disclose === undefined ? 'all' : [...disclose] } })
    return recordId
  })
  if (used === undefined) throw new Fault('claim-refused')
  return presented
}

/** A copy for the bureau itself, or for the holder at its counter. */
export async function fetchRecord(
  office: Office,
  request: Request,
  reference: RecordReference,
  disclose?: readonly string[],
): Promise<{ readonly record: string; readonly number: string; readonly text: string }> {
  const row = await findRecord(office.store.read, reference)
  const text = await loadRecord(office, office.store.read, row.id)
  await office.store.atomically((tx) =>
    audit(tx, office, {
      actor: request.actor,
      action: 'fetch',
      subject: uuidText(row.id),
      detail: { disclosed: disclose === undefined ? 'all' : [...disclose] },
    }),
  )
  return { record: uuidText(row.id), number: row.number, text: disclose === undefined ? text : presentSdJwt(text, disclose) }
}
