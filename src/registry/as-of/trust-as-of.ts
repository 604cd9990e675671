import type { Instant } from '#core/model/instant.ts'
import { assembleTrust, type Trust } from '#core/trust/assemble-trust.ts'
import { withWhatReachesBack } from '#core/trust/reach-back.ts'
import { prepareRules } from '#core/verify/prepare-rules.ts'
import type { Rules } from '#core/verify/recognise.ts'
import type { HeldTrust } from '../held-trust.ts'
import type { Office } from '../office.ts'
import type { TrustDesk } from '../trust-desk.ts'
import { heldAsOf, type HeldThen } from './held-as-of.ts'

/** What a verification as of an instant reads. */
export interface TrustThen {
  readonly trust: Trust
  readonly rules: Rules
}

// Assembling checks every signature anew. A few sets of versions are kept for each state of today's files, and go with it.
const assembled = new WeakMap<HeldTrust, Map<string, TrustThen>>()
const mostKept = 8

/** The trust of an instant in the past: what was held then, and what reaches back from what is held today (`withWhatReachesBack`). */
export async function trustAsOf(office: Pick<Office, 'authority' | 'store' | 'engine' | 'inflate'>, desk: TrustDesk, at: Instant): Promise<TrustThen> {
  const [held, then] = await Promise.all([desk.current(), heldAsOf(office, at)])
  const kept = assembled.get(held) ?? new Map<string, TrustThen>()
  assembled.set(held, kept)
  const key = versionsOf(then)
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = assemble(office, held, then)
  if (kept.size >= mostKept) for (const oldest of kept.keys()) if (kept.delete(oldest)) break
  kept.set(key, made)
  return made
}

const versionsOf = ({ anchors, manifests, allianceLists, ruleSets }: HeldThen): string =>
  JSON.stringify([anchors, ...[manifests, allianceLists, ruleSets].map((files) => files.map(({ name, content }) => [name, content]))])

function assemble({ engine, inflate }: Pick<Office, 'engine' | 'inflate'>, { files }: HeldTrust, then: HeldThen): TrustThen {
  const { anchors, allianceLists } = then
  const atThatTime = assembleTrust({ ...files, ...then, statusLists: [] }, engine, inflate).trust
  // The authorities that were named then, with the manifests and status lists that are held of them today.
  const since = assembleTrust({ ...files, anchors, allianceLists, ruleSets: [] }, engine, inflate).trust
  return { trust: withWhatReachesBack(atThatTime, since), rules: prepareRules(atThatTime.ruleSets, engine) }
}
