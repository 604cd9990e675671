import type { z } from 'zod'

import { Fault, type FaultCode } from '../fault.ts'

/** A schema's verdict as a fault that names the place; the value itself is never quoted. */
export function parseOrFault<T>(schema: z.ZodType<T>, value: unknown, code: FaultCode, at: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? `/${issue.keys[0] ?? ''}` : ''
  const place = [at, ...(issue?.path ?? [])].map(String).join('/') + unknown
  throw new Fault(code, { at: place, detail: issue?.code })
}
