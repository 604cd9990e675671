import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import type { Office } from '../office.ts'
import { proveLogged } from './prove-logged.ts'
import { quorumAround } from './quorum-around.ts'

/** The proof that travels with a record of this node; undefined in the seconds before the log has taken it up. */
export async function proofOfRecord(
  office: Pick<Office, 'authority' | 'store' | 'engine'>,
  trust: Pick<Trust, 'alliances'>,
  record: string,
): Promise<string | undefined> {
  const { digest } = parseSdJwt(record, office.engine)
  return (await proveLogged(office, { kind: 'record', digest }, quorumAround(office, trust)))?.proof
}
