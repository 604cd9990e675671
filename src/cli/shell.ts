import { once } from 'node:events'
import { userInfo } from 'node:os'

import type { Language, Localised } from '#core/model/localised.ts'
import type { Config } from '../config.ts'
import { CliFault, usage } from './cli-fault.ts'
import { shownText } from './shown-text.ts'

/** What a command is handed of the world outside: its streams, the language, the environment's answers. */
export interface Shell {
  readonly language: Language
  readonly json: boolean
  readonly say: (text: Localised) => string
  /** A result on standard output: the value as one line of JSON, or the text. A text left out is only for JSON. */
  readonly tell: (value: unknown, text?: string) => Promise<void>
  /** The same for bytes that are ready to be written. */
  readonly write: (bytes: Uint8Array | string) => Promise<void>
  /** A message on standard error: whoever reads results does not see it. */
  readonly note: (text: string) => void
  readonly stderr: NodeJS.WriteStream
  /** Read when it is asked for: verifying needs nothing of it. */
  readonly config: () => Config
  /** The file that starts the command anew, for child processes. */
  readonly entry: string
}

export interface ShellParts {
  readonly language: Language
  readonly json: boolean
  readonly config: () => Config
  readonly entry: string
}

export function openShell({ language, json, config, entry }: ShellParts): Shell {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    lost ??= error
  })
  // What is told on standard error is no result: work goes on without it.
  process.stderr.on('error', () => undefined)
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    requireOutput()
    if (!process.stdout.write(bytes)) await once(process.stdout, 'drain').catch(requireOutput)
  }
  return {
    language,
    json,
    say: (text) => text[language],
    tell: async (value, text) => {
      if (json) await write(`${JSON.stringify(value)}\n`)
      else if (text !== undefined) await write(shownText(text.endsWith('\n') ? text : `${text}\n`))
    },
    write,
    note: (text) => process.stderr.write(`${shownText(text)}\n`),
    stderr: process.stderr,
    config,
    entry,
  }
}

/** Why standard output cannot be written any more. The stream itself forgets: node keeps the three of a process open whatever happens. */
let lost: NodeJS.ErrnoException | undefined

/** Fault: `output-failed`, so that a command that can tell its results no more puts down what it holds. */
function requireOutput(): void {
  if (lost !== undefined) throw new CliFault('output-failed', { at: 'stdout', detail: lost.code, cause: lost })
}

/** Waits until all that was written to standard output has left, or has failed to. Fault: `output-failed`. */
export async function flushOutput(): Promise<void> {
  // A failure is heard of one turn after the write.
  await new Promise<void>((resolve) => {
    if (process.stdout.writableLength === 0) setImmediate(resolve)
    else process.stdout.write('', () => setImmediate(resolve))
  })
  requireOutput()
}

export const isOutputLost = (error: unknown): boolean => lost !== undefined && error instanceof CliFault && error.cause === lost

/** Whether it was the reader of our output who has stopped early (`| head`): no defect, but no yes either. */
export const isReaderGone = (error: unknown): boolean => isOutputLost(error) && lost?.code === 'EPIPE'

const actorName = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u

/** Who acts here, as the audit trail names them. The registry compares actors: nobody approves what they have drafted. */
export function actorOf(name: string | undefined): { readonly actor: string } {
  const actor = name ?? systemUser()
  if (!actorName.test(actor)) throw usage('--as')
  return { actor: `cli:${actor}` }
}

function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that has no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
