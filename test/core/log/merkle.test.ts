import { createHash } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { nobleEngine } from '#core/crypto/engine-noble.ts'
import {
  emptyRoot,
  hashLeaf,
  hashNode,
  placesForConsistency,
  placesForInclusion,
  placesForRoot,
  proveConsistency,
  proveInclusion,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  type Place,
  type ReadHash,
} from '#core/log/merkle.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import { naiveLeaf, naiveTree } from './naive-tree.ts'

const { sha256 } = nodeEngine
const most = 300
const leaves = Array.from({ length: most + 1 }, (_, index) => naiveLeaf(Buffer.from(`entry ${index}`)))
const naive = naiveTree(leaves)
const spell = ({ level, index }: Place): string => `${level}/${index}`
const hex = (hashes: readonly Uint8Array[]): string => hashes.map((hash) => Buffer.from(hash).toString('hex')).join(' ')
const other = (hash: Uint8Array, at = 0): Uint8Array => hash.map((byte, index) => (index === at ? byte ^ 1 : byte))

/** Every complete subtree, hashed by itself. */
const subtrees = new Map<string, Uint8Array>()
const subtree: ReadHash = ({ level, index }) => {
  const place = spell({ level, index })
  let hash = subtrees.get(place)
  if (hash === undefined) {
    hash =
      level === 0
        ? leaves[index]!
        : createHash('sha256')
            .update(Uint8Array.of(1))
            .update(subtree({ level: level - 1, index: 2 * index }))
            .update(subtree({ level: level - 1, index: 2 * index + 1 }))
            .digest()
    subtrees.set(place, hash)
  }
  return hash
}

/** Reads only what the plan named. */
function planned(places: readonly Place[]): ReadHash {
  const named = new Set(places.map(spell))
  return (place) => {
    if (!named.has(spell(place))) throw new Error(`${spell(place)} was not planned`)
    return subtree(place)
  }
}

describe('hashes of the tree', () => {
  it('are those of RFC 6962 for entries of any length', () => {
    for (const length of [0, 1, 54, 75, 510, 511, 512, 513, 65_535]) {
      const entry = Buffer.alloc(length, length)
      expect(hex([hashLeaf(entry, sha256), hashLeaf(entry, nobleEngine.sha256)])).toBe(hex([naiveLeaf(entry), naiveLeaf(entry)]))
    }
    const [left, right] = [leaves[0]!, leaves[1]!]
    expect(hex([hashNode(left, right, sha256)])).toBe(hex([subtree({ level: 1, index: 0 })]))
    expect(hex([emptyRoot(sha256)])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it('do not remember the entry hashed before', () => {
    hashLeaf(Buffer.alloc(100, 7), sha256)
    expect(hex([hashLeaf(Buffer.from('a'), sha256)])).toBe(hex([naiveLeaf(Buffer.from('a'))]))
  })
})

describe(`every tree of up to ${most} leaves`, () => {
  it('has the root of the recursive definition, read from what the plan named', () => {
    for (let size = 0; size <= most; size++) expect(hex([rootOf(size, planned(placesForRoot(size)), sha256)])).toBe(hex([naive.root(size)]))
  })

  it('proves the inclusion of every leaf as the recursive definition does, and the proof is accepted', () => {
    const wrong: string[] = []
    for (let size = 1; size <= most; size++)
      for (let index = 0; index < size; index++) {
        const proof = proveInclusion(index, size, planned(placesForInclusion(index, size)), sha256)
        if (hex(proof) !== hex(naive.inclusion(index, size))) wrong.push(`${index} of ${size}: proof`)
        if (!verifyInclusion({ index, size, leafHash: leaves[index]!, root: naive.root(size), proof }, sha256)) wrong.push(`${index} of ${size}: refused`)
      }
    expect(wrong).toEqual([])
  })

  it('proves its consistency with every smaller one as the recursive definition does, and the proof is accepted', () => {
    const wrong: string[] = []
    for (let to = 0; to <= most; to++)
      for (let from = 0; from <= to; from++) {
        const proof = proveConsistency(from, to, planned(placesForConsistency(from, to)), sha256)
        if (hex(proof) !== hex(naive.consistency(from, to))) wrong.push(`${from} in ${to}: proof`)
        if (!verifyConsistency({ from, fromRoot: naive.root(from), to, toRoot: naive.root(to), proof }, sha256)) wrong.push(`${from} in ${to}: refused`)
      }
    expect(wrong).toEqual([])
  })
})

const few = 70

describe(`every wrong proof of a tree of up to ${few} leaves is refused`, () => {
  it('of inclusion: another index, size, leaf, root, one hash more, one less, one changed, one too long, two exchanged', () => {
    const accepted: string[] = []
    const refuse = (what: string, given: Parameters<typeof verifyInclusion>[0]): void => {
      if (verifyInclusion(given, sha256)) accepted.push(`${given.index} of ${given.size}: ${what}`)
    }
    for (let size = 1; size <= few; size++)
      for (let index = 0; index < size; index++) {
        const proof = naive.inclusion(index, size)
        const good = { index, size, leafHash: leaves[index]!, root: naive.root(size), proof }
        for (let elsewhere = 0; elsewhere <= size; elsewhere++) if (elsewhere !== index) refuse('index', { ...good, index: elsewhere })
        refuse('leaf', { ...good, leafHash: other(good.leafHash) })
        refuse('root', { ...good, root: other(good.root, 31) })
        refuse('longer', { ...good, proof: [...proof, good.root] })
        refuse('longer', { ...good, proof: [good.leafHash, ...proof] })
        refuse('long leaf', { ...good, leafHash: Buffer.concat([good.leafHash, Buffer.alloc(1)]) })
        refuse('short root', { ...good, root: good.root.subarray(1) })
        for (let step = 0; step < proof.length; step++) {
          refuse('changed', { ...good, proof: proof.with(step, other(proof[step]!, step)) })
          refuse('missing', { ...good, proof: proof.toSpliced(step, 1) })
          refuse('long hash', { ...good, proof: proof.with(step, Buffer.concat([proof[step]!, Buffer.alloc(1)])) })
          refuse('short hash', { ...good, proof: proof.with(step, proof[step]!.subarray(1)) })
          if (step > 0) refuse('exchanged', { ...good, proof: proof.with(step, proof[step - 1]!).with(step - 1, proof[step]!) })
        }
      }
    expect(accepted).toEqual([])
  })

  it('of consistency: other sizes, roots, one hash more, one less, one changed, one too long', () => {
    const accepted: string[] = []
    const refuse = (what: string, given: Parameters<typeof verifyConsistency>[0]): void => {
      if (verifyConsistency(given, sha256)) accepted.push(`${given.from} in ${given.to}: ${what}`)
    }
    for (let to = 0; to <= few; to++)
      for (let from = 0; from <= to; from++) {
        const proof = naive.consistency(from, to)
        const good = { from, fromRoot: naive.root(from), to, toRoot: naive.root(to), proof }
        refuse('longer', { ...good, proof: [...proof, good.toRoot] })
        refuse('longer', { ...good, proof: [good.fromRoot, ...proof] })
        refuse('old root', { ...good, fromRoot: other(good.fromRoot) })
        // Any tree follows from nothing.
        if (from > 0) refuse('new root', { ...good, toRoot: other(good.toRoot) })
        refuse('backwards', { ...good, from: to + 1, to: from })
        for (let step = 0; step < proof.length; step++) {
          refuse('changed', { ...good, proof: proof.with(step, other(proof[step]!, step)) })
          refuse('missing', { ...good, proof: proof.toSpliced(step, 1) })
          refuse('long hash', { ...good, proof: proof.with(step, Buffer.concat([proof[step]!, Buffer.alloc(1)])) })
          refuse('short hash', { ...good, proof: proof.with(step, proof[step]!.subarray(1)) })
        }
      }
    expect(accepted).toEqual([])
  })

  it('also where the roots were made to fit a proof that is too long or too short', () => {
    const [a, b, c] = [leaves[0]!, leaves[1]!, leaves[2]!]
    const node = (left: Uint8Array, right: Uint8Array): Uint8Array => hashNode(left, right, sha256)
    const inclusion = (index: number, size: number, proof: readonly Uint8Array[], root: Uint8Array): boolean =>
      verifyInclusion({ index, size, leafHash: a, root, proof }, sha256)
    expect([inclusion(0, 1, [], a), inclusion(0, 1, [b], node(b, a)), inclusion(0, 1, [b], node(a, b))]).toEqual([true, false, false])
    expect([inclusion(0, 2, [b], node(a, b)), inclusion(0, 3, [b], node(a, b)), inclusion(0, 2, [], a)]).toEqual([true, false, false])
    expect([inclusion(2, 3, [b], node(b, a)), inclusion(2, 3, [b, c], node(c, node(b, a)))]).toEqual([true, false])
    const consistency = (from: number, to: number, proof: readonly Uint8Array[], fromRoot: Uint8Array, toRoot: Uint8Array): boolean =>
      verifyConsistency({ from, fromRoot, to, toRoot, proof }, sha256)
    expect([consistency(1, 2, [b], a, node(a, b)), consistency(1, 3, [b], a, node(a, b)), consistency(1, 2, [], a, a)]).toEqual([true, false, false])
    expect(consistency(1, 2, [b, c], node(c, a), node(c, node(a, b)))).toBe(false)
    expect(consistency(1, 2, [b, c], a, node(node(a, b), c))).toBe(false)
    expect([consistency(3, 4, [a, b, c], node(c, a), node(c, node(a, b))), consistency(3, 8, [a, b, c], node(c, a), node(c, node(a, b)))]).toEqual([
      true,
      false,
    ])
    expect(consistency(3, 4, [a, b, c, b], node(b, node(c, a)), node(b, node(c, node(a, b))))).toBe(false)
  })

  it('whatever is handed in, without throwing', () => {
    const hash = fc.uint8Array({ minLength: 31, maxLength: 33 })
    const proof = fc.array(hash, { maxLength: 70 })
    const number = fc.oneof(fc.nat(100), fc.maxSafeNat(), fc.double(), fc.integer())
    fc.assert(
      fc.property(number, number, hash, hash, proof, (a, b, x, y, hashes) => {
        expect(verifyInclusion({ index: a, size: b, leafHash: x, root: y, proof: hashes }, sha256)).toBe(false)
        expect(verifyConsistency({ from: a, fromRoot: x, to: b, toRoot: y, proof: hashes }, sha256)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the edges', () => {
  it('nothing is a prefix of every tree, and a tree of itself, only without a proof and only with the right root', () => {
    const nothing = emptyRoot(sha256)
    const [one, two] = [naive.root(1), naive.root(2)]
    const given = (from: number, fromRoot: Uint8Array, to: number, toRoot: Uint8Array, proof: readonly Uint8Array[] = []) =>
      verifyConsistency({ from, fromRoot, to, toRoot, proof }, sha256)
    expect([given(0, nothing, 0, nothing), given(0, nothing, 2, two), given(2, two, 2, two)]).toEqual([true, true, true])
    expect([given(0, one, 2, two), given(0, nothing, 2, two, [one]), given(0, nothing, 0, one)]).toEqual([false, false, false])
    expect([given(2, two, 2, one), given(2, two, 2, two, [one]), given(2, two, 1, one), given(1, one, 2, two)]).toEqual([false, false, false, false])
  })

  it('proofs cannot be made for leaves and sizes that are not there', () => {
    const read: ReadHash = () => leaves[0]!
    const works = [
      () => rootOf(-1, read, sha256),
      () => rootOf(1.5, read, sha256),
      () => rootOf(2 ** 53, read, sha256),
      () => rootOf(Number.NaN, read, sha256),
      () => proveInclusion(0, 0, read, sha256),
      () => proveInclusion(5, 5, read, sha256),
      () => proveInclusion(-1, 5, read, sha256),
      () => proveConsistency(6, 5, read, sha256),
      () => proveConsistency(0.5, 5, read, sha256),
      () => placesForRoot(Infinity),
    ]
    expect(works.map(faultOf)).toEqual(works.map(() => 'log-position-invalid'))
  })

  it('the largest trees that a number can count are proven too', () => {
    // Where every leaf is the same, so are all subtrees of one level.
    const level: Uint8Array[] = [leaves[0]!]
    for (let step = 1; step <= 53; step++) level.push(hashNode(level[step - 1]!, level[step - 1]!, sha256))
    const read: ReadHash = (place) => level[place.level]!
    const size = 2 ** 53 - 1
    const root = rootOf(size, read, sha256)
    for (const index of [0, 1, 2 ** 31, 2 ** 32 + 7, 2 ** 52 - 1, 2 ** 52, size - 1]) {
      const proof = proveInclusion(index, size, read, sha256)
      expect(proof.length).toBeLessThanOrEqual(53)
      expect(verifyInclusion({ index, size, leafHash: leaves[0]!, root, proof }, sha256)).toBe(true)
      expect(verifyInclusion({ index: index === 0 ? 1 : index - 1, size, leafHash: leaves[1]!, root, proof }, sha256)).toBe(false)
    }
    for (const from of [1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 52, size - 1]) {
      const proof = proveConsistency(from, size, read, sha256)
      expect(proof.length).toBeLessThanOrEqual(63)
      expect(verifyConsistency({ from, fromRoot: rootOf(from, read, sha256), to: size, toRoot: root, proof }, sha256)).toBe(true)
    }
  })
})
