import type { JsonObject } from '#core/encoding/parse-json.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import type { SourceVersion } from '#core/trust/freshness.ts'
import { authorization, recognition, type TrqpAnswer, type TrqpQuestion } from '#core/views/trqp.ts'
import { trustAsOf } from '../as-of/trust-as-of.ts'
import { requireSinceGenesis } from '../genesis.ts'
import type { Office } from '../office.ts'
import type { TrustDesk } from '../trust-desk.ts'
import { sayIt } from './stating-key.ts'

/** A query as the protocol writes it. `context` has passed the route's schema: texts only. */
export interface TrqpQuery {
  readonly entity_id: string
  readonly authority_id: string
  readonly action: string
  readonly resource: string
  readonly context?: TrqpContext | undefined
}

type TrqpContext = { readonly [Name in 'time' | 'locator' | 'division' | 'series' | 'level']?: string | undefined }

/** What both answers have: TRQP 2.0, response schemas; `source` and `signed` are ours. */
export interface TrqpStatement {
  readonly entity_id: string
  readonly authority_id: string
  readonly action: string
  readonly resource: string
  /** As it was asked; the answer applies to this instant. */
  readonly time_requested?: string
  /** This node's clock when it answered. */
  readonly time_evaluated: Instant
  readonly message: string
  readonly context?: Readonly<Record<string, string>>
  readonly source?: SourceVersion
  readonly signed: string
}

type Answering = Pick<Office, 'authority' | 'keyring' | 'clock' | 'store' | 'engine' | 'inflate'>

/** Faults: those of `authorization`, and `instant-in-future`, `instant-before-genesis`. */
export const answerAuthorization = async (office: Answering, desk: TrustDesk, query: TrqpQuery): Promise<TrqpStatement & { readonly authorized: boolean }> =>
  answer(office, desk, query, 'authorized', authorization)

/** The same for a recognition query. */
export const answerRecognition = async (office: Answering, desk: TrustDesk, query: TrqpQuery): Promise<TrqpStatement & { readonly recognized: boolean }> =>
  answer(office, desk, query, 'recognized', recognition)

async function answer<Member extends 'authorized' | 'recognized'>(
  office: Answering,
  desk: TrustDesk,
  { entity_id, authority_id, action, resource, context }: TrqpQuery,
  member: Member,
  ask: typeof authorization,
): Promise<TrqpStatement & { readonly [Name in Member]: boolean }> {
  const now = office.clock()
  const at = context?.time === undefined ? now : instantOf(Math.floor(Date.parse(context.time) / 1000))
  if (context?.time !== undefined) await requireSinceGenesis(at, office, 'context/time')
  // As of then: by the lists that were held on that day.
  const { trust } = context?.time === undefined ? await desk.current() : await trustAsOf(office, desk, at)
  const question: TrqpQuestion = {
    entity: entity_id,
    authority: authority_id,
    action,
    resource,
    division: context?.division,
    series: context?.series,
    level: context?.level,
  }
  const { answer: given, text, source }: TrqpAnswer = ask(question, { iss: office.authority.iss, trust, at })
  const statement = {
    entity_id,
    authority_id,
    action,
    resource,
    [member]: given,
    ...(context?.time === undefined ? {} : { time_requested: context.time }),
    time_evaluated: now,
    message: `${text.zh} · ${text.en}`,
    ...(context === undefined ? {} : { context: context as Readonly<Record<string, string>> }), // what is there is text; what is not is left out by JSON
    ...(source === undefined ? {} : { source }),
  }
  const signed = sayIt(office, (await desk.current()).trust, 'comity-trqp+jwt', statement as unknown as JsonObject) // texts, a boolean and a source, which is JSON
  return { ...statement, signed } as TrqpStatement & { readonly [Name in Member]: boolean } // a computed name is forgotten by the compiler
}
