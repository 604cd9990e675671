import { z } from 'zod'

/** What the environment may say. Read in `main.ts` and the command line's entry only; everything else is handed what it needs. */
const Environment = z.object({
  /** A PostgreSQL to use in place of the node's own file. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .optional(),
  /** File with the node's passphrase; `<data>/passphrase` where it is not set. */
  COMITY_PASSPHRASE_FILE: z.string().min(1).optional(),
})

export interface Config {
  readonly databaseUrl?: string | undefined
  readonly passphraseFile?: string | undefined
}

export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const { DATABASE_URL, COMITY_PASSPHRASE_FILE } = Environment.parse(environment)
  return { databaseUrl: DATABASE_URL, passphraseFile: COMITY_PASSPHRASE_FILE }
}
