import dated from '#schema/rules/national-2026.json' with { type: 'json' }
import standing from '#schema/rules/national-standing.json' with { type: 'json' }

import { RuleSet } from './rule-set.ts'

/** What binds every place without an agreement; it comes with the software and carries its sources (schema/rules/README.md). */
export const nationalLaw: readonly RuleSet[] = [RuleSet.parse(standing), RuleSet.parse(dated)]
