import type { Engine } from '../crypto/engine.ts'
import { asObject, parseJson } from '../encoding/parse-json.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { verifyCheckpoint } from './checkpoint.ts'
import { sameBytes } from './same-bytes.ts'
import type { NoteKey } from './signed-note.ts'

const type = 'comity/log-fork/1'

/** Two signed heads of one log that cannot both be true. Whoever has the log's keys can check it, with nothing else. */
export interface ForkProof {
  readonly origin: string
  readonly size: number
  readonly checkpoints: readonly [string, string]
}

/** The same bytes whichever of the two was seen first. */
export function forkProofText(one: string, other: string): string {
  const checkpoints = one < other ? [one, other] : [other, one]
  return `${JSON.stringify({ type, checkpoints }, null, 2)}\n`
}

/** Checks a proof of misbehaviour: both heads signed by the log, of one size, with two roots. Fault: `log-proof-malformed`, and those of `verifyCheckpoint`. */
export function verifyForkProof(text: string | Uint8Array, keys: readonly NoteKey[], engine: Engine): ForkProof {
  const given = asObject(parseJson(typeof text === 'string' ? encodeUtf8(text) : text, { bytes: 256 * 1024, depth: 4 }, 'fork'), 'log-proof-malformed', 'fork')
  const { checkpoints } = given
  if (given['type'] !== type || !Array.isArray(checkpoints) || checkpoints.length !== 2 || !checkpoints.every((note) => typeof note === 'string'))
    throw new Fault('log-proof-malformed', { at: 'fork' })
  const notes = checkpoints as unknown as readonly [string, string] // just looked at
  const [one, other] = notes.map((note) => verifyCheckpoint(note, keys, engine).checkpoint)
  if (one!.origin !== other!.origin || one!.size !== other!.size || sameBytes(one!.root, other!.root))
    throw new Fault('log-proof-malformed', { at: 'fork/checkpoints', detail: 'the two heads do not contradict each other' })
  return { origin: one!.origin, size: one!.size, checkpoints: notes }
}
