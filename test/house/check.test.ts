import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Count } from '../support/count-reporter.ts'

const root = join(import.meta.dirname, '..', '..')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comity-check-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A run of vitest over files with the given texts, counted by our reporter. */
function countOf(texts: readonly string[]): Count {
  const place = mkdtempSync(join(folder, 'run-'))
  for (const [index, text] of texts.entries()) writeFileSync(join(place, `${index}.test.mjs`), text)
  const count = join(place, 'count.json')
  const words = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--globals',
    '--root',
    place,
    '--config',
    'none.ts',
    `--reporter=${join(root, 'test/support/count-reporter.ts')}`,
  ]
  writeFileSync(join(place, 'none.ts'), 'export default { test: {} }\n')
  spawnSync(process.execPath, words, { cwd: place, env: { ...process.env, COMITY_TEST_COUNT: count } })
  return JSON.parse(readFileSync(count, 'utf8')) as Count // written by our own reporter
}

describe('the count of a test run', () => {
  it('tells passed from failed', () => {
    expect(countOf(["it('a', () => {}); it('b', () => {}); it('c', () => { throw new Error('no') })"])).toEqual({ passed: 2, failed: 1 })
  })

  it('takes a test that did not run for a failed one', () => {
    expect(countOf(["it('a', () => {}); it('b', { skip: true }, () => {})"])).toEqual({ passed: 1, failed: 1 })
  })

  it('takes a file that does not load for a failure', () => {
    expect(countOf(["it('a', () => {})", "throw new Error('no')"])).toEqual({ passed: 1, failed: 1 })
  })

  it('takes an error outside of any test for a failure', () => {
    expect(countOf(["it('a', async () => { Promise.reject(new Error('nobody waits')); await new Promise((done) => setTimeout(done, 50)) })"])).toEqual({
      passed: 1,
      failed: 1,
    })
  })
})
