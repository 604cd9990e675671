import { leafBytes } from '#core/log/leaf.ts'
import { hashLeaf, placesForInclusion, proveInclusion, verifyInclusion } from '#core/log/merkle.ts'
import { appendLeaves, readFromTiles, tilesFor, type Tile, type TreeEdge } from '#core/log/tiles.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { atLeast, atMost, micros, perSecond, whole, type Line } from './line.ts'
import { interleave, median, rateAgainst } from './measure.ts'

const { sha256 } = nodeEngine
const leaves = 1_000_000
const batch = 1_000
/** Between one leaf that is proven and the next: far enough that no two of a slice share a tile. */
const stride = 7_919

/** A log of a million leaves with every full tile of it, and its right edge. */
function grow(entries: readonly Uint8Array[]) {
  const files = new Map<string, Tile>()
  let tree: TreeEdge = { size: 0, tiles: [] }
  let root = sha256(new Uint8Array(0))
  while (tree.size < leaves) {
    const grown = appendLeaves(tree, hashesOf(entries), sha256)
    for (const tile of grown.changed) files.set(`${tile.level}/${tile.index}`, tile)
    tree = { size: grown.size, tiles: grown.edge }
    root = grown.root
  }
  return { files, tree, root }
}

const hashesOf = (entries: readonly Uint8Array[]): Uint8Array[] => entries.map((entry) => hashLeaf(entry, sha256))

/** Appending to a log of a million, proving and verifying one leaf of it, each in times of the hash that it is made of. */
export async function log(): Promise<readonly Line[]> {
  const entries = Array.from({ length: batch }, (_, index) => leafBytes('record', sha256(Buffer.from(`record ${index}`))))
  const { files, tree, root } = grow(entries)
  const tilesOf = (index: number): Tile[] => tilesFor(placesForInclusion(index, leaves), leaves).map(({ level, index: at }) => files.get(`${level}/${at}`)!)
  const index = 437_437
  const leafHash = hashLeaf(entries[index % batch]!, sha256)
  const proof = proveInclusion(index, leaves, readFromTiles(tilesOf(index), sha256), sha256)
  const node = new Uint8Array(65)
  let next = 0
  let thousands = tree
  let singles = tree

  const raw = (times: number): void => {
    for (let turn = 0; turn < times; turn++) sha256(node)
  }
  const cost = await interleave({
    raw,
    append: (times) => {
      for (let turn = 0; turn < times; turn++) {
        const { size, edge } = appendLeaves(thousands, hashesOf(entries), sha256)
        thousands = { size, tiles: edge }
      }
    },
    prove: (times) => {
      for (let turn = 0; turn < times; turn++) {
        next = (next + stride) % leaves
        proveInclusion(next, leaves, readFromTiles(tilesOf(next), sha256), sha256)
      }
    },
    verify: (times) => {
      for (let turn = 0; turn < times; turn++)
        if (!verifyInclusion({ index, size: leaves, leafHash, root, proof }, sha256)) throw new Error('a good proof was refused')
    },
  })

  // Apart, since the memory that these take is swept up in whoever's slice comes next.
  const apart = await interleave({
    raw,
    appendOne: (times) => {
      for (let turn = 0; turn < times; turn++) {
        const { size, edge } = appendLeaves(singles, [hashLeaf(entries[turn % batch]!, sha256)], sha256)
        singles = { size, tiles: edge }
      }
    },
    proveFresh: (times) => {
      for (let turn = 0; turn < times; turn++) {
        next = (next + stride) % leaves
        const read = readFromTiles(
          tilesOf(next).map((tile) => ({ ...tile })),
          sha256,
        )
        proveInclusion(next, leaves, read, sha256)
      }
    },
  })

  const limit = `one hash ${micros(median(cost.raw.cpu))}`
  const at = `at ${whole(leaves)} leaves`
  const append = cost.append.cpu.map((spent) => spent / batch)
  const hashTimes = (spent: readonly number[], hash = cost.raw.cpu): number => 1 / rateAgainst(spent, hash)
  const line = (work: string, spent: readonly number[], value: number) => ({
    work: `${work}, ${at}`,
    limit,
    ours: micros(median(spent)),
    value,
    perCpuSecond: perSecond(median(spent)),
  })
  return [
    // Every leaf is hashed, and with it comes one inner node.
    { ...line(`append a leaf, ${whole(batch)} at once`, append, 2 * rateAgainst(append, cost.raw.cpu)), bar: atLeast(0.6, 'of two hashes a leaf') },
    line('append one leaf, with its root (hash times)', apart.appendOne.cpu, hashTimes(apart.appendOne.cpu, apart.raw.cpu)),
    { ...line('inclusion proof from tiles at hand', cost.prove.cpu, hashTimes(cost.prove.cpu)), bar: atMost(25, 'hash times') },
    line('the same, each tile read for the first time (hash times)', apart.proveFresh.cpu, hashTimes(apart.proveFresh.cpu, apart.raw.cpu)),
    {
      ...line(`verify it: beyond its ${proof.length} hashes`, cost.verify.cpu, hashTimes(cost.verify.cpu) - proof.length),
      bar: atMost(5, 'hash times'),
    },
  ]
}
