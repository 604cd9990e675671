import { expect, it } from 'vitest'

import { factNames, facts } from '#core/rules/facts.ts'
import { factTexts } from '#core/rules/fact-texts.ts'
import { conditionTexts, effectTexts, materialTexts, modeTexts, standingTexts } from '#core/rules/outcome-texts.ts'
import { slot, slotsOf } from '#core/rules/test-condition.ts'

it('every fact is read into the place where conditions look for it', () => {
  const slots = slotsOf(Object.fromEntries(factNames.map((name) => [name, name])))
  expect(factNames.map((name) => slots[slot(name)])).toEqual(factNames)
})

it('modes, effects, conditions, materials and standings have different names in each language', () => {
  for (const texts of [modeTexts, effectTexts, conditionTexts, materialTexts, standingTexts].map((table) => Object.values(table)))
    for (const language of ['zh', 'en'] as const) expect(new Set(texts.map((text) => text[language])).size).toBe(texts.length)
})

it('what is not known of a fact is put as a question, never as a statement', () => {
  for (const fact of factNames) {
    const { question } = factTexts[fact]
    expect(question.zh).toMatch(/是否|[何哪]|什么|多大|还是/)
    expect(question.en).toMatch(/^(?:Whether|Which|What|How|When|Where|Of which|Within which) /)
    expect([fact, 'holds' in factTexts[fact]]).toEqual([fact, facts[fact].kind === 'boolean'])
  }
})
