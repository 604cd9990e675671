import { families } from '#core/credential/families.ts'
import { encodeUtf8, decodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import { secondsOf } from '#core/model/instant.ts'
import { composeNumber, NumberScheme } from '#core/model/number-scheme.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { openVault } from '#custody/vault.ts'
import { getMeta, setMeta } from '#storage/meta.ts'
import type { Reader } from '#storage/open-store.ts'
import { listSigningKeys, type SigningKey } from '#storage/signing-keys.ts'
import { compareWithHead, openGate } from './log/issuing-gate.ts'
import { newestInForce, openKeyring } from './keyring.ts'
import { makeIds, type Office, type OwnAuthority } from './office.ts'
import { custodyOf, insertNewest, newKey, renewedUses } from './new-key.ts'
import { audit, type Request } from './perform.ts'
import { publishManifest } from './publish.ts'

/** What an office is opened with; the rest of it is in the store. */
export type OfficeParts = Omit<Office, 'authority' | 'vault' | 'keyring' | 'schemes' | 'newId' | 'gate'>

/**
 * Opens the node that the store holds. A key for the log, for witnessing, for tokens or for status lists is made where there is none that
 * could sign; without an issuing key in force it opens, too, and says so when it shall issue.
 * Faults: `node-not-initialised`, `passphrase-wrong`, `device-…`.
 */
export async function openOffice(parts: OfficeParts, passphrase: string): Promise<Office> {
  const authority = await readAuthority(parts.store.read)
  const sealedMaster = await getMeta(parts.store.read, 'vault')
  if (sealedMaster === undefined) throw new Fault('node-not-initialised')
  const keeping = { vault: openVault(sealedMaster, passphrase), device: parts.device }
  const now = secondsOf(parts.clock())
  const keys = await listSigningKeys(parts.store.read, {})
  const made: SigningKey[] = []
  for (const use of lackingUses(keys, now)) made.push(await newKey(keeping, { use, custody: custodyOf(keys, use), authority, now }))
  const office: Office = {
    ...parts,
    authority,
    vault: keeping.vault,
    keyring: await openKeyring(keeping, [...keys, ...made], now),
    schemes: await readSchemes(parts.store.read, authority),
    newId: makeIds(parts),
    gate: openGate(),
  }
  await compareWithHead(office)
  if (made.length === 0 || (await addKeys(office, made))) return office
  return openOffice(parts, passphrase)
}

/** Uses that came with a later version of this software than the node was made by, and those whose keys change without anybody's decision. */
const lackingUses = (keys: readonly SigningKey[], now: number) => [
  ...(['log', 'witness'] as const).filter((use) => !keys.some((key) => key.use === use)),
  ...renewedUses.filter((use) => newestInForce(keys, use, now) === undefined),
]

/** False when another process has added such keys at the same time: they are the node's then. */
const addKeys = (office: Office, keys: readonly SigningKey[]): Promise<boolean> =>
  office.store.atomically(async (tx) => {
    const lacking: readonly string[] = lackingUses(await listSigningKeys(tx, {}), secondsOf(office.clock()))
    if (!keys.every(({ use }) => lacking.includes(use))) return false
    await insertNewest(tx, keys)
    await publishManifest(tx, office)
    await audit(tx, office, { actor: 'node', action: 'add-keys', subject: office.authority.division, detail: { uses: keys.map(({ use }) => use) } })
    return true
  })

/** Who the node is: needs no passphrase. */
export async function readAuthority(from: Reader): Promise<OwnAuthority> {
  const stored = await getMeta(from, 'authority')
  if (stored === undefined) throw new Fault('node-not-initialised')
  return JSON.parse(decodeUtf8(stored)) as OwnAuthority // written by initialiseNode alone
}

/** Division, family, year, serial: what a bureau without a scheme of its own gets. */
export const defaultSchemes = ({ division }: Pick<OwnAuthority, 'division'>): Readonly<Record<FamilyId, NumberScheme>> =>
  Object.fromEntries(
    familyIds.map((family) => [family, { id: `${division}-${family}`, family, template: `${division}${families[family].code}{year:4}{serial:7}` }]),
  ) as Record<FamilyId, NumberScheme> // every family id is in the list

/** Those that the bureau has set itself: by them a number that comes from elsewhere can be judged. */
export const ownSchemes = (authority: Pick<OwnAuthority, 'division'>, schemes: Office['schemes']): Partial<Office['schemes']> => {
  const given = defaultSchemes(authority)
  return Object.fromEntries(Object.entries(schemes).filter(([family, { template }]) => template !== given[family as FamilyId].template)) // the keys of the table
}

async function readSchemes(from: Reader, authority: OwnAuthority): Promise<Readonly<Record<FamilyId, NumberScheme>>> {
  const stored = await getMeta(from, 'number-schemes')
  const own = stored === undefined ? {} : (JSON.parse(decodeUtf8(stored)) as Partial<Record<FamilyId, NumberScheme>>) // written by setNumberScheme alone
  return { ...defaultSchemes(authority), ...own }
}

/** Configures how this authority builds the numbers of one family. The fields `year` and `serial` are filled by the register. */
export async function setNumberScheme(office: Office, request: Request, value: unknown): Promise<NumberScheme> {
  const scheme = parseOrFault(NumberScheme, value, 'request-malformed', 'scheme')
  if (!scheme.template.includes('{serial:') || !scheme.template.includes('{year:4}'))
    throw new Fault('request-malformed', { at: 'scheme/template', detail: '{year:4} and {serial:…} are required' })
  // A field that the register does not fill would be found missing at the first approval.
  composeNumber(scheme, { year: 2026, serial: 1 })
  await office.store.atomically(async (tx) => {
    const stored = await getMeta(tx, 'number-schemes')
    const own = stored === undefined ? {} : (JSON.parse(decodeUtf8(stored)) as Record<string, unknown>) // as above
    await setMeta(tx, 'number-schemes', encodeUtf8(JSON.stringify({ ...own, [scheme.family]: scheme })))
    await audit(tx, office, { actor: request.actor, action: 'number-scheme', subject: scheme.id, detail: { family: scheme.family, template: scheme.template } })
  })
  return scheme
}
