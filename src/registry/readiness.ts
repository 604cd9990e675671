import type { PublicJwk } from '#core/crypto/read-public-key.ts'
import { publicJwkOf } from '#core/crypto/read-public-key.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { getMeta } from '#storage/meta.ts'
import type { Office } from './office.ts'
import type { TrustDesk } from './trust-desk.ts'

/**
 * Whether the node can do its work: the store answers, the keys are open, trust is assembled, its own manifest has not expired. Which of
 * them fails stands in the fault's findings. Fault: `node-not-ready`.
 */
export async function requireReady(office: Office, desk: TrustDesk): Promise<void> {
  const failed: string[] = []
  const check = async (name: string, work: () => Promise<boolean>): Promise<void> => {
    if (!(await work().catch(() => false))) failed.push(name)
  }
  await check('store', async () => (await getMeta(office.store.read, 'authority')) !== undefined)
  await check('keys', async () => office.keyring.issue.kid !== '' && (await office.keyring.authority()).kid !== '')
  await check('trust', async () => (await desk.current()).trust.authorities.has(office.authority.iss))
  await check('manifest', async () => {
    const manifest = (await desk.current()).trust.authorities.get(office.authority.iss)?.manifest
    return manifest !== undefined && secondsOf(office.clock()) < manifest.payload.exp
  })
  if (failed.length > 0) throw new Fault('node-not-ready', { findings: failed.map((name) => ({ at: name, code: 'node-not-ready' })) })
}

/** Keys that sign this authority's records, in force or superseded; a compromised one is left out (SD-JWT VC, JWT VC issuer metadata). */
export async function issuingKeys({ authority }: Pick<Office, 'authority'>, desk: TrustDesk): Promise<readonly PublicJwk[]> {
  const { trust } = await desk.current()
  const manifest = trust.authorities.get(authority.iss)?.manifest
  if (manifest === undefined) return []
  return [...manifest.keys.values()]
    .filter(({ use, revoked }) => use === 'issue' && revoked?.reason !== 'compromised')
    .map(({ key }) => ({ ...publicJwkOf(key), kid: key.kid, alg: 'Ed25519', use: 'sig' }))
}
