import type { z } from 'zod'

import { Fault, type FaultCode } from '../fault.ts'

/** A schema's verdict as a fault that names the place; the value itself is never quoted. */
export function parseOrFault<T>(schema: z.ZodType<T>, value: unknown, code: FaultCode, at: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new Fault(code, { at: `${at}/${placeOf(issue)}`, detail: issue.code })
}

/** The member that an issue concerns, from the root of what was parsed; one that is not known is named too. */
export const placeOf = (issue: z.core.$ZodIssue): string =>
  [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].map(String).join('/')
