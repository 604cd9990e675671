import { Fault } from '#core/fault.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import type { Office } from './office.ts'

/** When this node began: its first key was made. Nothing that it holds is older. Fault: `node-not-initialised`. */
export async function genesisOf({ store }: Pick<Office, 'store'>): Promise<Instant> {
  const [first] = await listSigningKeys(store.read, {})
  if (first === undefined) throw new Fault('node-not-initialised')
  return instantOf(first.createdAt)
}

/** What has not happened yet cannot be told. Fault: `instant-in-future`. */
export function refuseFuture(at: Instant, { clock }: Pick<Office, 'clock'>, where: string): void {
  if (secondsOf(at) > secondsOf(clock())) throw new Fault('instant-in-future', { at: where })
}

/** Faults: `instant-in-future`, and `instant-before-genesis` with the first instant that can be asked about. */
export async function requireSinceGenesis(at: Instant, office: Pick<Office, 'store' | 'clock'>, where: string): Promise<void> {
  refuseFuture(at, office, where)
  const genesis = await genesisOf(office)
  if (secondsOf(at) < secondsOf(genesis)) throw new Fault('instant-before-genesis', { at: where, detail: genesis })
}
