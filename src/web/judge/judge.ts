import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import type { DivisionCode } from '#core/model/division-code.ts'
import type { Examined } from '#core/verify/outcome.ts'
import { shippedPolicy, type Evidence, type Policy } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import type { Found } from '../read/found.ts'
import type { HeldTrust } from '../trust/hold-trust.ts'
import { settle } from './settle.ts'
import type { Question } from './protocol.ts'
import { tell } from './tell-verdict.ts'
import type { Told, ToldParty } from './told.ts'

/** Judges what was found. Without trust nothing is said of a record: that no list names its issuer would be a lie where no list is held. */
export async function judge(
  found: readonly Found[],
  { place, purpose }: Question,
  held: HeldTrust | undefined,
  bureau: ToldParty | undefined,
  now: number,
): Promise<readonly Told[]> {
  const at = instantOf(now)
  const policy: Policy =
    place === undefined ? shippedPolicy : { ...shippedPolicy, recognition: { for: place as DivisionCode, ...(purpose === undefined ? {} : { purpose }) } } // offered by the page from the lists themselves
  const examined = await Promise.all(found.map((each) => examine(each, held, at, policy)))
  return examined.map((each) => tell(each, held?.trust, bureau, place))
}

async function examine(found: Found, held: HeldTrust | undefined, at: Instant, policy: Policy): Promise<Examined> {
  if (found.kind !== 'record') return found
  if (held === undefined) return { kind: 'unread', why: 'trust-not-held' }
  const { text, proof } = found
  const evidence: Evidence = { record: encodeUtf8(text), proof: proof === undefined ? undefined : encodeUtf8(proof) }
  const verdict = await settle((engine) => verify(evidence, held.trust, held.rules, at, policy, engine))
  return { kind: 'record', verdict, notes: found.notes }
}
