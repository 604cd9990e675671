import { asObject, asText, parseJson } from '#core/encoding/parse-json.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import { lintRules } from '#core/rules/lint-rules.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { encodeBase64url, decodeBase64url } from '#core/encoding/base64url.ts'
import { allianceListType } from '#core/trust/alliance-list.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { countersign, proposeSharedFile, sharedFileTypeOf } from '#core/trust/sign-general-jws.ts'
import { ruleSetType } from '#core/trust/signed-rule-set.ts'
import type { Office } from './office.ts'
import { audit, type Request } from './perform.ts'

const day = 24 * 3600

/** How long a list and a rule set are fresh, and say anything at all. Seconds. */
export const sharedLifetimes = { ttl: 30 * day, exp: 400 * day } as const

/** Puts an alliance list before the members, signed by this authority. The times are set here; everything else is the proposer's. */
export async function proposeAllianceList(office: Office, request: Request, draft: Readonly<Record<string, unknown>>): Promise<Uint8Array> {
  const iat = secondsOf(office.clock())
  const file = proposeSharedFile(
    allianceListType,
    { ...draft, iat, ttl: sharedLifetimes.ttl, exp: iat + sharedLifetimes.exp },
    await office.keyring.authority(),
  )
  await note(office, request, 'propose-alliance-list', String(draft['alliance']), file)
  return file
}

/** Puts a rule set before the members. It is linted first: a set that contradicts itself is not worth a vote. */
export async function proposeRuleSet(office: Office, request: Request, draft: unknown): Promise<Uint8Array> {
  const ruleSet = parseOrFault(RuleSet, draft, 'request-malformed', 'ruleSet')
  const errors = lintRules(ruleSet).filter(({ severity }) => severity === 'refusal')
  if (errors.length > 0) throw new Fault('request-malformed', { at: 'ruleSet', findings: errors.map(({ at, code }) => ({ at, code })) })
  const iat = secondsOf(office.clock())
  const file = proposeSharedFile(ruleSetType, { iat, ttl: sharedLifetimes.ttl, exp: iat + sharedLifetimes.exp, ruleSet }, await office.keyring.authority())
  await note(office, request, 'propose-rule-set', `${ruleSet.id}@${ruleSet.version}`, file)
  return file
}

/** Adds this authority's signature to a list or rule set that others have put before it. */
export async function countersignFile(office: Office, request: Request, bytes: Uint8Array): Promise<Uint8Array> {
  const outer = asObject(parseJson(bytes, generalLimits), 'jws-malformed', 'jws')
  const payload = asObject(
    parseJson(decodeBase64url(asText(outer['payload'], 'jws-malformed', 'payload'), 'payload'), generalLimits, 'payload'),
    'jws-malformed',
    'payload',
  )
  const file = countersign(sharedFileTypeOf(payload), bytes, await office.keyring.authority())
  await note(office, request, 'countersign', 'trust-file', file)
  return file
}

const note = (office: Office, request: Request, action: string, subject: string, file: Uint8Array): Promise<void> =>
  office.store.atomically((tx) => audit(tx, office, { actor: request.actor, action, subject, detail: { digest: encodeBase64url(office.engine.sha256(file)) } }))
