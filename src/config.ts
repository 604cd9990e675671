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
  /** The library, the token's label and the file with its PIN of a device that may hold keys: all three or none. */
  COMITY_PKCS11_MODULE: z.string().min(1).optional(),
  COMITY_PKCS11_TOKEN: z.string().min(1).max(32).optional(),
  COMITY_PKCS11_PIN_FILE: z.string().min(1).optional(),
})

export interface Config {
  readonly databaseUrl?: string | undefined
  readonly passphraseFile?: string | undefined
  readonly device?: { readonly module: string; readonly token: string; readonly pinFile: string } | undefined
}

export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const {
    DATABASE_URL,
    COMITY_PASSPHRASE_FILE,
    COMITY_PKCS11_MODULE: module,
    COMITY_PKCS11_TOKEN: token,
    COMITY_PKCS11_PIN_FILE: pinFile,
  } = Environment.parse(environment)
  const device = module === undefined || token === undefined || pinFile === undefined ? undefined : { module, token, pinFile }
  return { databaseUrl: DATABASE_URL, passphraseFile: COMITY_PASSPHRASE_FILE, device }
}
