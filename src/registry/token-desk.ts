import type { PublicKey } from '#core/crypto/engine.ts'
import { readPublicKey } from '#core/crypto/read-public-key.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import type { JsonLimits, JsonObject } from '#core/encoding/parse-json.ts'
import { parseCompactJws, signCompactJws } from '#core/encoding/parse-jws.ts'
import { Fault } from '#core/fault.ts'
import { duties, type Duty } from '#core/model/duty.ts'
import { secondsOf } from '#core/model/instant.ts'
import { findClient } from '#storage/clients.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import { checkAssertion, type Assertion } from './check-assertion.ts'
import type { Office } from './office.ts'

/** `typ` of an access token (RFC 9068 §2.1). */
export const accessTokenType = 'at+jwt'

/** How long an access token is good. Seconds. */
export const tokenSeconds = 600

/** Seconds by which a clock may be set back without ending the tokens that were given before. */
const clockStep = 60

export interface GrantedToken {
  readonly token: string
  readonly seconds: number
  readonly duties: readonly Duty[]
}

/** Whom a token speaks for, and what that client may do now: what was granted and has not been taken away since. */
export interface Caller {
  readonly client: string
  readonly duties: ReadonlySet<Duty>
}

/** Gives tokens to clients and knows them again. */
export interface TokenDesk {
  /** RFC 6749 §4.4 with RFC 7523 §2.2. Faults: `assertion-refused`, `scope-refused`. */
  readonly grant: (assertion: Assertion, wanted: readonly string[] | undefined) => Promise<GrantedToken>
  /** Fault: `token-refused`. */
  readonly check: (token: string) => Promise<Caller>
  /** A client was changed by this process: look before the next answer. */
  readonly changed: () => void
}

interface KnownToken extends Caller {
  readonly kid: string
  /** Seconds since 1970. */
  readonly exp: number
}

const limits: JsonLimits = { bytes: 2048, depth: 4 }
const mostKnown = 10_000

/** Clients and keys are looked at again after so many milliseconds: another process may have closed one. */
const lookAgain = 1000

type Granting = Pick<Office, 'authority' | 'store' | 'engine' | 'keyring' | 'clock' | 'random'>

/**
 * Owned by the process. A token's signature is checked once and then known by the token's text until it expires; whether its client
 * is still let in is asked of the store at most once a second a client. @param elapsed milliseconds of a clock that never goes back
 */
export function openTokenDesk(office: Granting, elapsed: () => number): TokenDesk {
  const { iss } = office.authority
  const known = new Map<string, KnownToken>()
  const clients = new Map<string, { readonly at: number; readonly duties: Promise<ReadonlySet<string> | undefined> }>()
  const read = new Map<string, PublicKey>()
  let keys: { readonly at: number; readonly byId: Promise<ReadonlyMap<string, PublicKey>> } | undefined

  const keysInForce = (): Promise<ReadonlyMap<string, PublicKey>> => {
    if (keys !== undefined && elapsed() - keys.at < lookAgain) return keys.byId
    const looked = { at: elapsed(), byId: readKeys() }
    keys = looked
    // Whoever asks next looks again: a store that is back must not be taken for one that is away.
    looked.byId.catch(() => {
      if (keys === looked) keys = undefined
    })
    return looked.byId
  }
  const readKeys = async (): Promise<ReadonlyMap<string, PublicKey>> => {
    const rows = (await listSigningKeys(office.store.read, {})).filter(({ use, closedAt }) => use === 'token' && closedAt === null)
    // One object a key: the engine keeps what it derives from it.
    for (const { kid, jwk } of rows) if (!read.has(kid)) read.set(kid, readPublicKey(jwk))
    return new Map(rows.map(({ kid }) => [kid, read.get(kid)!]))
  }
  /** Duties of a client that is let in, undefined of one that is not. */
  const dutiesOf = (client: string): Promise<ReadonlySet<string> | undefined> => {
    const held = clients.get(client)
    if (held !== undefined && elapsed() - held.at < lookAgain) return held.duties
    if (clients.size >= mostKnown) clients.clear()
    const looked = findClient(office.store.read, { id: client }).then((row) => (row?.state === 'active' ? new Set(row.duties) : undefined))
    clients.set(client, { at: elapsed(), duties: looked })
    looked.catch(() => clients.delete(client))
    return looked
  }
  const readToken = async (text: string): Promise<KnownToken> => {
    const { header, payload, signingInput, signature } = parseCompactJws(text, { typ: accessTokenType, limits })
    const key = (await keysInForce()).get(header.kid)
    if (key === undefined || !office.engine.verify(key, signingInput, signature)) throw new Fault('token-refused')
    const { client, exp, scope } = readClaims(payload, iss)
    return { kid: header.kid, client, exp, duties: new Set(scope.split(' ').filter(isDuty)) }
  }

  return {
    grant: async (assertion, wanted) => {
      const client = await checkAssertion(office, assertion)
      const granted = duties.filter((duty) => client.duties.includes(duty) && (wanted === undefined || wanted.includes(duty)))
      if (granted.length === 0) throw new Fault('scope-refused', { at: 'scope' })
      const iat = secondsOf(office.clock())
      const jti = encodeBase64url(office.random(16))
      const payload = { iss, sub: client.id, client_id: client.id, aud: iss, iat, exp: iat + tokenSeconds, jti, scope: granted.join(' ') }
      return { token: signCompactJws({ typ: accessTokenType }, payload, office.keyring.token, limits), seconds: tokenSeconds, duties: granted }
    },
    check: async (text) => {
      let token = known.get(text)
      if (token === undefined) {
        token = await readToken(text).catch((cause: unknown) => {
          if (cause instanceof Fault && cause.code.startsWith('storage-')) throw cause
          throw new Fault('token-refused', { cause })
        })
        if (known.size >= mostKnown) for (const oldest of known.keys()) if (known.delete(oldest)) break
        known.set(text, token)
      }
      const { client, kid, exp, duties: granted } = token
      // Nor is one that ends later than any that is given now: it was given while the clock was ahead, and would be good for as long as it was.
      const now = secondsOf(office.clock())
      if (now >= exp || exp > now + tokenSeconds + clockStep || !(await keysInForce()).has(kid)) {
        known.delete(text)
        throw new Fault('token-refused')
      }
      const held = await dutiesOf(client)
      if (held === undefined) throw new Fault('token-refused')
      // What was taken away since is gone at once, not when the token expires.
      return { client, duties: new Set([...granted].filter((duty) => held.has(duty))) }
    },
    changed: () => clients.clear(),
  }
}

const isDuty = (text: string): text is Duty => (duties as readonly string[]).includes(text)

const claimNames = ['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub'].join()

/** The claims as `grant` writes them, for this node and no other, and nothing beside them. */
function readClaims(payload: JsonObject, own: string): { readonly client: string; readonly exp: number; readonly scope: string } {
  const { iss, aud, sub, client_id: client, exp, scope } = payload
  const ours = Object.keys(payload).toSorted().join() === claimNames && iss === own && aud === own && sub === client
  if (!ours || typeof client !== 'string' || typeof exp !== 'number' || typeof scope !== 'string') throw new Fault('token-refused')
  return { client, exp, scope }
}
