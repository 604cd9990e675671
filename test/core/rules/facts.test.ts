import { expect, it } from 'vitest'

import { factNames } from '#core/rules/facts.ts'
import { conditionTexts, effectTexts, modeTexts } from '#core/rules/outcome-texts.ts'
import { slot, slotsOf } from '#core/rules/test-condition.ts'

it('every fact is read into the place where conditions look for it', () => {
  const slots = slotsOf(Object.fromEntries(factNames.map((name) => [name, name])))
  expect(factNames.map((name) => slots[slot(name)])).toEqual(factNames)
})

it('modes, effects and conditions have different names in each language', () => {
  for (const texts of [modeTexts, effectTexts, conditionTexts].map((table) => Object.values(table)))
    for (const language of ['zh', 'en'] as const) expect(new Set(texts.map((text) => text[language])).size).toBe(texts.length)
})
