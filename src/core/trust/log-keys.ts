import type { Engine } from '../crypto/engine.ts'
import { logOriginOf, witnessNameOf } from '../log/names.ts'
import { noteKey, type NoteKey } from '../log/signed-note.ts'
import type { Authority } from './assemble-trust.ts'
import type { AcceptedKey, AcceptedManifest } from './key-manifest.ts'

/** A key under which a city cosigns the logs of others, and when its word counts. */
export interface WitnessKey {
  readonly note: NoteKey
  readonly entry: AcceptedKey
}

interface LogKeys {
  readonly log: readonly NoteKey[]
  readonly witness: readonly WitnessKey[]
}

const nothing: LogKeys = { log: [], witness: [] }
const known = new WeakMap<AcceptedManifest, LogKeys>()

/** The keys of a city's manifest that sign its log and those that cosign the logs of others, as notes name them. Made once a manifest. */
export function logKeysOf({ iss, manifest }: Pick<Authority, 'iss' | 'manifest'>, engine: Engine): LogKeys {
  if (manifest === undefined) return nothing
  let keys = known.get(manifest)
  if (keys === undefined) {
    const entries = [...manifest.keys.values()]
    keys = {
      log: entries.filter(({ use }) => use === 'log').map(({ key }) => noteKey(logOriginOf(iss), 'ed25519', key, engine.sha256)),
      witness: entries
        .filter(({ use }) => use === 'witness')
        .map((entry) => ({ entry, note: noteKey(witnessNameOf(iss), 'cosignature-v1', entry.key, engine.sha256) })),
    }
    known.set(manifest, keys)
  }
  return keys
}

/** Whether a witness's word about this second counts: within the key's window, before it was closed, and before anybody else may have had it. */
export const witnessedInForce = ({ entry: { nbf, exp, revoked } }: WitnessKey, at: number): boolean =>
  nbf <= at && at < exp && (revoked === undefined || at < Math.min(revoked.at, revoked.compromisedSince ?? revoked.at))
