import { decodeBase64url, encodeBase64url } from '#core/encoding/base64url.ts'
import { asObject, asText, parseJson } from '#core/encoding/parse-json.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { readSmallFile, writeSmallFile } from './small-file.ts'

/** The newest head of the own log that has ever been made public, beside the database and not in it: a database that comes back from an old backup is older. */
export interface HeadFile {
  /** Undefined where none was written yet. Fault: `log-damaged` for a file that is not one of ours. */
  readonly read: () => LogHead | undefined
  /** On disk when it returns; a crash leaves the one before or this one. */
  readonly write: (head: LogHead) => void
}

export interface LogHead {
  readonly size: number
  readonly root: Uint8Array
}

/** Keeps the head in a small file. Processes over one database have one each: what counts is that it was not in the backup. */
export function openHeadFile(path: string): HeadFile {
  return {
    read: () => {
      const text = readSmallFile(path)
      if (text === undefined) return undefined
      try {
        const { size, root } = asObject(parseJson(encodeUtf8(text), { bytes: 1024, depth: 2 }, 'head'), 'log-damaged', 'head')
        if (typeof size !== 'number' || !Number.isSafeInteger(size)) throw new Fault('log-damaged', { at: path })
        return { size, root: decodeBase64url(asText(root, 'log-damaged', 'root'), 'root') }
      } catch (cause) {
        throw new Fault('log-damaged', { at: path, cause })
      }
    },
    write: ({ size, root }) => {
      writeSmallFile(path, `${JSON.stringify({ size, root: encodeBase64url(root) })}\n`)
    },
  }
}
