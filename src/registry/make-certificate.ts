import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { Fault } from '#core/fault.ts'
import { uuidText } from '#core/model/uuid.ts'
import { namesIn } from '#core/verify/trust-names.ts'
import { findRecordByDigest } from '#storage/records.ts'
import type { CertificateDesk } from './certificate/certificate-desk.ts'
import { codeOfRecord } from './certificate/code-of-record.ts'
import { timeProofOf } from './log/prove-record.ts'
import type { Office } from './office.ts'
import { audit, type Request } from './perform.ts'
import type { TrustDesk } from './trust-desk.ts'

export interface CertificateWish {
  /** A record that this node has issued, with the disclosures that its holder wants on the sheet. */
  readonly record: string
  readonly identity: 'masked' | 'full'
}

export interface CertificateParts {
  readonly office: Office
  readonly desk: Pick<TrustDesk, 'current'>
  readonly certificates: Pick<CertificateDesk, 'certificate'>
  /** Where others reach this node, without a slash at its end: the paper code leads there. */
  readonly address: string
}

/**
 * The sheet of a record that this node has issued and that holds now. Only its own: a forger with a key would otherwise be given a sheet in
 * our look. Making it is an event that the person can be shown. Faults: `certificate-foreign`, `certificate-not-in-force`, those of the desk.
 */
export async function makeCertificate(
  { office, desk, certificates, address }: CertificateParts,
  { actor }: Request,
  wish: CertificateWish,
): Promise<Uint8Array> {
  const { digest, claims, disclosed } = parseSdJwt(wish.record, office.engine)
  const row = await findRecordByDigest(office.store.read, { digest })
  if (row === undefined) throw new Fault('certificate-foreign', { at: 'record' })
  if (row.state !== 0) throw new Fault('certificate-not-in-force', { at: 'record' })
  const { trust } = await desk.current()
  const { authorities } = trust
  const issuer = authorities.get(office.authority.iss)
  if (issuer === undefined) throw new Fault('certificate-failed', { at: 'issuer', detail: 'not in the own trust data' })
  const { source } = claims
  const sourceIss = typeof source === 'object' && source !== null && 'iss' in source && typeof source.iss === 'string' ? source.iss : undefined
  const pdf = await certificates.certificate({
    record: wish.record,
    issuer,
    sourceIssuer: sourceIss === undefined ? undefined : authorities.get(sourceIss),
    alliances: namesIn(trust).alliances,
    maskIdentity: wish.identity === 'masked',
    code: codeOfRecord(wish.record, address, office.engine),
    verifyAt: `${address}/`,
    proof: await timeProofOf(office, trust, wish.record),
  })
  await office.store.atomically((tx) =>
    audit(tx, office, {
      actor,
      action: 'certificate',
      subject: uuidText(row.id),
      detail: { disclosed: Object.keys(disclosed).toSorted(), identity: wish.identity },
    }),
  )
  return pdf
}
