import { Fault } from '#core/fault.ts'

/** Where jobs say what they did. Given ids, counts and codes, never contents. */
export interface JobLog {
  readonly info: (fields: Readonly<Record<string, unknown>>, message: string) => void
  readonly warn: (fields: Readonly<Record<string, unknown>>, message: string) => void
}

/** What is said of an error: a fault's code and place; of anything else its name and where it was thrown. */
export const trouble = (error: unknown): Readonly<Record<string, unknown>> =>
  error instanceof Fault
    ? { code: error.code, at: error.at, detail: error.detail }
    : error instanceof Error
      ? {
          error: error.name,
          stack: (error.stack ?? '')
            .split('\n')
            .filter((line) => line.startsWith('    at '))
            .slice(0, 8),
        }
      : { error: typeof error }
