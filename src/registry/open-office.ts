import { families } from '#core/credential/families.ts'
import { encodeUtf8, decodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import { secondsOf } from '#core/model/instant.ts'
import { composeNumber, NumberScheme } from '#core/model/number-scheme.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { Scope } from '#core/trust/scope.ts'
import type { Signer } from '#core/crypto/engine.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import { openVault, type Vault } from '#custody/vault.ts'
import { getMeta, setMeta, setMetaOnce } from '#storage/meta.ts'
import type { Reader } from '#storage/open-store.ts'
import { insertSigningKeys, listSigningKeys, type SigningKey } from '#storage/signing-keys.ts'
import { compareWithHead, openGate } from './log/issuing-gate.ts'
import { makeIds, type Keyring, type Office, type OwnAuthority } from './office.ts'
import { keyPlace, newKey } from './new-key.ts'
import { audit, type Request } from './perform.ts'
import { publishManifest } from './publish.ts'

/** What an office is opened with; the rest of it is in the store. */
export type OfficeParts = Omit<Office, 'authority' | 'vault' | 'keyring' | 'schemes' | 'newId' | 'gate'>

/** Opens the node that the store holds. Faults: `node-not-initialised`, `passphrase-wrong`. */
export async function openOffice(parts: OfficeParts, passphrase: string): Promise<Office> {
  const authority = await readAuthority(parts.store.read)
  const sealedMaster = await getMeta(parts.store.read, 'vault')
  if (sealedMaster === undefined) throw new Fault('node-not-initialised')
  const vault = openVault(sealedMaster, passphrase)
  const now = secondsOf(parts.clock())
  const keys = await listSigningKeys(parts.store.read, {})
  const made = missingUses(keys).map((use) => newKey(vault, use, authority, now))
  const office: Office = {
    ...parts,
    authority,
    vault,
    keyring: keyringOf(vault, [...keys, ...made], now),
    schemes: await readSchemes(parts.store.read, authority),
    newId: makeIds(parts),
    gate: openGate(),
  }
  await compareWithHead(office)
  if (made.length === 0 || (await addKeys(office, made))) return office
  return openOffice(parts, passphrase)
}

/** Uses that came with a later version of this software than the node was made by. */
const missingUses = (keys: readonly SigningKey[]) => (['log', 'witness'] as const).filter((use) => !keys.some((key) => key.use === use))

/** False when another process has added them at the same time: its keys are the node's then. */
const addKeys = (office: Office, keys: readonly SigningKey[]): Promise<boolean> =>
  office.store.atomically(async (tx) => {
    if (!(await setMetaOnce(tx, `keys/${keys.map(({ use }) => use).join('+')}`, encodeUtf8(office.clock())))) return false
    await insertSigningKeys(tx, keys)
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

/** Of each use the newest key in force. The authority's is unsealed only when it is asked for. */
export function keyringOf(vault: Vault, keys: readonly SigningKey[], now: number): Keyring {
  const newest = (use: SigningKey['use']): SigningKey => {
    const key = keys.findLast((candidate) => candidate.use === use && candidate.closedAt === null && candidate.notBefore <= now && now < candidate.notAfter)
    if (key === undefined) throw new Fault('key-outside-window', { at: use })
    return key
  }
  const signer = (key: SigningKey): Signer => nodeSigner(vault.open(key.sealed, keyPlace(key.kid)))
  const issue = newest('issue')
  const scope = Scope.safeParse(issue.scope)
  return {
    issue: signer(issue),
    issueScope: scope.success ? scope.data : undefined,
    status: signer(newest('status')),
    token: signer(newest('token')),
    log: signer(newest('log')),
    witness: signer(newest('witness')),
    authority: async () => signer(newest('authority')),
  }
}

/** Division, family, year, serial: what a bureau without a scheme of its own gets. */
export const defaultSchemes = ({ division }: Pick<OwnAuthority, 'division'>): Readonly<Record<FamilyId, NumberScheme>> =>
  Object.fromEntries(
    familyIds.map((family) => [family, { id: `${division}-${family}`, family, template: `${division}${families[family].code}{year:4}{serial:7}` }]),
  ) as Record<FamilyId, NumberScheme> // every family id is in the list

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
    await audit(tx, office, { actor: request.actor, action: 'number-scheme', subject: scheme.id })
  })
  return scheme
}
