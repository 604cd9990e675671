import type { z } from 'zod'

import type { Duty } from '#core/model/duty.ts'
import type { Localised } from '#core/model/localised.ts'

/** How large a request body may be, in bytes. Counted before anything of it is parsed. */
export const bodyLimits = {
  default: 64 * 1024,
  /** Many records at once, or one signed trust file. */
  many: 8 * 1024 * 1024,
  /** A ledger. */
  ledger: 64 * 1024 * 1024,
} as const

/** One route as data: bound to Express by `bind`, called by `callRoute`, described by `openapiDocument`. */
export interface Route {
  readonly id: string
  readonly method: 'get' | 'post' | 'put'
  /** With parameters in braces: `/records/{id}`; `{rest*}` is all that is left, slashes and all. */
  readonly path: `/${string}`
  readonly summary: Localised
  /** Any one of these duties lets a client in; absent: public. */
  readonly scope?: readonly Duty[]
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  /** Of a JSON or form body. Absent where there is none, or where it is bytes. */
  readonly body?: z.ZodType
  /** Media types of a body that is not JSON. With `body` it is a form; without, bytes as they come. */
  readonly contentType?: readonly [string, ...string[]]
  /** Whatever type the caller announces, or none, is read as the first of `contentType`: for protocols that say nothing of types. */
  readonly anyType?: boolean
  readonly limit?: keyof typeof bodyLimits
  /** A write: it needs an `Idempotency-Key`, and the same key with the same request is answered alike. */
  readonly idempotent?: boolean
  /** Of a JSON answer. Absent where it is a file. */
  readonly reply?: z.ZodType
  /** Media types of an answer that is a file. */
  readonly replyType?: readonly [string, ...string[]]
  /** Counted by the caller's address, apart from all others. */
  readonly throttle?: Throttle
}

/** What is limited by address: `verify` generously, the others because they can be tried. */
export type Throttle = 'verify' | 'claim' | 'certificate' | 'token' | 'witness'

type Parsed<Schema, None> = Schema extends z.ZodType ? z.output<Schema> : None
type Sent<Schema, None> = Schema extends z.ZodType ? z.input<Schema> : None

export type ParamsOf<R extends Route> = Parsed<R['params'], undefined>
export type QueryOf<R extends Route> = Parsed<R['query'], undefined>
export type BodyOf<R extends Route> = R['body'] extends z.ZodType ? z.output<R['body']> : R['contentType'] extends readonly string[] ? Uint8Array : undefined
export type ReplyOf<R extends Route> = R['reply'] extends z.ZodType ? z.output<R['reply']> : Uint8Array

export type SentParams<R extends Route> = Sent<R['params'], undefined>
export type SentQuery<R extends Route> = Sent<R['query'], undefined>
export type SentBody<R extends Route> = R['body'] extends z.ZodType ? z.input<R['body']> : R['contentType'] extends readonly string[] ? Uint8Array : undefined

/** A value that nobody may change, all the way down. */
export type Frozen<T> = unknown extends T
  ? T
  : T extends Uint8Array | string | number | boolean | null | undefined
    ? T
    : { readonly [Name in keyof T]: Frozen<T[Name]> }

/** What an answer is made of: the reply before its schema has parsed it, from values that nobody may change. Never for a route that answers a file. */
export type Replied<R extends Route> = R['reply'] extends z.ZodType ? Frozen<z.input<R['reply']>> : never
