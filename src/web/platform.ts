// Imported for what it does, before anything else: browsers since 2020 lack some methods of the language that core uses, and phones are kept for
// long. Each is defined as the language defines it (ECMA-262, 2022 to 2024), and only where it is missing. Syntax is the build's business.

type Indexed = ArrayLike<unknown>
type Test = (item: unknown, index: number, all: Indexed) => boolean

function define(target: object, name: string, method: (this: never, ...given: never[]) => unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value: method, writable: true, configurable: true })
}

function at(this: Indexed, index: number): unknown {
  const place = Math.trunc(index) || 0
  return this[place < 0 ? this.length + place : place]
}

function findLastIndex(this: Indexed, test: Test): number {
  for (let index = this.length - 1; index >= 0; index--) if (test(this[index], index, this)) return index
  return -1
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object // %TypedArray%.prototype

define(Array.prototype, 'at', at)
define(typedArray, 'at', at)
define(String.prototype, 'at', at)
define(Array.prototype, 'findLastIndex', findLastIndex)
define(Array.prototype, 'findLast', function findLast(this: Indexed, test: Test): unknown {
  return this[findLastIndex.call(this, test)]
})
define(Array.prototype, 'toSorted', function toSorted(this: Indexed, compare?: (one: unknown, other: unknown) => number): unknown[] {
  return Array.from(this).sort(compare)
})
define(Array.prototype, 'toReversed', function toReversed(this: Indexed): unknown[] {
  return Array.from(this).reverse()
})
define(Object, 'hasOwn', (target: object, name: PropertyKey): boolean => Object.prototype.hasOwnProperty.call(target, name))
// A surrogate without its other half: the `u` flag takes a whole pair for one character of another kind.
define(String.prototype, 'isWellFormed', function isWellFormed(this: string): boolean {
  return !/\p{Surrogate}/u.test(this)
})
define(Map, 'groupBy', (items: Iterable<unknown>, keyOf: (item: unknown, index: number) => unknown): Map<unknown, unknown[]> => {
  const groups = new Map<unknown, unknown[]>()
  let index = 0
  for (const item of items) {
    const key = keyOf(item, index++)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
})
