import { openLog } from '#http/request-log.ts'
import { openOffice } from '#registry/open-office.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'
import { openStore } from '#storage/open-store.ts'
import { readPassphraseFile } from '#custody/read-passphrase-file.ts'
import { databaseFile, openParts, passphraseFileOf, serveOpenNode, type Place, type ServeOptions, type Serving } from '../src/main.ts'

/** The node as it would be without group commit: put together as `serveNode` does it, over a store that commits every request by itself. */
export async function serveOneCommitEach(place: Place, options: ServeOptions, write: (line: string) => void): Promise<Serving> {
  const parts = await openParts(place)
  await parts.store.close()
  const store = await openStore({ file: databaseFile(place.data), groupCommit: false })
  const office = await openOffice({ ...parts, store }, readPassphraseFile(passphraseFileOf(place)))
  return serveOpenNode({ office, desk: openTrustDesk(office, () => performance.now()), close: store.close }, options, openLog(write))
}
