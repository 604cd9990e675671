import { setTimeout } from 'node:timers/promises'

import { expect, it } from 'vitest'

import { refuseInStep } from '#http/refuse-in-step.ts'

async function refusedAfter(work: () => Promise<never>): Promise<number> {
  const started = performance.now()
  await expect(refuseInStep(60, work)).rejects.toThrow('no')
  return performance.now() - started
}

it('a refusal takes no less than a step, however soon it was known', async () => {
  const taken = await refusedAfter(() => Promise.reject(new Error('no')))
  expect(taken).toBeGreaterThan(58)
})

it('one that took longer leaves at a later step', async () => {
  const taken = await refusedAfter(async () => {
    await setTimeout(80)
    throw new Error('no')
  })
  expect(taken).toBeGreaterThan(118)
})

it('an answer is given at once', async () => {
  let answered = false
  const waiting = refuseInStep(60_000, () => Promise.resolve('yes')).then(() => (answered = true))
  await setTimeout(0)
  expect(answered).toBe(true)
  await waiting
})
