import { placeAt } from '#core/model/divisions.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import { dayOf, secondsOf } from '#core/model/instant.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { IssuerUrl } from '#core/credential/envelope.ts'
import { createVault } from '#custody/vault.ts'
import { getMeta, setMeta, setMetaOnce } from '#storage/meta.ts'
import type { Writer } from '#storage/open-store.ts'
import type { SigningKey } from '#storage/signing-keys.ts'
import { takeStatusPlaces } from '#storage/status-lists.ts'
import { openKeyring } from './keyring.ts'
import { insertNewest, keyYears, newKey, type Custody } from './new-key.ts'
import { defaultSchemes, type OfficeParts } from './open-office.ts'
import { openGate } from './log/issuing-gate.ts'
import { makeIds, type Office, type OwnAuthority } from './office.ts'
import { audit } from './perform.ts'
import { publishManifest, publishStatusLists } from './publish.ts'

export interface NewNode {
  readonly division: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly iss: string
  readonly passphrase: string
  /** Where its keys are made; under the passphrase alone where it is left out. */
  readonly custody?: Custody | undefined
}

/**
 * Makes a node that can work alone: its authority, its keys sealed under the passphrase, its first manifest and status list. One
 * transaction says who the node is: of two attempts at once, or of one that died, there is a whole node or none.
 */
export async function initialiseNode(parts: OfficeParts, { division, name, iss, passphrase, custody = 'vault' }: NewNode, actor: string): Promise<Office> {
  const place = placeAt(division, dayOf(parts.clock()))
  if (place === undefined) throw new Fault('division-unknown', { at: 'division' })
  const authority: OwnAuthority = { division: DivisionCode.parse(place.code), iss: parseOrFault(IssuerUrl, iss, 'request-malformed', 'issuer'), name }
  if ((await getMeta(parts.store.read, 'authority')) !== undefined) throw new Fault('node-already-initialised')
  const { sealedMaster, vault } = createVault(passphrase)
  const now = secondsOf(parts.clock())
  const keeping = { vault, device: parts.device }
  const keys: SigningKey[] = []
  for (const use of Object.keys(keyYears) as (keyof typeof keyYears)[]) keys.push(await newKey(keeping, { use, custody, authority, now })) // keys of the table above
  const keyring = await openKeyring(keeping, keys, now)
  const office: Office = { ...parts, authority, vault, keyring, schemes: defaultSchemes(authority), newId: makeIds(parts), gate: openGate() }
  await parts.store.atomically(async (tx) => {
    if (!(await setMetaOnce(tx, 'authority', encodeUtf8(JSON.stringify(authority))))) throw new Fault('node-already-initialised')
    await setMeta(tx, 'vault', sealedMaster)
    await insertNewest(tx, keys)
    await openFirstList(tx, office)
    await publishManifest(tx, office)
    await audit(tx, office, { actor, action: 'initialise', subject: division })
  })
  await publishStatusLists(office)
  return office
}

/** A verifier must find the first list before the first record points at it. */
const openFirstList = (tx: Writer, office: Pick<Office, 'random'>) => takeStatusPlaces(tx, 1, () => office.random(16))
