/** Chance that repeats itself: the same seed gives the same ledger on every machine. */
export interface Chance {
  /** A whole number from `from` to `to`, both included. */
  readonly between: (from: number, to: number) => number
  readonly pick: <T>(items: readonly T[]) => T
  /** True in so many cases of a hundred. */
  readonly percent: (share: number) => boolean
}

/** Mulberry32 over a mixed seed; `lane` tells the rows of one seed apart, so that each can be made again by itself. */
export function chanceOf(seed: number, lane: number): Chance {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(lane + 1, 0xc2b2ae35)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return { between, pick: (items) => items[between(0, items.length - 1)]!, percent: (share) => next() * 100 < share }
}
