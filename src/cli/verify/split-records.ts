/** Bytes of one record as it stands in a file, without the blanks around it. A view into what was pushed, good until the next push. */
type Take = (item: Uint8Array) => void

/** Cuts a stream of bytes into records. Nothing is ever dropped: what cannot be cut is handed over for the verifier to refuse. */
export interface Splitter {
  readonly push: (chunk: Uint8Array) => void
  readonly end: () => void
}

// A record is refused from 64 kB on; what is longer is cut off here, so that a file without line ends costs no memory.
const longest = 128 * 1024

/**
 * A file of one record, of one on each line (an SD-JWT, a JSON text, or an object with a member `record`), or a JSON array of
 * these. Blank lines count for nothing, and so does a byte order mark at the start.
 */
export function splitRecords(take: Take): Splitter {
  let held: Uint8Array = new Uint8Array(0)
  let inner: Splitter | undefined
  const choose = (last: boolean): void => {
    const start = held[0] === 0xef && held[1] === 0xbb && held[2] === 0xbf ? 3 : 0
    const rest = held.subarray(skipBlanks(held, start))
    const array = rest[0] === bracket ? looksLikeArray(rest) : false
    if (!last && (rest.length === 0 || array === undefined)) return
    inner = array === true ? splitArray(take) : splitLines(take)
    inner.push(array === true ? rest.subarray(1) : held.subarray(start))
  }
  return {
    push: (chunk) => {
      if (inner !== undefined) return inner.push(chunk)
      held = joined(held, chunk)
      choose(false)
    },
    end: () => {
      if (inner === undefined) choose(true)
      inner!.end() // chosen by now
    },
  }
}

const [newline, quote, backslash, comma, bracket, closing] = [0x0a, 0x22, 0x5c, 0x2c, 0x5b, 0x5d]
const [brace, closingBrace] = [0x7b, 0x7d]

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && isBlank(bytes[at])) at++
  return at
}

function trimmed(bytes: Uint8Array): Uint8Array {
  const from = skipBlanks(bytes, 0)
  let to = bytes.length
  while (to > from && isBlank(bytes[to - 1])) to--
  return bytes.subarray(from, to)
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** `[` is also what a damaged record may begin with: an array goes on with a text, an object or its end. Undefined: not seen yet. */
function looksLikeArray(bytes: Uint8Array): boolean | undefined {
  const next = bytes[skipBlanks(bytes, 1)]
  return next === undefined ? undefined : next === quote || next === brace || next === closing
}

function splitLines(take: Take): Splitter {
  let held: Uint8Array = new Uint8Array(0)
  let skipping = false
  const offer = (line: Uint8Array): void => {
    if (!skipping) {
      const item = trimmed(line)
      if (item.length > 0) take(item.subarray(0, longest))
    }
    skipping = false
  }
  return {
    push: (chunk) => {
      let from = 0
      for (let to = chunk.indexOf(newline); to >= 0; to = chunk.indexOf(newline, from)) {
        offer(joined(held, chunk.subarray(from, to)))
        held = held.subarray(0, 0)
        from = to + 1
      }
      // A copy: the chunk is its reader's.
      held = skipping ? held : joined(held, chunk.slice(from))
      if (held.length > longest) {
        offer(held)
        held = held.subarray(0, 0)
        skipping = true
      }
    },
    end: () => offer(held),
  }
}

/** Elements of an array whose opening bracket has been taken off. */
function splitArray(take: Take): Splitter {
  let held: Uint8Array = new Uint8Array(0)
  let ended = false
  const offer = (element: Uint8Array): void => {
    const item = trimmed(element)
    if (item.length > 0) take(item.subarray(0, longest))
  }
  return {
    push: (chunk) => {
      const bytes = joined(held, chunk)
      let from = 0
      while (!ended) {
        const to = endOfElement(bytes, from)
        if (to === undefined) break
        offer(bytes.subarray(from, to))
        ended = bytes[to] === closing
        from = to + 1
      }
      held = bytes.slice(from, ended ? from + longest : Math.max(from, Math.min(bytes.length, from + 2 * longest)))
      // An element longer than any record, or one that is never closed: the rest of the file is this one piece, and refused.
      if (!ended && held.length >= 2 * longest) ended = true
    },
    end: () => {
      offer(held)
      // A file that was cut off: whoever counts the answers must not take it for whole.
      if (!ended) take(new Uint8Array(0))
    },
  }
}

/** Where the comma or the bracket stands that ends the element at `from`; undefined when it has not come yet. */
function endOfElement(bytes: Uint8Array, from: number): number | undefined {
  let depth = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) {
      const end = endOfText(bytes, at + 1)
      if (end === undefined) return undefined
      at = end
    } else if (byte === brace || byte === bracket) depth++
    else if (depth > 0 && (byte === closingBrace || byte === closing)) depth--
    else if (depth === 0 && (byte === comma || byte === closing)) return at
  }
  return undefined
}

function endOfText(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    let slashes = 0
    while (bytes[at - 1 - slashes] === backslash) slashes++
    if (slashes % 2 === 0) return at
  }
  return undefined
}
