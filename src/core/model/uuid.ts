import type { RandomBytes } from '../crypto/engine.ts'

/** UUID version 7 (RFC 9562 §5.7) as 16 bytes: ordered by time, unguessable after that. */
export function makeUuid(milliseconds: number, random: RandomBytes): Uint8Array {
  const id = new Uint8Array(16)
  id.set(random(10), 6)
  for (let index = 5, rest = milliseconds; index >= 0; index--, rest = Math.floor(rest / 256)) id[index] = rest % 256
  id[6] = 0x70 | (id[6]! & 0x0f)
  id[8] = 0x80 | (id[8]! & 0x3f)
  return id
}

const counterSpan = 4096

/**
 * Makes UUIDs that rise in the order in which they were asked for, whatever the clock does: below the time stands a counter of twelve bits
 * (RFC 9562 §6.2, method 1), and 62 bits are random. `milliseconds` may be as coarse as it likes.
 */
export function orderedUuids(milliseconds: () => number, random: RandomBytes): () => Uint8Array {
  let time = 0
  let counter = 0
  return () => {
    const now = milliseconds()
    if (now > time) {
      time = now
      counter = 0
    } else if (++counter === counterSpan) {
      time += 1
      counter = 0
    }
    const id = makeUuid(time, random)
    id[6] = 0x70 | (counter >> 8)
    id[7] = counter & 0xff
    return id
  }
}

/** The instant that a UUID of version 7 carries: milliseconds since 1970. */
export const millisecondsOf = (id: Uint8Array): number => id.subarray(0, 6).reduce((value, byte) => value * 256 + byte, 0)

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** 16 bytes → 8-4-4-4-12. */
export function uuidText(id: Uint8Array): string {
  let text = ''
  for (const [index, byte] of id.entries()) text += index === 4 || index === 6 || index === 8 || index === 10 ? `-${hex[byte]}` : hex[byte]
  return text
}

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** The text form, lower case, version 7; anything else is undefined. */
export function readUuid(text: string): Uint8Array | undefined {
  if (!form.test(text)) return undefined
  const digits = text.replaceAll('-', '')
  return Uint8Array.from({ length: 16 }, (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16))
}
