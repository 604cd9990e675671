import { randomInt } from 'node:crypto'

import { trouble, type JobLog } from './job-log.ts'

export interface Recurring {
  /** Ends it, and resolves when a run that has begun is over. */
  readonly stop: () => Promise<void>
}

interface Plan {
  readonly name: string
  readonly seconds: number
  /** Up to so much later, as a part of the period: nodes that were started together shall not all ask at once. */
  readonly jitter?: number | undefined
}

/** Runs a job now and then again and again, one run at a time. A run that fails is noted and does not end it. */
export function every({ name, seconds, jitter = 0 }: Plan, work: () => Promise<unknown>, log: JobLog): Recurring {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const run = async (): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!stopped) log.warn({ job: name, ...trouble(error) }, 'job failed')
    }
    if (stopped) return
    const later = jitter === 0 ? 0 : randomInt(0, Math.max(1, Math.round(seconds * jitter * 1000)))
    timer = setTimeout(start, seconds * 1000 + later)
    timer.unref()
  }
  const start = (): void => {
    running = run()
  }
  let running: Promise<void> = Promise.resolve()
  start()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
