import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { Fault } from '#core/fault.ts'
import { recordsOfProof } from '#core/log/proof-fits.ts'
import { noted, type Found } from './found.ts'

/** Records and proofs of one file that are matched, each with each: a certificate has one of both. */
const most = 32

/**
 * Gives every record that was found the proof that is of it. A record alone with proofs of which none is of it gets the first: that it does not
 * fit is for `verify` to say. A proof that no record takes, or a second one for the same record, is noted.
 */
export function giveProofs(found: readonly Found[], given: readonly string[]): readonly Found[] {
  if (given.length === 0) return found
  const proofs = given.slice(0, most).map((text) => ({ text, isOf: recordsOfProof(text, nobleEngine) }))
  const used = new Set<string>()
  const records = found.filter(({ kind }) => kind === 'record')
  const matched = new Set(records.slice(0, most))
  const proven = found.map((each): Found => {
    if (each.kind !== 'record' || !matched.has(each)) return each
    const digest = digestOf(each.text)
    const fitting = digest === undefined ? undefined : proofs.find(({ isOf }) => isOf(digest))
    const proof = (fitting ?? (records.length === 1 ? proofs[0] : undefined))?.text
    if (proof === undefined) return each
    used.add(proof)
    return { ...each, proof }
  })
  return used.size < given.length ? proven.map((each) => noted(each, 'other-proofs')) : proven
}

function digestOf(record: string): Uint8Array | undefined {
  try {
    return parseSdJwt(record, nobleEngine).digest
  } catch (fault) {
    if (fault instanceof Fault) return undefined
    throw fault
  }
}
