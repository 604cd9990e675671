import { randomFillSync } from 'node:crypto'

const page = new Uint8Array(4096)
let used = page.length

/**
 * Unpredictable bytes, drawn from the system a page at a time: a call for each salt and id costs more than hashing what they salt. What has
 * been handed out is wiped from the page, so that a later look at memory doesn't find it there.
 */
export function randomBytes(length: number): Uint8Array {
  if (length > page.length) return randomFillSync(new Uint8Array(length))
  if (used + length > page.length) {
    randomFillSync(page)
    used = 0
  }
  const bytes = page.slice(used, used + length)
  page.fill(0, used, used + length)
  used += length
  return bytes
}
