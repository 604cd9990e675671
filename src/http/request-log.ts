import { pino, type Logger } from 'pino'

import type { Fault } from '#core/fault.ts'
import { isOurs } from './status-of-fault.ts'

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>

/**
 * A line of JSON for each event. What could carry something personal or secret is never handed to it: no bodies, no URLs, no headers;
 * the redaction is for the day on which somebody forgets.
 */
export const openLog = (write: (line: string) => void): Log =>
  pino(
    {
      base: null,
      redact: {
        paths: [
          '*.authorization',
          '*.cookie',
          '*.body',
          '*.query',
          '*.token',
          '*.code_verifier',
          '*.client_assertion',
          'authorization',
          'cookie',
          'body',
          'query',
          'token',
        ],
        censor: '[redacted]',
      },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    { write },
  )

export interface AnsweredRequest {
  readonly route: string
  readonly status: number
  readonly milliseconds: number
  /** Whether its route may change something. */
  readonly changes: boolean
  readonly client?: string | undefined
  readonly code?: string | undefined
  /** Names the occurrence where something went wrong on this side. */
  readonly id?: string | undefined
  /** What the fault says of it: codes and names, never values. Not told to whoever asked. */
  readonly detail?: string | undefined
}

/** Notes answered requests: everything that was refused or has changed something, and of the rest one in `sample`. */
export function requestLog(log: Log, sample: number): (request: AnsweredRequest) => void {
  let passed = 0
  return ({ route, status, milliseconds, changes, client, code, id, detail }) => {
    if (status < 400 && !changes && ++passed % sample !== 0) return
    const line = { route, status, ms: Math.round(milliseconds * 10) / 10, client, code, id, detail }
    if (status >= 500) log.error(line, 'request')
    else log.info(line, 'request')
  }
}

/** Writes down what went wrong on this side, under the id that the caller was given. */
export function noteOurs(log: Log, { code, at, detail, cause }: Fault, occurrence: { readonly id: string; readonly route: string }): void {
  if (!isOurs(code)) return
  log.error({ ...occurrence, code, at, detail, ...(cause === undefined ? {} : describeError(cause)) }, 'unforeseen')
}

/** What is kept of an unforeseen error: its name, its place, and its message unless that may quote an input. */
function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error }
  const quotes = error instanceof SyntaxError || error.name === 'ZodError'
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return {
    error: error.name,
    ...(quotes ? {} : { message: error.message }),
    stack: frames.slice(0, 12),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
