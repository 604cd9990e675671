import { checked, isCount } from './merkle.ts'
import { Fault } from '../fault.ts'

/** How many hashes a full tile has, and how many entries a full bundle. */
export const tileWidth = 256

/** A tile of the tree, or with `entries` a bundle of entries; `width` is 256 where it is full (C2SP tlog-tiles, Merkle Tree). */
export interface TileName {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

const mostLevel = 63

/** Fault `log-position-invalid` for a tile that no log can have. */
export function checkTileName({ level, index, width }: TileName): void {
  checked(index, 'tile/index')
  if (level !== 'entries' && !(isCount(level) && level <= mostLevel)) throw new Fault('log-position-invalid', { at: 'tile/level', detail: `${level}` })
  if (!(isCount(width) && width >= 1 && width <= tileWidth)) throw new Fault('log-position-invalid', { at: 'tile/width', detail: `${width}` })
}

/** The path below a log's prefix, without a leading slash: `tile/0/x001/x234/067.p/12`. Fault `log-position-invalid` for a tile that no log can have. */
export function tilePath(name: TileName): string {
  checkTileName(name)
  const { level, index, width } = name
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g)!
  const elements = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group))
  return `tile/${level}/${elements.join('/')}${width === tileWidth ? '' : `.p/${width}`}`
}

const form = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/

/** Only the canonical spelling is read: two paths for one tile would be two files, and two entries of a cache. */
export function readTilePath(path: string): TileName | undefined {
  const [, level, digits, width] = form.exec(path) ?? []
  if (level === undefined || digits === undefined) return undefined
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: Number(digits.replaceAll(/\D/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  }
  if (name.level !== 'entries' && name.level > mostLevel) return undefined
  if (!isCount(name.index) || name.width < 1 || name.width > tileWidth) return undefined
  return tilePath(name) === path ? name : undefined
}
