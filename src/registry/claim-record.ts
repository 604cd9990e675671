import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { claimCodeAlphabet, claimCodeLength, groupClaimCode, readClaimCode, readLastSix } from '#core/model/claim-code.ts'
import { secondsOf, instantOf, type Instant } from '#core/model/instant.ts'
import { readUuid, uuidText } from '#core/model/uuid.ts'
import { countAttempt, findClaimCode, insertClaimCodes, useClaimCode } from '#storage/claim-codes.ts'
import { begin, findRequest } from '#storage/idempotency.ts'
import { findRecord, loadRecord, type RecordReference } from './find-record.ts'
import type { Office } from './office.ts'
import { audit, perform, type Request } from './perform.ts'
import { openClaimCode, sealClaimCode } from './record-personal.ts'

const mostAttempts = 5
const defaultDays = 30
/** How long an answer that was lost on its way can be asked for once more. Seconds. */
export const repeatSeconds = 600

export interface ClaimCodeReceipt {
  readonly [member: string]: string
  /** Shown once; only its keyed digest is kept. Four groups of four. */
  readonly code: string
  readonly expiresOn: Instant
}

/** A code that the bureau hands to the holder, good once. 80 bits: it cannot be guessed, and five wrong tries end it. */
export async function handOutClaimCode(office: Office, request: Request, reference: RecordReference, days: number = defaultDays): Promise<ClaimCodeReceipt> {
  const code = Array.from(office.random(claimCodeLength), (byte) => claimCodeAlphabet[byte % claimCodeAlphabet.length]).join('') // 256 is eight times 32: no letter is likelier
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
  return { code: groupClaimCode(given), expiresOn }
}

const hashOf = ({ vault }: Pick<Office, 'vault'>, code: string): Uint8Array => vault.index(`claim\0${code}`)

/** The caller's own text stands in it under the vault's key and beside the code: known to nobody who reads the table, and good for this code alone. */
const repeatOf = ({ vault }: Pick<Office, 'vault'>, codeHash: Uint8Array, repeatKey: string) =>
  ({ actor: 'holder', key: `claim:${encodeBase64url(vault.index(`claim-repeat\0${encodeBase64url(codeHash)}\0${repeatKey}`))}` }) as const

export interface Claim {
  readonly code: string
  /** The last six characters of the identity number. */
  readonly lastSix: string
  /** The disclosures wanted; all where it is left out. */
  readonly disclose?: readonly string[] | undefined
  /** Random text of the caller's own: who repeats the claim with it is whoever made it. */
  readonly repeatKey?: string | undefined
}

/**
 * Gives the holder the record. Wrong, absent, used and expired are answered alike, and each try against a real code is counted before
 * it is looked at: trying the six characters at once does not get more tries. Every look is an event that the person can be shown, a refused
 * one as well; of a code that does not exist, or that its tries have ended, nothing is noted, so that guesses do not fill the trail.
 *
 * A code is good once, so an answer that is lost on its way would cost the person the way to the counter. It is therefore given again for
 * ten minutes, but only to whoever repeats the claim with the random text that came with the first. Without that text the window would be
 * one for others: a used slip in the waste bin and six characters that an employer knows would be enough, and the person, who has the record,
 * would never look. The text lives in the memory of the page that asked; with it an adversary has that page, and the record with it.
 */
export async function claimRecord(office: Office, { code, lastSix, disclose, repeatKey }: Claim): Promise<string> {
  const codeHash = hashOf(office, readClaimCode(code))
  const attempts = await office.store.atomically((tx) => countAttempt(tx, { codeHash, most: mostAttempts }))
  const claim = await findClaimCode(office.store.read, { codeHash })
  if (attempts === undefined || claim === undefined) throw new Fault('claim-refused')
  const subject = uuidText(claim.recordId)
  const refuse = async (): Promise<never> => {
    await office.store.atomically((tx) => audit(tx, office, { actor: 'holder', action: 'claim-refused', subject }))
    throw new Fault('claim-refused')
  }
  const now = secondsOf(office.clock())
  const record = await recordOf(office, claim.recordId, lastSix)
  const repeat = repeatKey === undefined ? undefined : repeatOf(office, codeHash, repeatKey)
  const again =
    claim.usedAt !== null && now < claim.usedAt + repeatSeconds && repeat !== undefined && (await findRequest(office.store.read, repeat)) !== undefined
  const open = claim.usedAt === null && claim.expiresAt > now
  if (record === undefined || !(open || again)) return refuse()
  const presented = disclose === undefined ? record : presentSdJwt(record, disclose)
  const given = await office.store.atomically(async (tx) => {
    if (!again) {
      if ((await useClaimCode(tx, { codeHash, at: now })) === undefined) return false
      if (repeat !== undefined) await begin(tx, { ...repeat, digest: codeHash, at: now })
    }
    const detail = { disclosed: disclose === undefined ? 'all' : [...disclose], ...(again ? { again } : {}) }
    await audit(tx, office, { actor: 'holder', action: 'claim', subject, detail })
    return true
  })
  return given ? presented : refuse()
}

/** The whole record, if the six characters are those of its holder; undefined also where its person was erased. */
async function recordOf(office: Office, id: Uint8Array, lastSix: string): Promise<string | undefined> {
  const record = await loadRecord(office, office.store.read, id).catch((fault: unknown) => {
    if (fault instanceof Fault && fault.code === 'record-erased') return undefined
    throw fault
  })
  if (record === undefined) return undefined
  const identity = parseSdJwt(record, office.engine).disclosed['identity'] as { readonly number: string } // every record of ours has one
  const wanted = encodeUtf8(readLastSix(identity.number))
  const given = encodeUtf8(readLastSix(lastSix))
  return wanted.length === given.length && wanted.every((byte, index) => byte === given[index]) ? record : undefined
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
