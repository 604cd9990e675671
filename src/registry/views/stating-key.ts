import type { Signer } from '#core/crypto/engine.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import type { Office } from '../office.ts'

/**
 * The key under which this node says how things stand: the one of use `status`. It signs unattended already, and what it signs is of the same
 * kind: a statement about an instant, which the next one may supersede. The issuing key signs about persons and is reached only through the
 * check before signing; the token key opens this node's doors; log and witness keys sign notes. Each kind of statement has a `typ` of its own,
 * so that none passes for another (RFC 8725 §3.11).
 *
 * Fault `node-not-ready` where the manifest does not list it as open: nobody would believe what it signs.
 */
export function statingKey({ authority, keyring, clock }: Pick<Office, 'authority' | 'keyring' | 'clock'>, trust: Pick<Trust, 'authorities'>): Signer {
  const entry = trust.authorities.get(authority.iss)?.manifest?.keys.get(keyring.status.kid)
  if (entry === undefined || entry.use !== 'status' || entry.revoked !== undefined || secondsOf(clock()) >= entry.exp)
    throw new Fault('node-not-ready', { findings: [{ at: 'keys', code: 'node-not-ready' }] })
  return keyring.status
}

/** A statement of this node: who says it, when, and what. */
export function sayIt(
  office: Pick<Office, 'authority' | 'keyring' | 'clock'>,
  trust: Pick<Trust, 'authorities'>,
  typ: `comity-${string}+jwt`,
  what: JsonObject,
): string {
  const said: JsonObject = { iss: office.authority.iss, iat: secondsOf(office.clock()), ...what }
  return signCompactJws({ typ }, said, statingKey(office, trust), { bytes: 4 * 1024 * 1024, depth: 16 })
}
