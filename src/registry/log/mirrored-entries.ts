import { firstEntries } from '#core/log/tiles.ts'
import { entriesLevel, findMirroredTile } from '#storage/mirrored-logs.ts'
import type { Reader } from '#storage/open-store.ts'

/**
 * So many entries from the beginning of a mirrored bundle; undefined where fewer are here. A bundle may hold more than the head that was
 * accepted covers, and what is beyond that head was never proven.
 */
export async function mirroredEntries(
  from: Reader,
  { origin, index }: { readonly origin: string; readonly index: number },
  howMany: number,
): Promise<readonly Uint8Array[] | undefined> {
  const body = (await findMirroredTile(from, { origin, level: entriesLevel, index }))?.body
  return body === undefined ? undefined : firstEntries(body, howMany)
}
