import { describe, expect, it } from 'vitest'

import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { emptyRoot, hashLeaf, proveConsistency, proveInclusion, rootOf, verifyConsistency, verifyInclusion } from '#core/log/merkle.ts'
import { appendLeaves, readFromTiles } from '#core/log/tiles.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import tree from '../../vectors/log/reference-tree.json' with { type: 'json' }

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex')
const some = bytes('abacaba000000000000000000000000000000000000000000060061e00123456')

describe.each([
  ['node', nodeEngine],
  ['noble', nobleEngine],
])('the reference tree of Certificate Transparency, by %s', (_name, { sha256 }) => {
  const leaves = tree.leaves.map((leaf) => hashLeaf(bytes(leaf), sha256))
  const root = (size: number): Uint8Array => (size === 0 ? bytes(tree.emptyRoot) : bytes(tree.roots[size - 1]!))
  const appended = (size: number) => appendLeaves({ size: 0, tiles: [] }, leaves.slice(0, size), sha256)
  const read = readFromTiles(appended(8).edge, sha256)

  it('has the published roots, whether computed or appended to', () => {
    expect(hex(emptyRoot(sha256))).toBe(tree.emptyRoot)
    expect(tree.roots.map((_, index) => hex(rootOf(index + 1, read, sha256)))).toEqual(tree.roots)
    expect(tree.roots.map((_, index) => hex(appended(index + 1).root))).toEqual(tree.roots)
  })

  it('has the published inclusion proofs, and its corruptions are refused', () => {
    for (const { index, size, proof: published } of tree.inclusion) {
      const proof = published.map(bytes)
      const good = { index, size, leafHash: leaves[index]!, root: root(size), proof }
      expect(proveInclusion(index, size, read, sha256).map(hex)).toEqual(published)
      expect(verifyInclusion(good, sha256)).toBe(true)
      const corrupt = [
        { ...good, index: index - 1 },
        { ...good, index: index + 1 },
        { ...good, index: index ^ 2 },
        { ...good, size: size * 2 },
        { ...good, size: Math.floor(size / 2) },
        { ...good, leafHash: Buffer.from('WrongLeaf') },
        { ...good, root: root(0) },
        { ...good, root: some },
        { ...good, proof: [...proof, new Uint8Array(0)] },
        { ...good, proof: [...proof, good.root] },
        { ...good, proof: [new Uint8Array(0), ...proof] },
        { ...good, proof: [good.root, ...proof] },
        ...proof.map((hash, step) => ({ ...good, proof: proof.with(step, hash.with(0, hash[0]! ^ 8)) })),
        ...(proof.length > 0 ? [{ ...good, proof: proof.slice(0, -1) }] : []),
        ...(proof.length > 1 ? [{ ...good, proof: [proof[0]!, some, ...proof.slice(1)] }] : []),
      ]
      expect(corrupt.map((given) => verifyInclusion(given, sha256))).toEqual(corrupt.map(() => false))
    }
  })

  it('has the published consistency proofs, and its corruptions are refused', () => {
    for (const { from, to, proof: published } of tree.consistency) {
      const proof = published.map(bytes)
      const good = { from, fromRoot: root(from), to, toRoot: root(to), proof }
      expect(proveConsistency(from, to, read, sha256).map(hex)).toEqual(published)
      expect(verifyConsistency(good, sha256)).toBe(true)
      if (proof.length === 0) continue
      const corrupt = [
        { ...good, from: from - 1 },
        { ...good, from: from + 1 },
        { ...good, from: from ^ 2 },
        { ...good, to: to * 2 },
        { ...good, to: Math.floor(to / 2) },
        { ...good, fromRoot: Buffer.from('WrongRoot') },
        { ...good, toRoot: Buffer.from('WrongRoot') },
        { ...good, fromRoot: good.toRoot, toRoot: good.fromRoot },
        { ...good, proof: [] },
        ...[new Uint8Array(0), good.fromRoot, good.toRoot].flatMap((extra) => [
          { ...good, proof: [...proof, extra] },
          { ...good, proof: [extra, ...proof] },
        ]),
        { ...good, proof: [proof[0]!, ...proof] },
        { ...good, proof: proof.slice(0, -1) },
        ...proof.map((hash, step) => ({ ...good, proof: proof.with(step, hash.with(0, hash[0]! ^ 16)) })),
      ]
      expect(corrupt.map((given) => verifyConsistency(given, sha256))).toEqual(corrupt.map(() => false))
    }
  })
})
