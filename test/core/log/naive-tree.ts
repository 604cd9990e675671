import { createHash } from 'node:crypto'

/** RFC 6962 §2.1 as it is written, recursion and all: slow, and what the real one is held against. */
const sha256 = (...parts: readonly Uint8Array[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const zero = Uint8Array.of(0)
const one = Uint8Array.of(1)

/** k, the largest power of two smaller than n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

export const naiveLeaf = (entry: Uint8Array): Buffer => sha256(zero, entry)

/** The tree over leaf hashes, each subtree hashed once. */
export function naiveTree(leafHashes: readonly Uint8Array[]) {
  const known = new Map<number, Uint8Array>()
  const root = (from: number, to: number): Uint8Array => {
    if (to === from) return sha256()
    if (to - from === 1) return leafHashes[from]!
    const at = from * 1_000_000 + to
    let hash = known.get(at)
    if (hash === undefined) {
      const k = split(to - from)
      hash = sha256(one, root(from, from + k), root(from + k, to))
      known.set(at, hash)
    }
    return hash
  }
  const path = (m: number, from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return []
    const k = split(to - from)
    return m < k ? [...path(m, from, from + k), root(from + k, to)] : [...path(m - k, from + k, to), root(from, from + k)]
  }
  const subproof = (m: number, from: number, to: number, whole: boolean): Uint8Array[] => {
    if (m === to - from) return whole ? [] : [root(from, to)]
    const k = split(to - from)
    return m <= k ? [...subproof(m, from, from + k, whole), root(from + k, to)] : [...subproof(m - k, from + k, to, false), root(from, from + k)]
  }
  return {
    root: (size: number) => root(0, size),
    inclusion: (index: number, size: number) => path(index, 0, size),
    consistency: (from: number, to: number) => (from === 0 ? [] : subproof(from, 0, to, true)),
  }
}
