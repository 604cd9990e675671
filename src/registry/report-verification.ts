import { namesIn } from '#core/verify/trust-names.ts'
import type { CertificateDesk } from './certificate/certificate-desk.ts'
import type { Office } from './office.ts'
import { verifyRecords, type Question } from './verify-records.ts'
import type { TrustDesk } from './trust-desk.ts'

export interface ReportParts {
  readonly office: Office
  readonly desk: TrustDesk
  readonly certificates: Pick<CertificateDesk, 'report'>
  /** Where others reach this node, without a slash at its end. */
  readonly address: string
}

export interface ReportWish extends Question {
  readonly record: string
  /** Its log proof, C2SP tlog-proof. */
  readonly proof?: string | undefined
  readonly identity: 'masked' | 'full'
}

/** What this bureau found when it verified a record, as a sheet (PDF/A-3) with the record and the proof that it came with attached. It has no signature: whoever doubts it verifies again. */
export async function reportVerification(
  { office, desk, certificates, address }: ReportParts,
  { record, proof, identity, ...question }: ReportWish,
): Promise<Uint8Array> {
  const [verdict] = await verifyRecords(office, desk, [{ record, proof }], question)
  return certificates.report({
    verdict: verdict!, // one record, one verdict
    verifier: office.authority.name,
    maskIdentity: identity === 'masked',
    verifyAt: `${address}/`,
    record,
    proof,
    names: namesIn((await desk.current()).trust),
  })
}
