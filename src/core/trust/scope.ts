import { z } from 'zod'

import { DivisionCode, rankOf } from '../model/division-code.ts'
import { FamilyId } from '../model/family-id.ts'

/**
 * What a key or a member may issue. A member that is left out leaves that side open, except that no authority is ever authorised
 * beyond its own territory without saying so (`check-authorised.ts`). A record that lacks the member named here is outside: a scope by
 * level does not cover a family without levels.
 */
export const Scope = z
  .strictObject({
    families: z.array(FamilyId).min(1),
    divisions: z.array(DivisionCode).min(1).optional(),
    series: z
      .array(z.string().regex(/^\d{2}$/))
      .min(1)
      .optional(),
    levels: z.array(z.string().min(1).max(40)).min(1).optional(),
    /** Of the division that a record is issued for: a province may issue what its cities may not, and the other way round. */
    ranks: z
      .array(z.enum(['province', 'prefecture', 'county']))
      .min(1)
      .optional(),
  })
  .meta({ id: 'Scope', description: 'What may be issued: families, division codes, title series, levels, ranks of the issuing division' })
export type Scope = z.infer<typeof Scope>

export interface Scoped {
  readonly family: string
  readonly division: string
  readonly series?: string | undefined
  readonly level?: string | undefined
}

/** Series and levels narrow only the families that have them; `title` is the one with series. */
export function covers(scope: Scope, record: Scoped): boolean {
  return (
    (scope.families as readonly string[]).includes(record.family) && // an unknown family is simply not listed
    (scope.divisions === undefined || (scope.divisions as readonly string[]).includes(record.division)) &&
    (scope.series === undefined || (record.series !== undefined && scope.series.includes(record.series))) &&
    (scope.levels === undefined || (record.level !== undefined && scope.levels.includes(record.level))) &&
    (scope.ranks === undefined || scope.ranks.includes(rankOf(record.division)))
  )
}
