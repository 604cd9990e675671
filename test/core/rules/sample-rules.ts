import { readdirSync, readFileSync } from 'node:fs'

import alliancesTable from '#codes/alliances.json' with { type: 'json' }
import { compileRules } from '#core/rules/compile-rules.ts'
import { decide } from '#core/rules/decide.ts'
import type { AllianceView, Decision } from '#core/rules/decision.ts'
import type { Facts } from '#core/rules/facts.ts'
import { RuleSet } from '#core/rules/rule-set.ts'

const folder = new URL('../../../schema/rules/', import.meta.url)

export const sampleRuleSets: readonly RuleSet[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => RuleSet.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))

// JSON texts are plain strings to the compiler; the roles and states are checked where alliances.json is tested.
export const sampleAlliances = alliancesTable.alliances as readonly AllianceView[]

export const sampleRules = compileRules(sampleRuleSets)

export const day = '2026-06-01'
export const sound: Facts = { status: 'valid', authentic: true, holderDishonestyRecordActive: false }
export const title: Facts = { ...sound, family: 'title', level: 'intermediate', method: 'review', series: '05', seriesInNational27: true, scope: 'nationwide' }
export const senior: Facts = { ...title, level: 'associate_senior' }
export const skill: Facts = { ...sound, family: 'skill', level: 'senior', skillFiledInOsta: true }
export const appraisal: Facts = { ...sound, family: 'labour-capacity', stage: 'first', superseded: false }
export const secondClass: Facts = { ...sound, family: 'qualification', qualificationName: '二级建造师', nationallyValid: false }

export const ask = (facts: Facts, issuer: string, verifier: string, on = day): Decision => decide(sampleRules, sampleAlliances, facts, { issuer, verifier }, on)
export const without = (facts: Facts, ...names: readonly (keyof Facts)[]): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => !(names as readonly string[]).includes(name)))

export const carrier = ({ carriedBy }: Decision): string => (carriedBy === undefined ? '-' : `${carriedBy.ruleSet}@${carriedBy.version} ${carriedBy.rule}`)
export const told = (decision: Decision): readonly string[] => [
  `${decision.answer} ${decision.mode}`,
  carrier(decision),
  decision.reasons.join(' '),
  decision.openQuestions.join(' '),
]
export const pathsOf = ({ paths }: Decision): readonly string[] =>
  paths.map(({ ruleSet, rule, answer, failed, missing }) =>
    [ruleSet ?? 'own', rule ?? '-', answer, ...(failed ?? []).map(({ fact }) => `not:${fact}`), ...(missing ?? []).map((fact) => `?${fact}`)].join(' '),
  )
