import { readdirSync, readFileSync } from 'node:fs'

import alliancesTable from '#codes/alliances.json' with { type: 'json' }
import { compileRules } from '#core/rules/compile-rules.ts'
import type { AllianceView } from '#core/rules/decision.ts'
import { RuleSet } from '#core/rules/rule-set.ts'

const folder = new URL('../../../schema/rules/', import.meta.url)

export const sampleRuleSets: readonly RuleSet[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => RuleSet.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))

// JSON texts are plain strings to the compiler; the roles and states are checked where alliances.json is tested.
export const sampleAlliances = alliancesTable.alliances as readonly AllianceView[]

export const sampleRules = compileRules(sampleRuleSets)
