import { familyOfVct } from '../credential/families.ts'
import { sourceOfRecognition } from '../credential/family/recognition.ts'
import type { Family, RecordClaims } from '../credential/family.ts'
import { parseSdJwt, type ParsedSdJwt } from '../credential/parse-sd-jwt.ts'
import type { Engine } from '../crypto/engine.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { Fault } from '../fault.ts'
import { lastDayOf, type PartialDate } from '../model/partial-date.ts'
import { dayOf, secondsOf, type Instant } from '../model/instant.ts'
import { placeOf } from '../model/parse-or-fault.ts'
import { allOf, type Truth } from '../model/truth.ts'
import type { Decision } from '../rules/decision.ts'
import type { Authority, Trust } from '../trust/assemble-trust.ts'
import type { Scoped } from '../trust/scope.ts'
import { checkAuthorised } from './check-authorised.ts'
import { checkLogged, type LogAnswer } from './check-logged.ts'
import { checkKey, checkKeyInForce, checkKeyScope } from './check-key.ts'
import { checkSource, checkStatus } from './check-status.ts'
import { recognise, rulesFreshness, type Rules } from './recognise.ts'
import type { Check, Evidence, Note, Policy, Verdict } from './verdict.ts'

/**
 * The verdict on a record: one pure function, the same in server, command line and browser (DESIGN §3.1). It reads as the
 * design does, in order; each check says what it looked at and which version of which file it believed.
 *
 * @param evidence the record as it was handed over: an SD-JWT, UTF-8; or that with its proof from the log
 * @param at the instant asked about; the clock is the caller's
 */
export function verify(evidence: Uint8Array | Evidence, trust: Trust, rules: Rules, at: Instant, policy: Policy, engine: Engine): Verdict {
  const { record: text, proof } = evidence instanceof Uint8Array ? { record: evidence, proof: undefined } : evidence
  const opened = open(text, engine)
  if ('check' in opened) return verdict(opened.check.answer, at, policy, { checks: [opened.check] })
  const { record } = opened
  const checks: Check[] = [{ id: 'form', answer: 'yes' }]
  const digest = encodeBase64url(record.digest)
  const { kid } = record.header
  const { iss } = record.claims
  // Only ever compared with windows; the schema below refuses what is no number.
  const iat = typeof record.claims['iat'] === 'number' ? record.claims['iat'] : 0

  const authority = typeof iss === 'string' ? trust.authorities.get(iss) : undefined
  if (authority === undefined) {
    // A key id is the digest of a key: under the key that it names the signature must hold, whoever the issuer is. Beyond that, nobody
    // whom we trust names this issuer: it may be a forger or a city of another alliance, and that is not ours to guess.
    const key = trust.keys.get(kid)
    const check: Check =
      key !== undefined && !engine.verify(key, record.signingInput, record.signature)
        ? { id: 'signature', answer: 'no', reason: 'signature-wrong', datum: kid }
        : { id: 'issuer', answer: 'cannot-tell', reason: 'issuer-unnamed' }
    return verdict(check.answer, at, policy, { checks: [...checks, check], digest })
  }
  const issuer = { iss: authority.iss, division: authority.division, name: authority.name }
  checks.push({ id: 'issuer', answer: 'yes', datum: authority.iss })

  const { check: key, entry } = checkKey(kid, iat, authority, trust, at, policy)
  checks.push(key)
  if (entry === undefined) return verdict(key.answer, at, policy, { checks, digest, issuer })
  if (!engine.verify(entry.key, record.signingInput, record.signature)) {
    checks.push({ id: 'signature', answer: 'no', reason: 'signature-wrong', datum: kid })
    return verdict('no', at, policy, { checks, digest, issuer })
  }
  checks.push({ id: 'signature', answer: 'yes', datum: kid })

  const content = readContent(record, authority)
  checks.push(content.check)
  if (content.read === undefined) return verdict(allOf(checks.map((check) => check.answer)), at, policy, { checks, digest, issuer })
  const { family, claims, disclosed, scoped } = content.read

  const log = checkLogged(record.digest, proof, authority, trust, at, engine)
  const loggedAt = log.kind === 'logged' ? log.seconds : undefined
  checks.push(checkTime(claims, log, at, policy), checkKeyInForce(entry, iat, loggedAt, at), checkKeyScope(entry, scoped))
  checks.push(checkAuthorised(authority, trust, scoped, { iat, loggedAt }, at, policy), checkValidity(claims, at), checkStatus(claims, authority, at, policy))
  const source = sourceOfRecognition(family, claims)
  if (source !== undefined) checks.push(checkSource(source, trust, at, policy))
  const answer = allOf(checks.map((check) => check.answer))
  const recognition =
    policy.recognition === undefined ? null : recognise({ family, claims, disclosed, checks, authority }, trust, rules, at, policy.recognition)
  return verdict(answer, at, policy, {
    checks,
    digest,
    issuer,
    record: { family: family.id, claims, disclosed },
    notes: [...notesOn(claims, checks, at), ...notesOnRules(recognition, rules, at)],
    recognition,
    ...(log.kind === 'logged' ? { logged: log.logged } : {}),
  })
}

type Parts = Partial<Pick<Verdict, 'logged' | 'issuer' | 'record' | 'notes' | 'recognition'>> & { readonly checks: readonly Check[]; readonly digest?: string }

const verdict = (answer: Truth, at: Instant, policy: Policy, { checks, digest, issuer, record, notes, recognition, logged }: Parts): Verdict => ({
  answer,
  at,
  policy: policy.id,
  evidence: { digest: digest ?? null },
  issuer: issuer ?? null,
  record: record ?? null,
  ...(logged === undefined ? {} : { logged }),
  checks,
  notes: notes ?? [],
  recognition: recognition ?? null,
})

/** Somebody meant it as a record, so a defect in it is a no and not "nothing here": a tilde, and a stretch of what tokens are made of. */
const recordShaped = (text: string): boolean => text.includes('~') && /[A-Za-z0-9_.-]{100}/.test(text)

const lenient = new TextDecoder()

/** One line end after the record is what editors and shells leave; anything else that is not the record is refused. */
function withoutLineEnd(evidence: Uint8Array): Uint8Array {
  if (evidence.at(-1) !== 0x0a) return evidence
  return evidence.subarray(0, evidence.at(-2) === 0x0d ? -2 : -1)
}

function open(evidence: Uint8Array, engine: Engine): { readonly record: ParsedSdJwt } | { readonly check: Check } {
  try {
    const record = parseSdJwt(withoutLineEnd(evidence), engine)
    if (record.keyBinding !== undefined) return { check: { id: 'form', answer: 'cannot-tell', reason: 'key-binding-unsupported' } }
    return { record }
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    // Unread, so nothing is known of it.
    if (fault.code === 'bytes-too-many') return { check: { id: 'form', answer: 'cannot-tell', reason: fault.code } }
    if (!recordShaped(lenient.decode(evidence))) return { check: { id: 'form', answer: 'cannot-tell', reason: 'not-a-record' } }
    return { check: { id: 'form', answer: 'no', reason: fault.code, ...(fault.at === undefined ? {} : { datum: fault.at }) } }
  }
}

interface Content {
  readonly family: Family
  readonly claims: RecordClaims
  readonly disclosed: Readonly<Record<string, unknown>>
  readonly scoped: Scoped
}

function readContent({ claims, disclosed }: ParsedSdJwt, authority: Authority): { readonly check: Check; readonly read?: Content } {
  const id = 'content'
  const vct = claims['vct']
  const family = typeof vct === 'string' ? familyOfVct(vct) : undefined
  if (family === undefined) return { check: { id, answer: 'cannot-tell', reason: 'family-unknown' } }
  const visible = family.claims.safeParse(claims)
  const personal = family.disclosures.safeParse(disclosed)
  if (!visible.success || !personal.success) {
    const issue = (visible.error ?? personal.error)!.issues[0]! // one of the two has failed, and says where
    return { check: { id, answer: 'no', reason: 'content-refused', datum: placeOf(issue) } }
  }
  const read = { family, claims: visible.data, disclosed: personal.data, scoped: scopedOf(family, visible.data) }
  if (read.claims.iss !== authority.iss) return { check: { id, answer: 'no', reason: 'content-refused', datum: 'iss' } }
  return { check: { id, answer: 'yes', datum: family.id }, read }
}

/** What scopes of keys and members look at. */
export function scopedOf(family: Family, claims: Readonly<Record<string, unknown>>): Scoped {
  const text = (member: string): string | undefined => {
    const value = claims[member]
    return typeof value === 'string' ? value : undefined
  }
  return { family: family.id, division: text('division') ?? '', series: text('series'), level: text('level') }
}

/** Clocks of two nodes never quite agree (RFC 7519 §4.1.4): so many seconds ahead of ours is not the future. */
const clockLeeway = 60

function checkTime({ iat }: RecordClaims, log: LogAnswer, at: Instant, policy: Policy): Check {
  const id = 'time'
  if (iat > secondsOf(at) + clockLeeway) return { id, answer: 'no', reason: 'record-from-future' }
  if (log.kind === 'logged') {
    // It stood in the log before it says that it was signed: one of the two is made up.
    if (iat > log.seconds + clockLeeway) return { id, answer: 'no', reason: 'record-from-future', datum: log.logged.at }
    return { id, answer: 'yes', datum: log.logged.at }
  }
  const { reason, datum } = log
  return { id, answer: policy.logProof === 'required' ? 'cannot-tell' : 'yes', reason, ...(datum === undefined ? {} : { datum }) }
}

function checkValidity({ exp }: RecordClaims, at: Instant): Check {
  return exp !== undefined && exp <= secondsOf(at) ? { id: 'validity', answer: 'no', reason: 'record-expired' } : { id: 'validity', answer: 'yes' }
}

function notesOnRules(recognition: Decision | null, rules: Rules, at: Instant): readonly Note[] {
  const freshness = recognition === null ? undefined : rulesFreshness(recognition, rules, at)
  return freshness === 'stale' || freshness === 'expired' ? [{ code: `rule-set-${freshness}`, datum: recognition!.carriedBy!.ruleSet }] : []
}

function notesOn(claims: RecordClaims, checks: readonly Check[], at: Instant): readonly Note[] {
  const notes: Note[] = checks.flatMap(({ answer, reason, source }) =>
    answer === 'yes' && reason !== undefined ? [{ code: reason, ...(source === undefined ? {} : { datum: source.id }) }] : [],
  )
  if (claims.imported !== undefined) notes.push({ code: 'imported', datum: claims.imported.on })
  const registration = claims['registration'] as { readonly until?: PartialDate } | undefined // the family's schema has read it
  if (registration?.until !== undefined && lastDayOf(registration.until) < dayOf(at)) notes.push({ code: 'registration-expired', datum: registration.until })
  return notes
}
