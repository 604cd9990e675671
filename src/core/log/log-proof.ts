import { decodeBase64, encodeBase64 } from '../encoding/base64.ts'
import { proofHeader } from './is-log-proof.ts'
import { hashLine, readCount, readHash, readText, refuseAs } from './lines.ts'
import { checked } from './merkle.ts'
import { mostNoteBytes } from './signed-note.ts'

/** That something is in a log, to be verified without a network (C2SP tlog-proof). Not verified by being read. */
export interface LogProof {
  readonly index: number
  /** From the leaf's sibling up to the root's child. */
  readonly hashes: readonly Uint8Array[]
  /** Opaque and not authenticated by anything. */
  readonly extra?: Uint8Array | undefined
  /** The signed note, verbatim. */
  readonly checkpoint: string
}

/** A tree of 2^63 leaves is that deep. */
export const mostProofHashes = 63
const mostBytes = 2 * mostNoteBytes

const refuse = refuseAs('log-proof-malformed')

/** The text of a `.tlog-proof` file. */
export function logProofText({ index, hashes, extra, checkpoint }: LogProof): string {
  const extraLine = extra === undefined || extra.length === 0 ? '' : `extra ${encodeBase64(extra)}\n`
  return `${proofHeader}\n${extraLine}index ${checked(index, 'proof/index')}\n${hashes.map(hashLine).join('')}\n${checkpoint}`
}

/** Faults: `log-proof-malformed`, `bytes-too-many`, `text-not-utf8`. The checkpoint is read by `verifyCheckpoint`. */
export function readLogProof(given: string | Uint8Array): LogProof {
  const text = readText(given, mostBytes, refuse)
  const split = text.indexOf('\n\n')
  if (split < 0) throw refuse('proof', 'no blank line')
  const checkpoint = text.slice(split + 2)
  if (checkpoint === '') throw refuse('proof/checkpoint', 'missing')
  const [first, ...lines] = text.slice(0, split).split('\n')
  if (first !== proofHeader) throw refuse('proof/header')
  const extraText = lines[0]?.startsWith('extra ') === true ? lines.shift()!.slice('extra '.length) : undefined
  const extra = extraText === undefined ? undefined : decodeBase64(extraText)
  if (extraText !== undefined && (extra === undefined || extra.length === 0)) throw refuse('proof/extra', 'not base64')
  const indexLine = lines.shift() ?? ''
  const index = indexLine.startsWith('index ') ? readCount(indexLine.slice('index '.length)) : undefined
  if (index === undefined) throw refuse('proof/index', 'not a decimal number up to 2^53 - 1')
  return { index, hashes: readHashLines(lines, 'proof/hashes', refuse), ...(extra === undefined ? {} : { extra }), checkpoint }
}

/** At most 63 lines of one hash each. */
export function readHashLines(lines: readonly string[], at: string, refused: typeof refuse): readonly Uint8Array[] {
  if (lines.length > mostProofHashes) throw refused(at, `${lines.length}, at most ${mostProofHashes}`)
  return lines.map((line, index) => {
    const hash = readHash(line)
    if (hash === undefined) throw refused(`${at}/${index}`, 'not the base64 of 32 bytes')
    return hash
  })
}
