import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { readCheckpoint } from './checkpoint.ts'
import { leafBytes } from './leaf.ts'
import { proofHeader, readLogProof } from './log-proof.ts'
import { hashLeaf, verifyInclusion } from './merkle.ts'
import { parseSignedNote } from './signed-note.ts'

/** Whether a text means to be a C2SP tlog-proof, by its first line. */
export const isLogProof = (text: string): boolean => text.startsWith(`${proofHeader}\n`)

/**
 * Of which records a proof is: whether it leads from the record of a digest (SHA-256 of the issuer-signed JWT) to the root that it names itself.
 * It says nothing of what the proof is worth: no signature is looked at.
 */
export function recordsOfProof(text: string, { sha256 }: Pick<Engine, 'sha256'>): (digest: Uint8Array) => boolean {
  try {
    const { index, hashes: proof, checkpoint } = readLogProof(text)
    const { size, root } = readCheckpoint(parseSignedNote(checkpoint))
    return (digest) => verifyInclusion({ index, size, root, proof, leafHash: hashLeaf(leafBytes('record', digest), sha256) }, sha256)
  } catch (fault) {
    if (fault instanceof Fault) return () => false
    throw fault
  }
}
