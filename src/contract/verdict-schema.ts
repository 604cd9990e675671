import { z } from 'zod'

import { FamilyId } from '#core/model/family-id.ts'
import { Instant } from '#core/model/instant.ts'
import { Localised } from '#core/model/localised.ts'
import { checkIds, type Verdict } from '#core/verify/verdict.ts'
import { effects, modes } from '#core/rules/rule-set.ts'
import { Truth } from './schemas.ts'

export const SourceVersion = z
  .strictObject({
    kind: z.enum(['anchor', 'manifest', 'alliance-list', 'rule-set', 'status-list', 'record', 'law']),
    id: z.string(),
    version: z.int().optional(),
    digest: z.string().optional(),
    issuedAt: Instant.optional(),
    confirmedAt: Instant.optional(),
    ageSeconds: z.int().optional(),
    freshness: z.enum(['fresh', 'stale', 'expired']).optional(),
  })
  .meta({ id: 'SourceVersion', description: 'The file that was believed, its version and its age' })

const Check = z
  .strictObject({ id: z.enum(checkIds), answer: Truth, reason: z.string().optional(), datum: z.string().optional(), source: SourceVersion.optional() })
  .meta({ id: 'Check', description: 'One check of the verification: what was looked at, what it came to, and why' })

// The decision explains itself at length and grows with the rules; what a program acts on is named here, the rest is passed on.
const Decision = z
  .looseObject({
    answer: Truth,
    mode: z.enum(modes),
    effects: z.array(z.enum(effects)),
    conditions: z.array(z.union([z.string(), Localised])),
    materials: z.array(z.union([z.string(), Localised])),
    openQuestions: z.array(z.string()),
    clause: Localised.optional(),
    carriedBy: z.strictObject({ alliance: z.string().nullable(), ruleSet: z.string(), version: z.int(), rule: z.string(), origin: z.string() }).optional(),
    reasons: z.array(z.string()),
    paths: z.array(z.looseObject({})),
    whatWouldMakeItYes: z.array(z.looseObject({ way: z.string() })),
  })
  .meta({ id: 'Decision', description: 'What the record counts for in another place, with every path that was weighed (DESIGN §3.2)' })

const verdict = z
  .strictObject({
    answer: Truth,
    at: Instant,
    policy: z.string(),
    evidence: z.strictObject({ digest: z.string().nullable() }),
    issuer: z.strictObject({ iss: z.string(), division: z.string(), name: Localised }).nullable(),
    record: z.strictObject({ family: FamilyId, claims: z.record(z.string(), z.unknown()), disclosed: z.record(z.string(), z.unknown()) }).nullable(),
    logged: z
      .strictObject({ at: Instant, log: z.string(), index: z.int(), by: z.array(z.string()), alliance: z.string() })
      .optional()
      .meta({ description: 'When it stood in the log at the latest, by the cosignatures of other cities' }),
    checks: z.array(Check),
    notes: z.array(z.strictObject({ code: z.string(), datum: z.string().optional() })),
    recognition: Decision.nullable(),
  })
  .meta({ id: 'Verdict', description: 'Whether a record is genuine and holds at `at`, check by check; null members are not known' })

/** The schema that describes a verdict, with core's own type: the loose parts of the schema are closed there. */
export const VerdictReply = verdict as unknown as z.ZodType<Verdict, Verdict>
