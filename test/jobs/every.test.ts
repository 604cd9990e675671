import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { Fault } from '#core/fault.ts'
import { every } from '#jobs/every.ts'
import type { JobLog } from '#jobs/job-log.ts'

function noting(): { readonly log: JobLog; readonly lines: unknown[] } {
  const lines: unknown[] = []
  return { lines, log: { info: () => undefined, warn: (fields, message) => void lines.push([fields, message]) } }
}

const until = async (met: () => boolean): Promise<void> => {
  while (!met()) await setTimeout(2)
}

describe('a recurring job', () => {
  it('runs at once and again, one run at a time', async () => {
    let running = 0
    let most = 0
    let runs = 0
    const { stop } = every(
      { name: 'test', seconds: 0.001 },
      async () => {
        most = Math.max(most, ++running)
        await setTimeout(5)
        running--
        runs++
      },
      noting().log,
    )
    await until(() => runs === 3)
    await stop()
    expect([most, running]).toEqual([1, 0])
  })

  it('survives a run that fails, and says so without the values of the error', async () => {
    const { log, lines } = noting()
    let runs = 0
    const { stop } = every(
      { name: 'test', seconds: 0.001 },
      () => {
        runs++
        return Promise.reject(
          runs === 1 ? new Fault('storage-busy', { at: 'here', detail: 'SQLITE_BUSY', cause: new Error('secret') }) : new TypeError('secret'),
        )
      },
      log,
    )
    await until(() => runs >= 2)
    await stop()
    expect(lines[0]).toEqual([{ job: 'test', code: 'storage-busy', at: 'here', detail: 'SQLITE_BUSY' }, 'job failed'])
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  it('is over when it was stopped, the run under way included', async () => {
    let runs = 0
    let ended = 0
    const { stop } = every(
      { name: 'test', seconds: 0.001 },
      async () => {
        runs++
        await setTimeout(20)
        ended++
      },
      noting().log,
    )
    await stop()
    expect([runs, ended]).toEqual([1, 1])
    await setTimeout(20)
    expect(runs).toBe(1)
  })
})
