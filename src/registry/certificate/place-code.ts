import type { DrawnCode } from './draw-code.ts'

/** A code as it stands on the sheet, its quiet zone included. */
export interface PlacedCode {
  /** Millimetres a side. */
  readonly side: number
  /** Millimetres a module. */
  readonly module: number
  /** The picture: one path, `side` × `side`. */
  readonly svg: string
}

/** Light modules that a reader needs on every side (ISO/IEC 18004 §9.1). */
const quiet = 4
/** What an ordinary telephone still reads from a print: millimetres a module. */
const finest = 0.42
/** What the sheet has for it, millimetres. */
const room = 40
/** Beyond this a code gets no easier to read. */
const coarsest = 0.8

/** The code at the largest size that there is room for; null where there is none, or its modules would be too fine to be read. */
export function placeCode(code: DrawnCode | undefined): PlacedCode | null {
  if (code === undefined) return null
  const modules = code.size + 2 * quiet
  const module = Math.min(room / modules, coarsest)
  if (module < finest) return null
  const side = modules * module
  return { side, module, svg: svgOf(code, side) }
}

/** Dark modules as one path, a rectangle for each run in a row: within one path neighbouring rows leave no seam. */
function svgOf({ size, modules }: DrawnCode, side: number): string {
  const rows = Array.from({ length: size }, (_, y) => modules.slice(y * size, (y + 1) * size))
  const runs = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1] === true) return []
      const end = row.indexOf(false, x)
      const length = (end < 0 ? row.length : end) - x
      return [`M${x + quiet} ${y + quiet}h${length}v1h-${length}z`]
    }),
  )
  const box = size + 2 * quiet
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}mm" height="${side}mm" viewBox="0 0 ${box} ${box}"><path d="${runs.join('')}"/></svg>`
}
