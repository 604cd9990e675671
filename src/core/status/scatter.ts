import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { ourSize } from './status-list.ts'

const rounds = 8
const halfBits = { left: 8, right: 9 } as const // together the 17 bits of a place

/**
 * The place in a status list of the `ordinal`-th record that was given to that list: a keyed permutation of 0 … 2^17 − 1, so that places
 * look random to whoever doesn't know the seed and never collide. Neighbouring places must not tell who was certified on the same day.
 *
 * A Feistel network over halves of 8 and 9 bits; since 2^17 is a whole number of bits no walk along a cycle is ever needed.
 * @param seed 16 to 32 secret bytes of the list
 * @throws `status-index-out-of-range` when the list is full
 */
export function scatter(seed: Uint8Array, ordinal: number, sha256: Engine['sha256']): number {
  if (seed.length < 16 || seed.length > 32) throw new RangeError('a seed of 16 to 32 bytes is needed')
  if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal >= ourSize)
    throw new Fault('status-index-out-of-range', { at: `${ordinal}`, detail: `${ourSize} places` })
  const masks = masksOf(seed)
  let left = ordinal >> halfBits.right
  let right = ordinal & (2 ** halfBits.right - 1)
  for (let round = 0; round < rounds; round++) {
    // Each round changes one half by a digest of the other: undone by the same round, hence one to one.
    const even = round % 2 === 0
    const source = even ? right : left
    const at = (round << halfBits.right) | source
    const mask = masks.known[at]! || (masks.known[at] = maskOf(masks.seed, round, source, sha256))
    if (even) left ^= mask & (2 ** halfBits.left - 1)
    else right ^= mask & (2 ** halfBits.right - 1)
  }
  return (left << halfBits.right) | right
}

/** The digest of a round, of which no half takes more than nine bits; above them a bit that says that it is known. */
function maskOf(seed: Uint8Array, round: number, source: number, sha256: Engine['sha256']): number {
  const block = new Uint8Array(seed.length + 3)
  block.set(seed)
  block.set([round, source >> 8, source & 0xff], seed.length)
  const digest = sha256(block)
  return isKnown | (digest[0]! << 8) | digest[1]!
}

interface Masks {
  readonly seed: Uint8Array
  /** By round and half; 0 for what nobody has asked for. */
  readonly known: Uint32Array
}

const isKnown = 2 ** 16

// A node fills one list at a time, and the rounds of a list have three thousand digests between them: eight a record are soon none.
let last: Masks = { seed: new Uint8Array(0), known: new Uint32Array(0) }

function masksOf(seed: Uint8Array): Masks {
  if (seed.length !== last.seed.length || seed.some((byte, index) => byte !== last.seed[index]))
    last = { seed: seed.slice(), known: new Uint32Array(rounds << halfBits.right) }
  return last
}
