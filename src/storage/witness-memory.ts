import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { decodeBase64url, encodeBase64url } from '#core/encoding/base64url.ts'
import { asObject, asText, parseJson } from '#core/encoding/parse-json.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { readSmallFile, writeSmallFile } from './small-file.ts'
import type { WitnessedLog } from './witnessed-logs.ts'

/**
 * The newest head of each log that this node has cosigned, beside the database and not in it: a database that comes back from an old backup has
 * forgotten some, and would vouch for a second history.
 */
export interface WitnessMemory {
  /** Fault: `log-damaged` for a file that is not one of ours. */
  readonly find: (origin: string) => WitnessedLog | undefined
  /** On disk when it returns. Called before the line leaves the house. */
  readonly write: (log: WitnessedLog) => void
}

/** Keeps them in a folder, a small file each. It is made with the first. */
export function openWitnessMemory(folder: string): WitnessMemory {
  // An origin has slashes, and may be long.
  const pathOf = (origin: string): string => join(folder, `${encodeBase64url(encodeUtf8(origin)).slice(0, 200)}.json`)
  return {
    find: (origin) => {
      const path = pathOf(origin)
      const text = readSmallFile(path)
      if (text === undefined) return undefined
      try {
        const given = asObject(parseJson(encodeUtf8(text), { bytes: 256 * 1024, depth: 2 }, 'witnessed'), 'log-damaged', 'witnessed')
        const { size, cosignedAt } = given
        if (typeof size !== 'number' || typeof cosignedAt !== 'number') throw new Fault('log-damaged', { at: path })
        const of = (member: string): string => asText(given[member], 'log-damaged', member)
        return { origin: of('origin'), size, root: decodeBase64url(of('root'), 'root'), note: of('note'), cosignedAt }
      } catch (cause) {
        throw new Fault('log-damaged', { at: path, cause })
      }
    },
    write: ({ origin, size, root, note, cosignedAt }) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeSmallFile(pathOf(origin), `${JSON.stringify({ origin, size, root: encodeBase64url(root), note, cosignedAt })}\n`)
    },
  }
}
