import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { checkLogged } from '#core/verify/check-logged.ts'
import type { LoggedAt } from '#core/verify/verdict.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import type { Office } from '../office.ts'
import { proveLogged } from './prove-logged.ts'

/** The proof of a record of this node, whatever it proves yet; undefined in the seconds before the log has taken it up. */
export async function proofOfRecord(
  office: Pick<Office, 'authority' | 'store' | 'engine' | 'clock'>,
  trust: Pick<Trust, 'authorities'>,
  record: string,
): Promise<string | undefined> {
  const { digest } = parseSdJwt(record, office.engine)
  return (await proveLogged(office, { kind: 'record', digest }, trust))?.proof
}

/** A C2SP tlog-proof, and the time that it proves. */
export interface TimeProof {
  readonly text: string
  readonly logged: LoggedAt
}

/**
 * The proof that travels with a record of this node. Undefined until so many cities have cosigned that it proves a time, which takes a minute
 * or so: earlier it would tell its reader nothing, and who has kept one would not come for another.
 */
export async function timeProofOf(
  office: Pick<Office, 'authority' | 'store' | 'engine' | 'clock'>,
  trust: Pick<Trust, 'authorities'>,
  record: string,
): Promise<TimeProof | undefined> {
  const { authority, engine, clock } = office
  const issuer = trust.authorities.get(authority.iss)
  const text = await proofOfRecord(office, trust, record)
  if (issuer === undefined || text === undefined) return undefined
  const answer = checkLogged(parseSdJwt(record, engine).digest, encodeUtf8(text), issuer, trust, clock(), engine)
  return answer.kind === 'logged' ? { text, logged: answer.logged } : undefined
}
