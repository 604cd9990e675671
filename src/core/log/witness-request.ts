import { hashLine, readCount, readText, refuseAs } from './lines.ts'
import { mostProofHashes, readHashLines } from './log-proof.ts'
import { checked } from './merkle.ts'
import { mostNoteBytes } from './signed-note.ts'

/** What a log sends a witness: the body of `add-checkpoint` (C2SP tlog-witness). */
export interface WitnessRequest {
  /** The size that the witness is thought to have cosigned last; 0 for none. */
  readonly old: number
  /** From `old` to the checkpoint's size; empty where `old` is 0. */
  readonly proof: readonly Uint8Array[]
  /** The signed note, verbatim. */
  readonly checkpoint: string
}

const refuse = refuseAs('log-request-malformed')

/** What a witness need read of a body at most. */
export const mostRequestBytes = mostNoteBytes + 4096

/** Fault `log-request-malformed` for a proof of more than 63 hashes, which no tree needs. */
export function witnessRequestText({ old, proof, checkpoint }: WitnessRequest): string {
  if (proof.length > mostProofHashes) throw refuse('proof', `${proof.length}, at most ${mostProofHashes}`)
  return `old ${checked(old, 'old')}\n${proof.map(hashLine).join('')}\n${checkpoint}`
}

/** Faults: `log-request-malformed`, `bytes-too-many`, `text-not-utf8`. Whether proof and checkpoint are right is for the witness to find. */
export function readWitnessRequest(bytes: string | Uint8Array): WitnessRequest {
  const text = readText(bytes, mostRequestBytes, refuse)
  const split = text.indexOf('\n\n')
  if (split < 0) throw refuse('text', 'no blank line')
  const [first = '', ...lines] = text.slice(0, split).split('\n')
  const old = first.startsWith('old ') ? readCount(first.slice('old '.length)) : undefined
  if (old === undefined) throw refuse('old', 'not a decimal number up to 2^53 - 1')
  return { old, proof: readHashLines(lines, 'proof', refuse), checkpoint: text.slice(split + 2) }
}
