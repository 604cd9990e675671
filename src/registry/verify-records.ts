import { encodeUtf8 } from '#core/encoding/utf8.ts'
import type { Instant } from '#core/model/instant.ts'
import { shippedPolicy, type Evidence, type Policy, type RecognitionQuestion, type Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import type { Office } from './office.ts'
import type { TrustDesk } from './trust-desk.ts'

export interface Question {
  /** The instant asked about; now where it is left out. */
  readonly at?: Instant | undefined
  readonly recognition?: RecognitionQuestion | undefined
}

/** A record with its proof from the log (C2SP tlog-proof). */
export interface ProvenRecord {
  readonly record: string
  readonly proof?: string | undefined
}

/** What `verify` reads of what somebody handed in. */
export const evidenceOf = (given: string | ProvenRecord): Evidence => {
  const { record, proof } = typeof given === 'string' ? { record: given, proof: undefined } : given
  return { record: encodeUtf8(record), proof: proof === undefined ? undefined : encodeUtf8(proof) }
}

/** Verdicts on records that somebody hands in, one each, in their order. Nothing is stored and nobody is told. */
export async function verifyRecords(
  { engine, clock }: Pick<Office, 'engine' | 'clock'>,
  desk: TrustDesk,
  records: readonly (string | ProvenRecord)[],
  question: Question,
): Promise<readonly Verdict[]> {
  const { trust, rules } = await desk.current()
  const policy: Policy = question.recognition === undefined ? shippedPolicy : { ...shippedPolicy, recognition: question.recognition }
  const at = question.at ?? clock()
  return records.map((record) => verify(evidenceOf(record), trust, rules, at, policy, engine))
}
