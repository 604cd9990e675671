import { canonicalJson } from '../encoding/canonical-json.ts'
import type { RuleSet } from '../rules/rule-set.ts'
import { modeTexts } from '../rules/outcome-texts.ts'
import type { Difference } from './compare-lists.ts'

/** What changes from one version of a rule set to the next: when it holds, and which rules. @param before undefined for the first version */
export function compareRules(before: RuleSet | undefined, after: RuleSet): readonly Difference[] {
  const old = new Map(before?.rules.map((rule) => [rule.id, rule]))
  const now = new Set(after.rules.map(({ id }) => id))
  const told = (code: string, zh: string, en: string, { id, mode }: RuleSet['rules'][number]): Difference => ({
    code,
    at: id,
    text: { zh: `${zh}规则 ${id}：${modeTexts[mode].zh}`, en: `rule ${id} ${en}: ${modeTexts[mode].en}` },
  })
  const dates = (['from', 'until'] as const).filter((name) => (before?.[name] ?? null) !== (after[name] ?? null))
  const dateNames = { from: { zh: '生效日', en: 'holds from' }, until: { zh: '失效日', en: 'holds until' } } as const
  return [
    ...dates.map((name): Difference => {
      const change = `${before?.[name] ?? '—'} → ${after[name] ?? '—'}`
      return { code: 'rules-date', at: name, text: { zh: `${dateNames[name].zh}：${change}`, en: `${dateNames[name].en}: ${change}` } }
    }),
    ...after.rules.flatMap((rule) => {
      const earlier = old.get(rule.id)
      if (earlier === undefined) return [told('rule-added', '新增', 'is new', rule)]
      return canonicalJson(earlier) === canonicalJson(rule) ? [] : [told('rule-changed', '变更', 'changes', rule)]
    }),
    ...[...old.values()].filter(({ id }) => !now.has(id)).map((rule) => told('rule-removed', '删除', 'goes', rule)),
  ]
}
