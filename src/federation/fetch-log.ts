import { Fault } from '#core/fault.ts'
import { tileWidth } from '#core/log/tile-path.ts'
import { tilePath } from '#core/log/tiles.ts'
import { checkAddress } from './check-address.ts'
import type { FetchStream } from './fetch-trust-files.ts'
import { readAll } from './read-all.ts'

/** A log at an address of an accepted alliance list: static files (C2SP tlog-tiles). What comes back is unchecked bytes. */
export interface RemoteLog {
  /** Undefined where the log has no head yet, or the neighbour none of it. */
  readonly checkpoint: () => Promise<Uint8Array | undefined>
  /** The entries `index * 256` and on, so many. */
  readonly entries: (index: number, width: number) => Promise<Uint8Array>
}

/** Entries of this product are below a hundred bytes; the format's own limit for 256 of them is sixteen megabytes. */
export const logLimits = { checkpoint: 128 * 1024, entries: 256 * 1024, milliseconds: 10_000 } as const

export type LogLimits = { readonly [limit in keyof typeof logLimits]: number } & {
  /** Milliseconds for everything that is asked of it, from its opening on; as long as it takes where left out. */
  readonly altogether?: number
}

/**
 * @param below `log` for the neighbour's own log, `log/mirror/<division>` for the one of another city that it has followed
 * Faults of its members: `neighbour-address-refused`, `neighbour-unreachable`, `neighbour-slow` (`altogether` is over), `bytes-too-many`.
 */
export function openRemoteLog(address: string, below: string, fetch: FetchStream, limits: LogLimits = logLimits): RemoteLog {
  const base = `${checkAddress(address)}/${below}`
  const over = limits.altogether === undefined ? undefined : AbortSignal.timeout(limits.altogether)
  const get = async (path: string, fileBytes: number): Promise<Uint8Array | undefined> => {
    const url = `${base}/${path}`
    const late = AbortSignal.timeout(limits.milliseconds)
    const signal = over === undefined ? late : AbortSignal.any([late, over])
    try {
      const answer = await fetch(url, { headers: {}, redirect: 'error', signal })
      if (answer.status === 200 && answer.url === url) return await readAll(answer, url, { fileBytes })
      await answer.body?.cancel()
      if (answer.status === 404) return undefined
      throw new Fault('neighbour-unreachable', { at: url, detail: answer.status === 200 ? 'it answered from elsewhere' : `status ${answer.status}` })
    } catch (error) {
      if (error instanceof Fault) throw error
      if (over?.aborted === true) throw new Fault('neighbour-slow', { at: base, detail: `${limits.altogether} ms`, cause: error })
      throw new Fault('neighbour-unreachable', {
        at: url,
        detail: late.aborted ? `no answer within ${limits.milliseconds} ms` : 'no connection, or a redirect',
        cause: error,
      })
    }
  }
  return {
    checkpoint: () => get('checkpoint', limits.checkpoint),
    entries: async (index, width) => {
      // A log may drop a partial bundle once it has the full one (C2SP tlog-tiles, Partial Tiles); the width asked for is its beginning.
      const path = (wide: number): string => tilePath({ level: 'entries', index, width: wide })
      const found = (await get(path(width), limits.entries)) ?? (width < tileWidth ? await get(path(tileWidth), limits.entries) : undefined)
      if (found === undefined) throw new Fault('neighbour-unreachable', { at: `${base}/${path(width)}`, detail: 'status 404' })
      return found
    },
  }
}
