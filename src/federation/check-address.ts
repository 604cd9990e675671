import { Fault } from '#core/fault.ts'
import { NodeAddress } from '#core/trust/alliance-list.ts'

/**
 * Only an address that a URL parser leaves as it is: `https://127.1`, `https://0x7f.1` and full-width digits are other spellings of
 * a place that the alliance's members did not see when they signed.
 */
export function checkAddress(address: string): string {
  const host = NodeAddress.safeParse(address).success && URL.canParse(address) ? new URL(address) : undefined
  const written = host === undefined ? undefined : `${host.origin}${host.pathname === '/' ? '' : host.pathname}`
  if (written !== address) throw new Fault('neighbour-address-refused', { at: address })
  return address
}
