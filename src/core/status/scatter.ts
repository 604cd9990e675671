import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'

const rounds = 8
/** Of a list of 2^18 places, which is twice as many as any of ours has. */
const mostHalfBits = 9

/**
 * The place in a status list of the `ordinal`-th record that was given to that list: a keyed permutation of 0 … places − 1, so that places
 * look random to whoever doesn't know the seed and never collide. Neighbouring places must not tell who was certified on the same day.
 *
 * A Feistel network over halves of 8 and 8 bits, or 8 and 9 in a list of 2^17; since a list has a whole number of bits no walk along a cycle is ever
 * needed.
 * @param seed 16 to 32 secret bytes of the list
 * @param places of the list, a power of two
 * @throws `status-index-out-of-range` when the list is full
 */
export function scatter(seed: Uint8Array, ordinal: number, places: number, sha256: Engine['sha256']): number {
  if (seed.length < 16 || seed.length > 32) throw new RangeError('a seed of 16 to 32 bytes is needed')
  const bits = 31 - Math.clz32(places)
  if (places !== 2 ** bits || bits < 2 || bits > 2 * mostHalfBits) throw new RangeError(`no list has ${places} places`)
  if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal >= places)
    throw new Fault('status-index-out-of-range', { at: `${ordinal}`, detail: `${places} places` })
  const masks = masksOf(seed)
  const rightBits = (bits + 1) >> 1
  const [leftMask, rightMask] = [(1 << (bits - rightBits)) - 1, (1 << rightBits) - 1]
  let left = ordinal >> rightBits
  let right = ordinal & rightMask
  for (let round = 0; round < rounds; round++) {
    // Each round changes one half by a digest of the other: undone by the same round, hence one to one.
    const even = round % 2 === 0
    const source = even ? right : left
    const at = (round << mostHalfBits) | source
    const mask = masks.known[at]! || (masks.known[at] = maskOf(masks.seed, round, source, sha256))
    if (even) left ^= mask & leftMask
    else right ^= mask & rightMask
  }
  return (left << rightBits) | right
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
  /** By round and half, whatever the size of the list; 0 for what nobody has asked for. */
  readonly known: Uint32Array
}

const isKnown = 2 ** 16

// A node fills one list at a time, and the rounds of a list have two thousand digests between them: eight a record are soon none.
let last: Masks = { seed: new Uint8Array(0), known: new Uint32Array(0) }

function masksOf(seed: Uint8Array): Masks {
  if (seed.length !== last.seed.length || seed.some((byte, index) => byte !== last.seed[index]))
    last = { seed: seed.slice(), known: new Uint32Array(rounds << mostHalfBits) }
  return last
}
