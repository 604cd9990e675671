import { z } from 'zod'

/** Administrative division code, six digits (GB/T 2260). Whether it names a place at a date is the table's business (`divisions.ts`). */
export const DivisionCode = z
  .string()
  .regex(/^[1-9]\d{5}$/)
  .brand<'DivisionCode'>()
  .meta({ id: 'DivisionCode' })
export type DivisionCode = z.infer<typeof DivisionCode>

/** 370102 → ['370100', '370000']; 370100 → ['370000']; 370000 → []. */
export function ancestorsOf(code: string): readonly string[] {
  const ancestors = [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`]
  return ancestors.filter((ancestor, index) => ancestor !== code && ancestors.indexOf(ancestor) === index)
}

export type DivisionRank = 'province' | 'prefecture' | 'county'
export const rankOf = (code: string): DivisionRank => (code.endsWith('0000') ? 'province' : code.endsWith('00') ? 'prefecture' : 'county')
