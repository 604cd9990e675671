import { familyOfVct } from '../credential/families.ts'
import type { Family } from '../credential/family.ts'
import { Fault } from '../fault.ts'
import type { Instant } from '../model/instant.ts'
import { secondsOf } from '../model/instant.ts'
import type { Localised } from '../model/localised.ts'
import type { Authority, Trust, Voucher } from '../trust/assemble-trust.ts'
import type { SourceVersion } from '../trust/freshness.ts'
import type { Scope, Scoped } from '../trust/scope.ts'
import { checkAuthorised } from '../verify/check-authorised.ts'
import { verdictReasonTexts } from '../verify/reason-texts.ts'
import { shippedPolicy, type Check } from '../verify/verdict.ts'
import { issuerNamed } from './did-web.ts'

/**
 * The two questions of the ToIP Trust Registry Query Protocol 2.0, put to the vouchers that `verify` itself asks: the anchors and alliance
 * lists that this verifier holds.
 *
 * | member | here |
 * | --- | --- |
 * | `authority_id` | an alliance, `https://comity.example/alliances/<id>`; or this node's own issuer, for everything that it trusts together |
 * | `entity_id` | an issuer: its URL, or its did:web |
 * | `action` | `issue` |
 * | `resource` | the type URL (`vct`) of a record family |
 * | `context` | `time`; for an authorization also `division`, `series`, `level`, to ask about less than all of a family |
 */
export interface TrqpQuestion {
  readonly entity: string
  readonly authority: string
  readonly action: string
  readonly resource: string
  readonly division?: string | undefined
  readonly series?: string | undefined
  readonly level?: string | undefined
}

export interface TrqpAnswer {
  readonly answer: boolean
  readonly text: Localised
  readonly source: SourceVersion | undefined
}

/** Whom an answer is given for: `iss` is the authority whose anchors and lists these are. */
export interface Asked {
  readonly iss: string
  readonly trust: Pick<Trust, 'authorities' | 'alliances' | 'unheard'>
  readonly at: Instant
}

const allianceUrl = 'https://comity.example/alliances/'

/** The globally unique name that the protocol asks for ("authority_id"). The host is reserved (RFC 2606), so nobody else can have it. */
export const allianceIdentifier = (alliance: string): string => `${allianceUrl}${alliance}`

/**
 * "Does `authority_id` authorize `entity_id` to take `action` on `resource`?" (TRQP 2.0, Authorization Query). The answer is for the whole of
 * what was asked. Faults: `question-unknown`; `question-too-wide` where the entity may issue only a part of it; `answer-unknown` where it cannot
 * be told, since the protocol has only yes and no.
 */
export function authorization(question: TrqpQuestion, asked: Asked): TrqpAnswer {
  const { family, entity, unheard } = resolve(question, asked)
  const { division = entity.division, series, level } = question
  const ask = (authority: Authority): Check => checkVouchers(authority, { family: family.id, division, series, level }, unheard, asked)
  const check = ask(entity)
  const notAsked = (['series', 'level'] as const).filter((name) => question[name] === undefined)
  if (check.answer === 'no' && notAsked.length > 0 && ask(widened(entity, notAsked)).answer === 'yes')
    throw new Fault('question-too-wide', { at: 'context', detail: notAsked.join(', ') })
  return answerOf(check, { zh: '已获授权签发', en: 'authorised to issue it' })
}

/**
 * "Does `authority_id` recognize `entity_id` to be authoritative for `action` on `resource`?" (TRQP 2.0, Recognition Query): whether it names the
 * entity, in force, for anything of that family. What a single record counts for in a place is decided by the agreed rules, not here.
 */
export function recognition(question: TrqpQuestion, asked: Asked): TrqpAnswer {
  const { family, entity, unheard } = resolve(question, asked)
  const anything = widened(entity, ['divisions', 'series', 'level'])
  const check = checkVouchers(anything, { family: family.id, division: entity.division }, unheard, asked)
  return answerOf(check, { zh: '承认其为该类记录的签发机关', en: 'recognised as an issuing authority for it' })
}

const checkVouchers = (authority: Authority, record: Scoped, unheard: readonly string[], { at }: Asked): Check =>
  authority.vouchers.length === 0 && unheard.length === 0
    ? { id: 'authorised', answer: 'no', reason: 'issuer-not-authorised' }
    : checkAuthorised(authority, { unheard }, record, { iat: secondsOf(at), loggedAt: undefined }, at, shippedPolicy)

interface Resolved {
  readonly family: Family
  /** With only those vouchers that the authority asked is responsible for. */
  readonly entity: Authority
  readonly unheard: readonly string[]
}

function resolve({ entity, authority, action, resource }: TrqpQuestion, { iss, trust }: Asked): Resolved {
  if (action !== 'issue') throw new Fault('question-unknown', { at: 'action', detail: 'issue' })
  const family = familyOfVct(resource)
  if (family === undefined) throw new Fault('question-unknown', { at: 'resource' })
  const named = trust.authorities.get(issuerNamed(entity) ?? entity)
  const own = authority === iss || issuerNamed(authority) === iss
  const alliance = authority.startsWith(allianceUrl) ? authority.slice(allianceUrl.length) : undefined
  const unheard = own ? trust.unheard : trust.unheard.filter((id) => id === alliance)
  const heard = own || trust.alliances.some(({ payload }) => payload.alliance === alliance)
  if (!heard && unheard.length === 0) throw new Fault('question-unknown', { at: 'authority_id' })
  // Whoever is missing here may stand in a list that is not at hand.
  if (named === undefined && unheard.length > 0) throw new Fault('answer-unknown', { at: 'entity_id', detail: 'alliance-list-missing' })
  if (named === undefined) throw new Fault('question-unknown', { at: 'entity_id' })
  const responsible = (voucher: Voucher): boolean => own || (voucher.by === 'alliance' && voucher.list.payload.alliance === alliance)
  return { family, entity: { ...named, vouchers: named.vouchers.filter(responsible) }, unheard }
}

const membersOf = { divisions: 'divisions', series: 'series', level: 'levels' } as const satisfies Record<string, keyof Scope>

/** The authority as if its scopes did not narrow these sides. */
function widened(authority: Authority, sides: readonly (keyof typeof membersOf)[]): Authority {
  const dropped: readonly string[] = sides.map((side) => membersOf[side])
  const widen = (scopes: readonly Scope[]): Scope[] =>
    scopes.map((scope) => ({ families: scope.families, ...Object.fromEntries(Object.entries(scope).filter(([name]) => !dropped.includes(name))) }))
  return {
    ...authority,
    vouchers: authority.vouchers.map((voucher) =>
      voucher.by === 'anchor'
        ? { ...voucher, authorised: widen(voucher.authorised) }
        : { ...voucher, member: { ...voucher.member, authorised: widen(voucher.member.authorised) } },
    ),
  }
}

function answerOf({ answer, reason, source }: Check, yes: Localised): TrqpAnswer {
  // The protocol's answer is a boolean: what cannot be told must be neither of the two.
  if (answer === 'cannot-tell') throw new Fault('answer-unknown', { at: 'authority_id', detail: reason })
  return { answer: answer === 'yes', text: reason === undefined ? yes : verdictReasonTexts[reason], source }
}
