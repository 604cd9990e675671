import { verifierKeyText } from '#core/log/signed-note.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { logKeysOf } from '#core/trust/log-keys.ts'
import type { Office } from '../office.ts'

export interface KnownCosigner {
  readonly [member: string]: string
  readonly iss: string
  readonly vkey: string
}

/** The keys under which the cities that this node knows cosign logs, as verifier key lines; this city's own first. */
export async function cosignersOf(
  { authority, engine }: Pick<Office, 'authority' | 'engine'>,
  { authorities }: Pick<Trust, 'authorities'>,
): Promise<readonly KnownCosigner[]> {
  const own = authorities.get(authority.iss)
  const cities = [...(own === undefined ? [] : [own]), ...[...authorities.values()].filter(({ iss }) => iss !== authority.iss)]
  return cities.flatMap((city) => logKeysOf(city, engine).witness.map(({ note }) => ({ iss: city.iss, vkey: verifierKeyText(note, engine.sha256) })))
}
