import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Verdict } from '#core/verify/verdict.ts'
import { titleDraft } from '../support/examples.ts'
import { answerOf, comity, makeFolder, type Ran } from './run-comity.ts'

const folder = makeFolder()
const data = folder.path('jinan')
const [revoked, cancelled] = [folder.path('revoked.sd-jwt'), folder.path('cancelled.sd-jwt')]
const node = (...words: readonly string[]): Promise<Ran> => comity([...words, '--data', data, '--json'])
const second = (): string => `${new Date().toISOString().slice(0, 19)}Z`

let before: string
let after: string

async function issueTo(file: string): Promise<string> {
  const drafted = answerOf(await node('issue', folder.put('draft.json', JSON.stringify(titleDraft())), '--family', 'title', '--as', 'wang'))
  const { record } = answerOf(await node('approve', String(drafted['draft']), '--as', 'li'))
  answerOf(await node('fetch', String(record), '--out', file, '--as', 'li'))
  return String(record)
}

beforeAll(async () => {
  answerOf(await comity(['init', '--data', data, '--division', '370100', '--name', '济南市人力资源和社会保障局', '--name-en', 'Jinan HRSS Bureau', '--json']))
  const [first, other] = [await issueTo(revoked), await issueTo(cancelled)]
  before = second()
  // The changes are to fall into a later second than the question.
  await setTimeout(1100)
  answerOf(await node('status', first, '--change', 'revoked', '--reason', 'fraud', '--as', 'li'))
  answerOf(await node('status', other, '--change', 'cancelled', '--reason', 'holder-request', '--as', 'li'))
  after = second()
})
afterAll(folder.remove)

describe('comity as-of', () => {
  it('verifies as of before and after: revocation reaches back, cancellation does not', async () => {
    const codes = async (file: string) => [(await node('as-of', before, 'verify', file)).code, (await node('as-of', after, 'verify', file)).code]
    expect(await codes(revoked)).toEqual([1, 1])
    expect(await codes(cancelled)).toEqual([0, 1])
  })

  it('gives the manifest and the status list with signatures, or a readable line', async () => {
    const manifest = answerOf(await node('as-of', before, 'manifest'))
    expect(manifest).toMatchObject({ asOf: before, outcome: 'held', kind: 'manifest', signed: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) })
    const reasons = async (...more: readonly string[]) => {
      const { files } = answerOf(await node('as-of', before, 'status', '1', ...more)) as { readonly files: readonly { readonly content: string }[] }
      return Object.values((JSON.parse(files[0]!.content) as { readonly reasons: Record<string, readonly string[]> }).reasons).map(([kind]) => kind)
    }
    expect([await reasons(), await reasons('--known', 'then')]).toEqual([['revoked'], []])
    const { stdout } = await comity(['as-of', before, '--data', data])
    expect(stdout).toMatch(/^\S+Z {2}all {2}https:\/\/370100\.comity\.example {2}held\n {2}manifest {2}https:\/\/370100\.comity\.example {2}v1 {2}[\w-]{43}\n$/)
  })

  it('says by its exit code when there is nothing to say, and refuses the future', async () => {
    const early = await comity(['as-of', '2001-01-01T00:00:00Z', 'manifest', '--data', data])
    expect([early.code, early.stdout]).toEqual([2, expect.stringContaining('this node had not begun')])
    expect((await node('as-of', after, 'alliance', 'sd-capital-circle')).code).toBe(2)
    const future = await comity(['as-of', '2999-01-01T00:00:00Z', '--data', data])
    expect([future.code, future.stderr]).toEqual([1, expect.stringContaining('[instant-in-future]')])
  })

  it.each([
    [['yesterday']],
    [['2026-06-01T00:00:00Z', 'weather']],
    [['2026-06-01T00:00:00Z', 'alliance']],
    [['2026-06-01T00:00:00Z', 'status', '0']],
    [['2026-06-01T00:00:00Z', 'manifest', 'x']],
    [['2026-06-01T00:00:00Z', 'verify']],
    [['2026-06-01T00:00:00Z', 'manifest', '--known', 'then']],
    [['2026-06-01T00:00:00Z', 'status', '1', '--known', 'later']],
  ])('%j is a usage error', async (words) => {
    expect((await comity(['as-of', ...words, '--data', data])).code).toBe(64)
  })

  it('reads the record as it lies there, with a line end or without', async () => {
    const copy = folder.path('copy.sd-jwt')
    writeFileSync(copy, `${readFileSync(cancelled, 'utf8').trim()}\r\n`)
    expect((await node('as-of', before, 'verify', copy)).code).toBe(0)
  })

  it('reads the proof that lies beside the record', async () => {
    const copy = folder.path('proven.sd-jwt')
    writeFileSync(copy, readFileSync(cancelled, 'utf8'))
    const time = async () => {
      const { verdicts } = answerOf(await node('as-of', before, 'verify', copy)) as { readonly verdicts: readonly Verdict[] }
      return verdicts[0]!.checks.find(({ id }) => id === 'time')
    }
    expect(await time()).toEqual({ id: 'time', answer: 'yes', reason: 'time-unproven' })
    folder.put('proven.sd-jwt.tlog-proof', 'not a proof')
    expect(await time()).toEqual({ id: 'time', answer: 'yes', reason: 'log-proof-refused', datum: 'log-proof-malformed' })
  })
})
