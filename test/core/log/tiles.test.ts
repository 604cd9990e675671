import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  placesForConsistency,
  placesForInclusion,
  placesForRoot,
  proveConsistency,
  proveInclusion,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  type Place,
} from '#core/log/merkle.ts'
import { appendLeaves, edgeTiles, encodeEntries, parseEntries, readFromTiles, readTilePath, tilePath, tilesFor, type Tile } from '#core/log/tiles.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import { naiveLeaf, naiveTree } from './naive-tree.ts'

const { sha256 } = nodeEngine
const many = 70_000
const leaves = Array.from({ length: many }, (_, index) => naiveLeaf(Buffer.from(`entry ${index}`)))
const naive = naiveTree(leaves)
const hex = (hashes: readonly Uint8Array[]): string => hashes.map((hash) => Buffer.from(hash).toString('hex')).join(' ')
const width = ({ hashes }: Tile): number => hashes.length / 32
const nothing = { size: 0, tiles: [] }

/** A log's files by path, as appending leaves them behind. */
function grow(batches: readonly number[]) {
  const files = new Map<string, Tile>()
  let edge: { size: number; tiles: readonly Tile[] } = nothing
  let root = naive.root(0)
  for (const count of batches) {
    const grown = appendLeaves(edge, leaves.slice(edge.size, edge.size + count), sha256)
    for (const tile of grown.changed) files.set(tilePath({ level: tile.level, index: tile.index, width: width(tile) }), tile)
    edge = { size: grown.size, tiles: grown.edge }
    root = grown.root
  }
  const load = (places: readonly Place[], size: number): Tile[] =>
    tilesFor(places, size).map((name) => {
      const file = files.get(tilePath(name)) ?? files.get(tilePath({ ...name, width: 256 }))
      if (file === undefined) throw new Error(`no ${tilePath(name)}`)
      return file
    })
  return { files, edge, root, load }
}

const grown = grow([1, 254, 1, 1, 255, 512, 65_536, many - 66_560])

describe('tiles', () => {
  it('of 70,000 leaves are those that the specification counts', () => {
    const full = [...grown.files.keys()].filter((path) => !path.includes('.p/'))
    expect(full.filter((path) => path.startsWith('tile/0/'))).toHaveLength(273)
    expect(full.filter((path) => !path.startsWith('tile/0/'))).toEqual(['tile/1/000'])
    expect(grown.edge.tiles.map((tile) => tilePath({ ...tile, width: width(tile) }))).toEqual(['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1'])
    expect(edgeTiles(many)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ])
    expect(edgeTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }])
    expect(edgeTiles(0)).toEqual([])
  })

  it('hold the hashes that the specification defines', () => {
    const [lowest, middle, highest] = grown.edge.tiles.map(({ hashes }) => hashes)
    expect(hex([lowest!])).toBe(hex([Buffer.concat(leaves.slice(273 * 256))]))
    const subtree = (level: number, index: number): Uint8Array => {
      const span = 256 ** level
      return naiveTree(leaves.slice(index * span, (index + 1) * span)).root(span)
    }
    expect(hex([middle!])).toBe(hex([Buffer.concat(Array.from({ length: 17 }, (_, index) => subtree(1, 256 + index)))]))
    expect(hex([highest!])).toBe(hex([subtree(2, 0)]))
    expect(hex([grown.files.get('tile/1/000')!.hashes])).toBe(hex([Buffer.concat(Array.from({ length: 256 }, (_, index) => subtree(1, index)))]))
    expect(hex([grown.root])).toBe(hex([naive.root(many)]))
  })

  it('prove leaves and growth of 70,000, from no more tiles than the plan named', () => {
    const root = naive.root(many)
    for (const index of [0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999]) {
      const tiles = grown.load(placesForInclusion(index, many), many)
      expect(tiles.length).toBeLessThanOrEqual(5)
      const proof = proveInclusion(index, many, readFromTiles(tiles, sha256), sha256)
      expect(hex(proof)).toBe(hex(naive.inclusion(index, many)))
      expect(verifyInclusion({ index, size: many, leafHash: leaves[index]!, root, proof }, sha256)).toBe(true)
    }
    for (const from of [1, 255, 256, 257, 65_535, 65_536, 65_537, 69_888, 69_999, many]) {
      const read = readFromTiles(grown.load(placesForConsistency(from, many), many), sha256)
      const proof = proveConsistency(from, many, read, sha256)
      expect(hex(proof)).toBe(hex(naive.consistency(from, many)))
      expect(verifyConsistency({ from, fromRoot: naive.root(from), to: many, toRoot: root, proof }, sha256)).toBe(true)
    }
  })

  it('one batch or many: the same tiles and roots', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 8 }), (batches) => {
        const total = batches.reduce((sum, count) => sum + count, 0)
        const [parts, whole] = [grow(batches), grow([total])]
        expect(hex([parts.root])).toBe(hex([naive.root(total)]))
        expect(parts.edge).toEqual(whole.edge)
        for (const [path, tile] of whole.files) expect(parts.files.get(path)).toEqual(tile)
        expect(parts.edge.tiles.map((tile) => ({ level: tile.level, index: tile.index, width: width(tile) }))).toEqual(edgeTiles(total))
      }),
      { numRuns: 60 },
    )
  })

  it('go on from an edge that was stored and read back, and from tiles that are wider already', () => {
    const stored = grown.edge.tiles.map(({ level, index, hashes }) => ({ level, index, hashes: Uint8Array.from(hashes) }))
    const next = naiveLeaf(Buffer.from('entry 70000'))
    const fresh = appendLeaves({ size: many, tiles: stored }, [next], sha256)
    expect(hex([fresh.root])).toBe(hex([naiveTree([...leaves, next]).root(many + 1)]))
    // After a crash between writing tiles and moving the head on, the edge at hand is of a tree that never was signed.
    const again = appendLeaves({ size: many, tiles: fresh.edge }, [next], sha256)
    expect(again).toEqual(fresh)
    expect(appendLeaves({ size: many, tiles: stored }, [], sha256)).toEqual({ size: many, root: grown.root, changed: [], edge: stored })
    expect(hex([appendLeaves(nothing, [], sha256).root])).toBe(hex([naive.root(0)]))
  })

  it('let two futures of one edge stay apart', () => {
    const { edge } = grow([301])
    const futures = ['one', 'another'].map((entry) => Array.from({ length: 7 }, (_, index) => naiveLeaf(Buffer.from(`${entry} ${index}`))))
    for (const future of [...futures, ...futures]) {
      const { root } = appendLeaves({ size: 301, tiles: edge.tiles }, future, sha256)
      expect(hex([root])).toBe(hex([naiveTree([...leaves.slice(0, 301), ...future]).root(308)]))
    }
  })

  it('are hashed once: appending costs a hash a leaf, and a second proof only what composes the right edge', () => {
    let hashes = 0
    const counted = (bytes: Uint8Array): Uint8Array => {
      hashes++
      return sha256(bytes)
    }
    let edge: { size: number; tiles: readonly Tile[] } = nothing
    for (let size = 0; size < 4096; size += 64) edge = { size: size + 64, tiles: appendLeaves(edge, leaves.slice(size, size + 64), counted).edge }
    // Each inner node but the root's own composition: 64 batches compose at most six hashes each.
    expect(hashes).toBeLessThanOrEqual(4096 + 64 * 6)
    const read = readFromTiles(grown.load(placesForInclusion(1234, many), many), counted)
    proveInclusion(1234, many, read, counted)
    hashes = 0
    proveInclusion(1234, many, read, counted)
    expect(hashes).toBe(placesForInclusion(1234, many).length - proveInclusion(1234, many, read, sha256).length)
  })

  it('of one place may be at hand in two widths', () => {
    const [narrow, wide] = [grow([2]).edge.tiles[0]!, grow([3]).edge.tiles[0]!]
    for (const both of [
      [narrow, wide],
      [wide, narrow],
    ])
      expect(hex([readFromTiles(both, sha256)({ level: 0, index: 2 })])).toBe(hex([leaves[2]!]))
  })

  it('name every tile that a place needs once, at the width of the tree', () => {
    expect(tilesFor(placesForInclusion(0, many), many)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 256 },
      { level: 1, index: 1, width: 17 },
      { level: 0, index: 273, width: 112 },
    ])
    expect(tilesFor([{ level: 8, index: 0 }], 256)).toEqual([{ level: 1, index: 0, width: 1 }])
    expect(tilesFor([{ level: 7, index: 1 }], 256)).toEqual([{ level: 0, index: 0, width: 256 }])
    expect(faultOf(() => tilesFor([{ level: 7, index: 1 }], 255))).toBe('log-position-invalid')
    const huge = 2 ** 53 - 1
    expect(tilesFor([{ level: 0, index: huge - 1 }], huge)).toEqual([{ level: 0, index: 2 ** 45 - 1, width: 255 }])
    expect(edgeTiles(huge)).toHaveLength(7)
  })

  it('that are missing, too narrow or misshapen are refused', () => {
    const size = 300
    const { edge } = grow([size])
    const read = readFromTiles(edge.tiles, sha256)
    expect(hex([rootOf(size, read, sha256)])).toBe(hex([naive.root(size)]))
    expect(faultOf(() => read({ level: 0, index: 0 }))).toBe('log-tile-missing')
    expect(faultOf(() => read({ level: 0, index: 300 }))).toBe('log-tile-missing')
    expect(faultOf(() => read({ level: 3, index: 37 }))).toBe('log-tile-missing')
    expect(faultOf(() => read({ level: 16, index: 0 }))).toBe('log-tile-missing')
    for (const length of [0, 31, 33, 8193, 8224])
      expect(faultOf(() => readFromTiles([{ level: 0, index: 0, hashes: new Uint8Array(length) }], sha256))).toBe('log-tile-malformed')
    expect(faultOf(() => readFromTiles([{ level: 64, index: 0, hashes: new Uint8Array(32) }], sha256))).toBe('log-position-invalid')
    expect(faultOf(() => appendLeaves({ size, tiles: [] }, [leaves[0]!], sha256))).toBe('log-tile-missing')
    expect(faultOf(() => appendLeaves({ size: 301, tiles: edge.tiles }, [leaves[0]!], sha256))).toBe('log-tile-missing')
    expect(faultOf(() => appendLeaves(nothing, [new Uint8Array(31)], sha256))).toBe('log-tile-malformed')
  })

  it('one changed bit in any tile changes the root, or the proof that reads it is refused', () => {
    const size = 1000
    const { files, root, load } = grow([size])
    const tiles = [...files.values()]
    const anywhere = fc.record({ tile: fc.nat(tiles.length - 1), byte: fc.nat(8191), bit: fc.nat(7), index: fc.nat(size - 1) })
    fc.assert(
      fc.property(anywhere, ({ tile, byte, bit, index }) => {
        const spoilt = tiles[tile]!
        const hashes = spoilt.hashes.map((value, at) => (at === byte % spoilt.hashes.length ? value ^ (1 << bit) : value))
        const withSpoilt = load(placesForInclusion(index, size), size).map((one) => (one === spoilt ? { ...one, hashes } : one))
        const proof = proveInclusion(index, size, readFromTiles(withSpoilt, sha256), sha256)
        const good = hex(proof) === hex(naive.inclusion(index, size))
        expect(verifyInclusion({ index, size, leafHash: leaves[index]!, root, proof }, sha256)).toBe(good)
        const edge = load(placesForRoot(size), size).map((one) => (one === spoilt ? { ...one, hashes } : one))
        const touchesEdge = edge.some((one) => one.hashes === hashes)
        expect(hex([rootOf(size, readFromTiles(edge, sha256), sha256)]) === hex([root])).toBe(!touchesEdge)
      }),
      { numRuns: 300 },
    )
  })
})

describe('paths of tiles', () => {
  const known: readonly (readonly [string, Parameters<typeof tilePath>[0]])[] = [
    ['tile/0/x001/x234/067.p/12', { level: 0, index: 1_234_067, width: 12 }],
    ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/63/999.p/255', { level: 63, index: 999, width: 255 }],
    ['tile/3/x001/000.p/1', { level: 3, index: 1000, width: 1 }],
    ['tile/entries/x001/x234/067.p/12', { level: 'entries', index: 1_234_067, width: 12 }],
    ['tile/entries/x123/456', { level: 'entries', index: 123_456, width: 256 }],
    ['tile/0/x009/x007/x199/x254/x740/991', { level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 }],
  ]

  it('are written and read as the specification spells them', () => {
    for (const [path, name] of known) {
      expect(tilePath(name)).toBe(path)
      expect(readTilePath(path)).toEqual(name)
    }
  })

  it('are read in no other spelling', () => {
    const refused = [
      '/tile/0/000',
      'tile/0/000/',
      'tile/00/000',
      'tile/01/000',
      'tile/64/000',
      'tile/-1/000',
      'tile/0/0',
      'tile/0/00',
      'tile/0/0000',
      'tile/0/x000/001',
      'tile/0/x000/x001/000',
      'tile/0/001/000',
      'tile/0/x001',
      'tile/0/x001/x000',
      'tile/0/X001/000',
      'tile/0/000.p/0',
      'tile/0/000.p/01',
      'tile/0/000.p/256',
      'tile/0/000.p/257',
      'tile/0/000.p/',
      'tile/0/000.p',
      'tile/0/000.p/12/',
      'tile/0/000.p/12\n',
      'tile/0/٠٠٠',
      'tile/data/000',
      'tile/Entries/000',
      'tile/0/x009/x007/x199/x254/x740/992',
      'tile/0/x001/x009/x007/x199/x254/x740/991',
      'tile/0/../000',
      'tile/0/%30%30%30',
      '',
    ]
    expect(refused.filter((path) => readTilePath(path) !== undefined)).toEqual([])
  })

  it('are never made for a tile that cannot be', () => {
    const bad = [
      { level: 64, index: 0, width: 1 },
      { level: -1, index: 0, width: 1 },
      { level: 0.5, index: 0, width: 1 },
      { level: 0, index: -1, width: 1 },
      { level: 0, index: 2 ** 53, width: 1 },
      { level: 0, index: 0, width: 0 },
      { level: 0, index: 0, width: 257 },
    ]
    expect(bad.map((name) => faultOf(() => tilePath(name)))).toEqual(bad.map(() => 'log-position-invalid'))
  })

  it('come back whatever the tile is', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.nat(63))
    fc.assert(
      fc.property(level, fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (of, index, wide) => {
        const name = { level: of, index, width: wide }
        expect(readTilePath(tilePath(name))).toEqual(name)
      }),
    )
  })
})

describe('bundles of entries', () => {
  it('are lengths of two bytes and the entries', () => {
    expect(Buffer.from(encodeEntries([Buffer.from('a'), new Uint8Array(0), Buffer.alloc(258, 'b')])).toString('hex')).toBe(
      `0001610000${'0102'}${'62'.repeat(258)}`,
    )
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 256 }), (entries) => {
        expect(parseEntries(encodeEntries(entries), entries.length).map((entry) => Uint8Array.from(entry))).toEqual(entries)
      }),
    )
    const longest = Buffer.alloc(65_535, 1)
    expect(parseEntries(encodeEntries([longest]), 1)[0]!).toHaveLength(65_535)
  })

  it('hold exactly as many as their width says', () => {
    const bytes = encodeEntries([Buffer.from('one'), Buffer.from('two')])
    const refused = [
      () => parseEntries(bytes, 1),
      () => parseEntries(bytes, 3),
      () => parseEntries(bytes.subarray(0, -1), 2),
      () => parseEntries(bytes.subarray(0, 6), 2),
      () => parseEntries(Buffer.concat([bytes, Buffer.alloc(1)]), 2),
      () => parseEntries(new Uint8Array(0), 1),
      () => encodeEntries([]),
      () => encodeEntries([new Uint8Array(65_536)]),
      () => encodeEntries(Array.from({ length: 257 }, () => new Uint8Array(1))),
    ]
    expect(refused.map(faultOf)).toEqual(refused.map(() => 'log-entries-malformed'))
    expect([0, 257, 1.5].map((wide) => faultOf(() => parseEntries(bytes, wide)))).toEqual(Array(3).fill('log-position-invalid'))
  })
})
