import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { sameBytes } from './same-bytes.ts'

type Sha256 = Engine['sha256']

/** SHA-256, so every hash of the tree. */
export const hashBytes = 32

/** A complete subtree: 2^level leaves, the index-th of its level. */
export interface Place {
  readonly level: number
  readonly index: number
}

/** The hash of a complete subtree. Synchronous: the caller has loaded what the plan named. */
export type ReadHash = (place: Place) => Uint8Array

/** Leaves from `begin` up to, not including, `end`; always one that the recursion of RFC 6962 §2.1 comes by, so `begin` is a multiple of what it spans. */
interface Span {
  readonly begin: number
  readonly end: number
}

// Both are filled and hashed before anything else can run: allocating them anew would cost a good part of a hash.
const nodeInput = new Uint8Array(1 + 2 * hashBytes)
nodeInput[0] = 1
const shortLeafInput = new Uint8Array(512)

/** The hash of a leaf: SHA-256(0x00 ‖ entry) (RFC 6962 §2.1). */
export function hashLeaf(entry: Uint8Array, sha256: Sha256): Uint8Array {
  const input = entry.length < shortLeafInput.length ? shortLeafInput.subarray(0, entry.length + 1) : new Uint8Array(entry.length + 1)
  input.set(entry, 1)
  return sha256(input)
}

/** The hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). */
export function hashNode(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  nodeInput.set(left, 1)
  nodeInput.set(right, 1 + hashBytes)
  return sha256(nodeInput)
}

/** The same for two hashes that stand one after the other in 64 bytes. */
export function hashPair(pair: Uint8Array, sha256: Sha256): Uint8Array {
  nodeInput.set(pair, 1)
  return sha256(nodeInput)
}

/** The root of a tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export const emptyRoot = (sha256: Sha256): Uint8Array => sha256(new Uint8Array(0))

/** The complete subtrees that a tree consists of, the largest first. */
export const placesForRoot = (size: number): readonly Place[] => placesOf({ begin: 0, end: checked(size, 'size') })

/** Everything that `proveInclusion` reads, also what the siblings at the right edge are composed of. */
export const placesForInclusion = (index: number, size: number): readonly Place[] => inclusionSpans(index, size).flatMap(placesOf)

/** Everything that `proveConsistency` reads. */
export const placesForConsistency = (from: number, to: number): readonly Place[] => consistencySpans(from, to).flatMap(placesOf)

/** The Merkle Tree Hash of the first `size` leaves (RFC 6962 §2.1). */
export const rootOf = (size: number, read: ReadHash, sha256: Sha256): Uint8Array =>
  checked(size, 'size') === 0 ? emptyRoot(sha256) : hashOf({ begin: 0, end: size }, read, sha256)

/** PATH(index, D[size]) of RFC 6962 §2.1.1: from the leaf's sibling up to the root's child. Fault `log-position-invalid` where there is no such leaf. */
export const proveInclusion = (index: number, size: number, read: ReadHash, sha256: Sha256): readonly Uint8Array[] =>
  inclusionSpans(index, size).map((span) => hashOf(span, read, sha256))

/** PROOF(from, D[to]) of RFC 6962 §2.1.2; empty where `from` is 0 or `to`. Fault `log-position-invalid` where `from` is after `to`. */
export const proveConsistency = (from: number, to: number, read: ReadHash, sha256: Sha256): readonly Uint8Array[] =>
  consistencySpans(from, to).map((span) => hashOf(span, read, sha256))

export interface Inclusion {
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** RFC 9162 §2.1.3.2. A proof that is wrong in any way, its length and the lengths of its hashes included, is `false`; it costs no more hashes than a right one. */
export function verifyInclusion({ index, size, leafHash, root, proof }: Inclusion, sha256: Sha256): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leafHash, root]) || !areHashes(proof)) return false
  let at = index
  let last = size - 1
  let hash = leafHash
  for (const sibling of proof) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      hash = hashNode(sibling, hash, sha256)
      while (!isOdd(at) && at !== 0) {
        at = half(at)
        last = half(last)
      }
    } else hash = hashNode(hash, sibling, sha256)
    at = half(at)
    last = half(last)
  }
  return last === 0 && sameBytes(hash, root)
}

export interface Consistency {
  readonly from: number
  readonly fromRoot: Uint8Array
  readonly to: number
  readonly toRoot: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * RFC 9162 §2.1.4.2. Nothing and itself are prefixes of a tree without a proof, and a proof that is given then is refused (C2SP
 * tlog-witness, add-checkpoint); the root of nothing must be `emptyRoot`.
 */
export function verifyConsistency({ from, fromRoot, to, toRoot, proof }: Consistency, sha256: Sha256): boolean {
  if (!isCount(from) || !isCount(to) || from > to || !areHashes([fromRoot, toRoot]) || !areHashes(proof)) return false
  const nothing = emptyRoot(sha256)
  if (from === 0 && !sameBytes(fromRoot, nothing)) return false
  if (from === to) return proof.length === 0 && sameBytes(fromRoot, toRoot)
  if (from === 0) return proof.length === 0
  let at = from - 1
  let last = to - 1
  while (isOdd(at)) {
    at = half(at)
    last = half(last)
  }
  // Where the old tree is a complete subtree of the new one its root is known already, and the proof leaves it out.
  const start = at === 0 ? fromRoot : proof[0]
  if (start === undefined) return false
  let old = start
  let whole = start
  for (let step = at === 0 ? 0 : 1; step < proof.length; step++) {
    const sibling = proof[step]!
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      old = hashNode(sibling, old, sha256)
      whole = hashNode(sibling, whole, sha256)
      while (!isOdd(at) && at !== 0) {
        at = half(at)
        last = half(last)
      }
    } else whole = hashNode(whole, sibling, sha256)
    at = half(at)
    last = half(last)
  }
  return last === 0 && sameBytes(old, fromRoot) && sameBytes(whole, toRoot)
}

/** A count of leaves as this program holds one. C2SP allows 2^63 - 1; a double is exact up to 2^53 - 1, which is a million leaves a second for 285 years. */
export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** Fault `log-position-invalid` unless the value is a count. */
export function checked(value: number, at: string): number {
  if (!isCount(value)) throw new Fault('log-position-invalid', { at, detail: `${value}` })
  return value
}

/** The level of the largest complete subtree that fits into so many leaves (at least one). */
const levelWithin = (count: number): number => (count < 2 ** 32 ? 31 - Math.clz32(count) : 63 - Math.clz32(count / 2 ** 32))

/** The siblings of a leaf's path, the leaf's own first. */
function inclusionSpans(index: number, size: number): Span[] {
  if (checked(index, 'index') >= checked(size, 'size')) throw new Fault('log-position-invalid', { at: 'index', detail: `${index} of ${size}` })
  const spans: Span[] = []
  let begin = 0
  let end = size
  while (end - begin > 1) {
    const middle = begin + 2 ** levelWithin(end - begin - 1)
    if (index < middle) {
      spans.push({ begin: middle, end })
      end = middle
    } else {
      spans.push({ begin, end: middle })
      begin = middle
    }
  }
  return spans.reverse()
}

function consistencySpans(from: number, to: number): Span[] {
  if (checked(from, 'from') > checked(to, 'to')) throw new Fault('log-position-invalid', { at: 'from', detail: `${from} after ${to}` })
  if (from === 0) return []
  const spans: Span[] = []
  let begin = 0
  let end = to
  while (end !== from) {
    const middle = begin + 2 ** levelWithin(end - begin - 1)
    if (from <= middle) {
      spans.push({ begin: middle, end })
      end = middle
    } else {
      spans.push({ begin, end: middle })
      begin = middle
    }
  }
  if (begin !== 0) spans.push({ begin, end })
  return spans.reverse()
}

function placesOf({ begin, end }: Span): Place[] {
  const places: Place[] = []
  for (let at = begin; at < end;) {
    const level = levelWithin(end - at)
    const leaves = 2 ** level
    places.push({ level, index: at / leaves })
    at += leaves
  }
  return places
}

function hashOf(span: Span, read: ReadHash, sha256: Sha256): Uint8Array {
  const places = placesOf(span)
  let hash = read(places.at(-1)!)
  for (let index = places.length - 2; index >= 0; index--) hash = hashNode(read(places[index]!), hash, sha256)
  return hash
}

const isOdd = (value: number): boolean => value % 2 === 1
const half = (value: number): number => Math.floor(value / 2)
const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every((hash) => hash.length === hashBytes)
