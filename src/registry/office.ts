import type { Scope } from '#core/trust/scope.ts'
import type { IssuingKey } from '#core/credential/issue-record.ts'
import type { Engine, RandomBytes, Signer } from '#core/crypto/engine.ts'
import type { DivisionCode } from '#core/model/division-code.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import { secondsOf, type Instant } from '#core/model/instant.ts'
import type { Localised } from '#core/model/localised.ts'
import type { NumberScheme } from '#core/model/number-scheme.ts'
import { orderedUuids } from '#core/model/uuid.ts'
import type { Deflate, Inflate } from '#core/status/status-list.ts'
import type { DeviceDoor } from '#custody/key-device.ts'
import type { Vault } from '#custody/vault.ts'
import type { HeadFile } from '#storage/head-file.ts'
import type { WitnessMemory } from '#storage/witness-memory.ts'
import type { Store } from '#storage/open-store.ts'
import type { IssuingGate } from './log/issuing-gate.ts'

/** Who this node is. `iss` is an identity; where the node answers stands in alliance lists. */
export interface OwnAuthority {
  readonly division: DivisionCode
  readonly iss: string
  readonly name: Localised
}

/**
 * The node's private keys, by use. `authority` signs manifests and lists; it is asked for when it is needed and not kept open. Of a use without
 * a key in force the member throws `key-outside-window` when it is asked for: such a node can still be opened, to make one.
 */
export interface Keyring {
  /** Signs nothing but a checked draft: the signer itself is not within reach. */
  readonly issue: IssuingKey
  /** What the issuing key may issue, as the manifest says it. */
  readonly issueScope: Scope | undefined
  readonly status: Signer
  readonly token: Signer
  /** Signs the heads of the own log. */
  readonly log: Signer
  /** Cosigns the heads of the neighbours' logs. */
  readonly witness: Signer
  readonly authority: () => Promise<Signer>
}

/** Everything a use case can need of the node. Each asks only for the parts that it uses, by `Pick`. */
export interface Office {
  readonly authority: OwnAuthority
  readonly store: Store
  readonly vault: Vault
  /** Where keys of custody `pkcs11` are; left out on a node that has none. */
  readonly device?: DeviceDoor | undefined
  readonly engine: Engine
  readonly keyring: Keyring
  /** How this authority builds its numbers, one scheme a family. */
  readonly schemes: Readonly<Record<FamilyId, NumberScheme>>
  readonly deflate: Deflate
  /** For the bits of status lists, which are nearly all zero. */
  readonly deflateList: Deflate
  readonly inflate: Inflate
  readonly clock: () => Instant
  readonly random: RandomBytes
  /** The newest public head of the log, kept beside the database. */
  readonly headFile: HeadFile
  readonly witnessMemory: WitnessMemory
  readonly gate: IssuingGate
  /** An identifier for a new row. Those of one process rise in the order in which they were made: what happened is read back in that order. */
  readonly newId: () => Uint8Array
}

export const makeIds = ({ clock, random }: Pick<Office, 'clock' | 'random'>): Office['newId'] => orderedUuids(() => secondsOf(clock()) * 1000, random)
