import { setImmediate } from 'node:timers/promises'

import { canonicalJson } from '#core/encoding/canonical-json.ts'
import { digestOf } from '#core/model/digest.ts'
import type { Instant } from '#core/model/instant.ts'
import { shippedPolicy, type Policy, type RecognitionQuestion, type Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { requireSinceGenesis } from '../genesis.ts'
import type { Office } from '../office.ts'
import type { TrustDesk } from '../trust-desk.ts'
import { evidenceOf, type ProvenRecord } from '../verify-records.ts'
import { sayIt } from '../views/stating-key.ts'
import { trustAsOf } from './trust-as-of.ts'

export interface VerdictsAsOf {
  readonly asOf: Instant
  readonly saidAt: Instant
  readonly verdicts: readonly Verdict[]
  /** The digests of the verdicts (of their canonical JSON, RFC 8785) in their order, as a compact JWS under the status key. Nothing personal is in it. */
  readonly signed: string
}

/** Named in each verdict: the files were those of that day, and what reaches back was known since. */
const asOfPolicy: Policy = { ...shippedPolicy, id: `${shippedPolicy.id}+as-of` }

/** Records that are verified before others get their turn: a few milliseconds. */
const atOnce = 10

/**
 * Verdicts as of an instant in the past: by the lists, rules and manifests that were held then. 撤销 and a compromised key count for then,
 * too, whenever they became known; everything else counts from its day on. Of a log proof only what had been cosigned by then counts. Faults: `instant-in-future`, `instant-before-genesis`, `node-not-ready`.
 */
export async function verifyAsOf(
  office: Pick<Office, 'authority' | 'store' | 'engine' | 'inflate' | 'clock' | 'keyring'>,
  desk: TrustDesk,
  at: Instant,
  records: readonly (string | ProvenRecord)[],
  recognition: RecognitionQuestion | undefined,
): Promise<VerdictsAsOf> {
  await requireSinceGenesis(at, office, 'instant')
  const { trust, rules } = await trustAsOf(office, desk, at)
  const policy: Policy = recognition === undefined ? asOfPolicy : { ...asOfPolicy, recognition }
  const verdicts: Verdict[] = []
  for (const record of records) {
    if (verdicts.length > 0 && verdicts.length % atOnce === 0) await setImmediate()
    verdicts.push(verify(evidenceOf(record), trust, rules, at, policy, office.engine))
  }
  const saidAt = office.clock()
  const digests = verdicts.map((verdict) => digestOf(canonicalJson(verdict), office.engine))
  const current = await desk.current()
  return { asOf: at, saidAt, verdicts, signed: sayIt(office, current.trust, 'comity-as-of+jwt', { asOf: at, saidAt, kind: 'verdict', verdicts: digests }) }
}
