import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { checked, hashBytes, hashPair, rootOf, type Place, type ReadHash } from './merkle.ts'
import { checkTileName, tileWidth, type TileName } from './tile-path.ts'

export { encodeEntries, firstEntries, parseEntries } from './entry-bundle.ts'
export { readTilePath, tilePath, type TileName } from './tile-path.ts'

type Sha256 = Engine['sha256']

/** Hashes of one level of the tree, every eighth of which is kept (C2SP tlog-tiles, Merkle Tree). Never written to once it is made. */
export interface Tile {
  readonly level: number
  readonly index: number
  /** Width times 32 bytes: those bytes never change, though the memory behind them is shared with a tile that widens this one. */
  readonly hashes: Uint8Array
}

/** A tile of hashes by its place and width. */
export interface HashTileName extends TileName {
  readonly level: number
}

/**
 * A tile with the hashes between its level and the next kept one, as a heap: node 1 is the tile's root, below node n are 2n and 2n + 1, and
 * from node 256 on stand the tile's own hashes. `known` says which of the others have been computed.
 */
interface Heap {
  readonly nodes: Uint8Array
  readonly known: Uint8Array
  /** How many of the tile's own hashes are written. Whoever holds the tile of this width may write the next; for everybody else they are taken. */
  filled: number
}

// Of tiles that are held, so that none is hashed twice, however many proofs are read from it or leaves appended to it.
const heaps = new WeakMap<Tile, Heap>()

export const widthOf = ({ hashes }: Pick<Tile, 'hashes'>): number => hashes.length / hashBytes

/** The distinct tiles that hold these places, or allow computing them, at the widths that a tree of this size has. Fault `log-position-invalid` for a place outside. */
export function tilesFor(places: readonly Place[], size: number): readonly HashTileName[] {
  checked(size, 'size')
  const levels: Map<number, HashTileName>[] = []
  const names: HashTileName[] = []
  for (const place of places) {
    if ((place.index + 1) * 2 ** place.level > size) throw new Fault('log-position-invalid', { at: spell(place), detail: `outside ${size} leaves` })
    const { level, index } = seat(place)
    const ofLevel = (levels[level] ??= new Map())
    if (ofLevel.has(index)) continue
    const name = { level, index, width: Math.min(tileWidth, hashesAt(level, size) - index * tileWidth) }
    ofLevel.set(index, name)
    names.push(name)
  }
  return names
}

/** The partial tiles of a tree, lowest level first: its right edge, and all that appending needs. */
export function edgeTiles(size: number): readonly HashTileName[] {
  const names: HashTileName[] = []
  for (let level = 0, left = checked(size, 'size'); left > 0; level++, left = Math.floor(left / tileWidth)) {
    const width = left % tileWidth
    if (width > 0) names.push({ level, index: Math.floor(left / tileWidth), width })
  }
  return names
}

/**
 * Reads hashes from tiles at hand, computing what lies between the kept levels. Nothing of it is proven: only a root that equals a
 * signed one proves the tiles. Faults: `log-tile-malformed`, and in reading `log-tile-missing`.
 */
export function readFromTiles(tiles: readonly Tile[], sha256: Sha256): ReadHash {
  const levels: Map<number, Tile>[] = []
  for (const tile of tiles) {
    const level = (levels[sound(tile).level] ??= new Map())
    const other = level.get(tile.index)
    if (other === undefined || other.hashes.length < tile.hashes.length) level.set(tile.index, tile)
  }
  return (place) => {
    const { level, index, height, slot } = seat(place)
    const tile = levels[level]?.get(index)
    if (tile === undefined || (slot + 1) << height > widthOf(tile)) throw new Fault('log-tile-missing', { at: spell({ level, index }), detail: spell(place) })
    return nodeOf(tile, (tileWidth >> height) + slot, sha256)
  }
}

/** The right edge of a tree: its size and the tiles that `edgeTiles` names. Wider ones will do. */
export interface TreeEdge {
  readonly size: number
  readonly tiles: readonly Tile[]
}

export interface Appended {
  readonly size: number
  readonly root: Uint8Array
  /** Every tile that came to be or is wider than before, lowest level first. */
  readonly changed: readonly Tile[]
  /** The partial tiles of the new tree. */
  readonly edge: readonly Tile[]
}

/**
 * Appends leaf hashes to a tree of which only the right edge is at hand. Handing `edge` on to the next call saves hashing it anew.
 * Faults: `log-tile-missing` for an edge that is not whole, `log-tile-malformed`, `log-position-invalid` past 2^53 - 1 leaves.
 */
export function appendLeaves(tree: TreeEdge, leafHashes: readonly Uint8Array[], sha256: Sha256): Appended {
  const size = checked(checked(tree.size, 'size') + leafHashes.length, 'size')
  const held = tree.tiles.map(sound)
  const changed: Tile[] = []
  const edge: Tile[] = []
  let arrived: readonly Uint8Array[] = leafHashes
  for (let level = 0, before = tree.size; before > 0 || arrived.length > 0; level++, before = Math.floor(before / tileWidth)) {
    const roots: Uint8Array[] = []
    let index = Math.floor(before / tileWidth)
    let tile = edgeTile(held, { level, index, width: before % tileWidth })
    for (let from = 0; from < arrived.length;) {
      const to = Math.min(arrived.length, from + tileWidth - (tile === undefined ? 0 : widthOf(tile)))
      const wider = widened(tile, { level, index }, arrived, from, to)
      changed.push(wider)
      from = to
      tile = wider
      if (widthOf(wider) < tileWidth) continue
      roots.push(nodeOf(wider, 1, sha256))
      tile = undefined
      index++
    }
    if (tile !== undefined) edge.push(tile)
    arrived = roots
  }
  return { size, root: rootOf(size, readFromTiles(edge, sha256), sha256), changed, edge }
}

/** Where a place is to be found: the tile, how far above the tile's hashes, and the how-manieth of that height within it. */
function seat({ level, index }: Place): { readonly level: number; readonly index: number; readonly height: number; readonly slot: number } {
  const height = level % 8
  const slots = tileWidth >> height
  return { level: (level - height) / 8, index: Math.floor(index / slots), height, slot: index % slots }
}

const spell = ({ level, index }: Place): string => `${level}/${index}`

/** How many hashes of a kept level a tree has. */
const hashesAt = (level: number, size: number): number => Math.floor(size / tileWidth ** level)

function sound(tile: Tile): Tile {
  const { level, index, hashes } = tile
  const width = widthOf(tile)
  if (!Number.isInteger(width) || width < 1 || width > tileWidth) throw new Fault('log-tile-malformed', { at: spell(tile), detail: `${hashes.length} bytes` })
  checkTileName({ level, index, width })
  return tile
}

function edgeTile(held: readonly Tile[], { level, index, width }: HashTileName): Tile | undefined {
  if (width === 0) return undefined
  const tile = held.find((one) => one.level === level && one.index === index)
  if (tile === undefined || widthOf(tile) < width) throw new Fault('log-tile-missing', { at: spell({ level, index }), detail: `edge of width ${width}` })
  return widthOf(tile) === width ? tile : { level, index, hashes: tile.hashes.subarray(0, width * hashBytes) }
}

/** Shares its memory with the tile that it widens, unless that one has been widened otherwise already. */
function widened(tile: Tile | undefined, { level, index }: Place, arrived: readonly Uint8Array[], from: number, to: number): Tile {
  const start = tile === undefined ? 0 : widthOf(tile)
  const held = tile === undefined ? undefined : heaps.get(tile)
  const heap = held?.filled === start ? held : openHeap(tile)
  for (let next = from, at = (tileWidth + start) * hashBytes; next < to; next++, at += hashBytes) {
    const hash = arrived[next]!
    if (hash.length !== hashBytes) throw new Fault('log-tile-malformed', { at: spell({ level, index }), detail: `a hash of ${hash.length} bytes` })
    heap.nodes.set(hash, at)
  }
  heap.filled = start + to - from
  const wider = { level, index, hashes: heap.nodes.subarray(tileWidth * hashBytes, (tileWidth + heap.filled) * hashBytes) }
  heaps.set(wider, heap)
  return wider
}

function openHeap(tile: Tile | undefined): Heap {
  const heap = { nodes: new Uint8Array(2 * tileWidth * hashBytes), known: new Uint8Array(tileWidth), filled: 0 }
  if (tile === undefined) return heap
  heap.nodes.set(tile.hashes, tileWidth * hashBytes)
  heap.filled = widthOf(tile)
  return heap
}

function nodeOf(tile: Tile, node: number, sha256: Sha256): Uint8Array {
  if (node >= tileWidth) return tile.hashes.subarray((node - tileWidth) * hashBytes, (node - tileWidth + 1) * hashBytes)
  let heap = heaps.get(tile)
  if (heap === undefined) {
    heap = openHeap(tile)
    heaps.set(tile, heap)
  }
  if (heap.known[node] === 0) compute(heap, node, sha256)
  return heap.nodes.subarray(node * hashBytes, (node + 1) * hashBytes)
}

function compute(heap: Heap, node: number, sha256: Sha256): void {
  const { nodes, known } = heap
  const left = 2 * node
  if (left < tileWidth) {
    if (known[left] === 0) compute(heap, left, sha256)
    if (known[left + 1] === 0) compute(heap, left + 1, sha256)
  }
  nodes.set(hashPair(nodes.subarray(left * hashBytes, (left + 2) * hashBytes), sha256), node * hashBytes)
  known[node] = 1
}
