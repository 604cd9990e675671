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
  const block = new Uint8Array(seed.length + 3)
  block.set(seed)
  let left = ordinal >> halfBits.right
  let right = ordinal & (2 ** halfBits.right - 1)
  for (let round = 0; round < rounds; round++) {
    // Each round changes one half by a digest of the other: undone by the same round, hence one to one.
    const even = round % 2 === 0
    const source = even ? right : left
    block[seed.length] = round
    block[seed.length + 1] = source >> 8
    block[seed.length + 2] = source & 0xff
    const digest = sha256(block)
    const mask = (digest[0]! << 8) | digest[1]!
    if (even) left ^= mask & (2 ** halfBits.left - 1)
    else right ^= mask & (2 ** halfBits.right - 1)
  }
  return (left << halfBits.right) | right
}
