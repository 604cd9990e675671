import { expect, it } from 'vitest'

import { covers, Scope } from '#core/trust/scope.ts'

const scope = (value: unknown): Scope => Scope.parse(value)
const engineer = { family: 'title', division: '370100', series: '05', level: 'intermediate' }

it('leaves open what it does not name, and asks for what it names', () => {
  expect(covers(scope({ families: ['title'] }), engineer)).toBe(true)
  expect(covers(scope({ families: ['title'], divisions: ['370100'], series: ['05'], levels: ['intermediate'] }), engineer)).toBe(true)
  expect(covers(scope({ families: ['skill'] }), engineer)).toBe(false)
  expect(covers(scope({ families: ['title'], divisions: ['370300'] }), engineer)).toBe(false)
  expect(covers(scope({ families: ['title'], divisions: ['370000'] }), engineer)).toBe(false)
  expect(covers(scope({ families: ['title'], series: ['06'] }), engineer)).toBe(false)
  expect(covers(scope({ families: ['title'], levels: ['assistant'] }), engineer)).toBe(false)
})

it('tells a province’s own from what its cities and districts issue', () => {
  const ranked = (ranks: readonly string[], division: string) => covers(scope({ families: ['title'], ranks }), { ...engineer, division })
  expect(['510000', '510100', '510104'].map((division) => ranked(['province'], division))).toEqual([true, false, false])
  expect(['510000', '510100', '510104'].map((division) => ranked(['prefecture', 'county'], division))).toEqual([false, true, true])
})

it('does not cover a record that lacks what it names', () => {
  expect(covers(scope({ families: ['work-injury'], levels: ['senior'] }), { family: 'work-injury', division: '370100' })).toBe(false)
  expect(covers(scope({ families: ['skill'], series: ['05'] }), { family: 'skill', division: '370100', level: 'senior' })).toBe(false)
})

it('does not cover a family that nobody knows', () => {
  expect(covers(scope({ families: ['title'] }), { ...engineer, family: 'honour' })).toBe(false)
})

it('is never empty where it names something', () => {
  for (const empty of [
    { families: [] },
    { families: ['title'], divisions: [] },
    { families: ['title'], series: [] },
    { families: ['title'], levels: [] },
    { families: ['title'], ranks: [] },
  ])
    expect(Scope.safeParse(empty).success).toBe(false)
})
