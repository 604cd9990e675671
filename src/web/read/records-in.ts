// What stands between words: blanks of every kind, quotes, brackets, commas, and whatever a mail program puts before a quoted line.
const separators = /[\s\ufeff\u200b-\u200f\u2028-\u202e\u2060-\u2069"'`<>,;()[\]{}\\|“”‘’「」《》，。；：、（）]+/
const recordLetters = /^[\w.~-]+$/

/**
 * The SD-JWTs that a text holds, in its order, each once: bare, quoted, inside JSON, one a line, or broken into lines.
 *
 * A word that begins like a record and is spoilt further on is handed over as it stands. If it were repaired or cut where it is still sound,
 * a file with a changed byte would come out as a genuine record that shows less; what is wrong with it is for `verify` to say.
 */
export function recordsIn(text: string): readonly string[] {
  const words = text.split(separators)
  const records = new Set<string>()
  for (let index = 0; index < words.length; index++) {
    let read = fromStart(words[index]!)
    if (read === undefined) continue
    const parts = [read.part]
    while (goesOn(read, words[index + 1])) {
      read = after(read, words[++index]!)
      parts.push(read.part)
    }
    if (read.hasDot && read.hasTilde) records.add(parts.join(''))
  }
  return [...records]
}

/** How far a record is read: so much that no part is looked at twice. */
interface Progress {
  readonly part: string
  readonly hasDot: boolean
  readonly hasTilde: boolean
  /** Behind the last `~`. */
  readonly tail: { readonly isEmpty: boolean; readonly dots: number }
}

const nothingRead: Progress = { part: '', hasDot: false, hasTilde: false, tail: { isEmpty: true, dots: 0 } }

function after(read: Progress, part: string): Progress {
  const at = part.lastIndexOf('~')
  const last = part.slice(at + 1)
  const dots = last.split('.').length - 1
  const tail = at >= 0 ? { isEmpty: last === '', dots } : { isEmpty: read.tail.isEmpty && last === '', dots: read.tail.dots + dots }
  return { part, hasDot: read.hasDot || part.includes('.'), hasTilde: read.hasTilde || at >= 0, tail }
}

/** A JWS begins with the base64url of `{"`. The word may have a label before it: `record=eyJ…`. */
function fromStart(word: string): Progress | undefined {
  const at = /(?:^|[^\w.~-])(?=eyJ)/.exec(word)
  return at === null ? undefined : after(nothingRead, word.slice(at.index + at[0].length))
}

function goesOn(read: Progress, next: string | undefined): boolean {
  if (next === undefined || !recordLetters.test(next)) return false
  // It is whole when it ends with `~` or with a key-binding JWT, which has two dots.
  const isWhole = read.hasTilde && (read.tail.isEmpty || read.tail.dots === 2)
  // Another record, unless it is the payload behind its header, or an object inside a disclosure, where a line happens to begin.
  if (next.startsWith('eyJ')) return read.part.endsWith('.') || (read.hasDot && !isWhole && !next.includes('.'))
  // A disclosure begins with the base64url of `["` or `[ `: a line that ended just after a ~ goes on with one.
  return !isWhole || /^Wy[A-Za-z]/.test(next)
}
