import { readAllianceList } from '#core/trust/alliance-list.ts'
import { readProposal, type Proposal } from '#core/trust/proposal.ts'
import { countersign, sharedFileTypes } from '#core/trust/sign-general-jws.ts'
import { keepProposal } from './keep-proposal.ts'
import type { Signatory } from './open-signatory.ts'
import type { Request } from './perform.ts'

/**
 * Adds this authority's signature to what others have put before it. The file is read as strictly as when it will count, and a list must be one
 * that its own voters can carry; what it means is for whoever signs to have read. Fault: `signature-repeated` when this key has signed it already.
 */
export async function signProposal(signatory: Signatory, request: Pick<Request, 'actor'>, bytes: Uint8Array): Promise<Proposal> {
  const read = readProposal(bytes, signatory.engine)
  const { kind } = read
  if (read.kind === 'alliance') readAllianceList(read.content, read.digest)
  const signed = readProposal(countersign(sharedFileTypes[kind], bytes, await signatory.authorityKey()), signatory.engine)
  // Only this key's is known to hold: whoever adopts checks the others.
  await signatory.store.atomically((tx) => keepProposal(tx, signatory, request, signed, signed.signatures.slice(-1)))
  return signed
}
