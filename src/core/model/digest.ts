import { z } from 'zod'

import type { Engine } from '../crypto/engine.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'

/** SHA-256 as text: base64url without padding, 43 characters. */
export const Digest = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .meta({ id: 'Digest', description: 'SHA-256, base64url without padding' })
export type Digest = z.infer<typeof Digest>

/** Digest of a text's UTF-8 bytes. */
export const digestOf = (text: string, { sha256 }: Pick<Engine, 'sha256'>): Digest => encodeBase64url(sha256(encodeUtf8(text)))
