/** Chance that comes out the same for the same seed (mulberry32). */
export interface Chance {
  /** From 0 up to 1. */
  readonly next: () => number
  readonly between: (least: number, most: number) => number
  readonly one: <Item>(items: readonly Item[]) => Item
  readonly shuffled: <Item>(items: readonly Item[]) => readonly Item[]
  readonly fork: () => Chance
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    one: (items) => items[Math.floor(next() * items.length)]!, // never asked of nothing
    shuffled: (items) =>
      items
        .map((item) => ({ item, place: next() }))
        .toSorted((one, other) => one.place - other.place)
        .map(({ item }) => item),
    fork: () => chanceOf(Math.floor(next() * 2 ** 32)),
  }
}
