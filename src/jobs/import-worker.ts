import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { hostname, setPriority } from 'node:os'
import { setTimeout } from 'node:timers/promises'

import { Fault } from '#core/fault.ts'
import type { Office } from '#registry/office.ts'
import { importWaits, releaseImports, workNextImport } from '#registry/work-imports.ts'
import { trouble, type JobLog } from './job-log.ts'

/** Sees that imports are carried out. */
export interface ImportWorker {
  /** An import may be waiting. */
  readonly wake: () => void
  readonly stop: () => Promise<void>
}

/** How a process signs its leases. */
export const ownerOf = (pid: number): string => `${hostname()}:${pid}`

/** Whether the process that signed a lease is known to be gone: it was on this machine and is there no more. */
export function isGone(owner: string): boolean {
  const cut = owner.lastIndexOf(':')
  const pid = Number(owner.slice(cut + 1))
  if (owner.slice(0, cut) !== hostname() || !Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0) // asks, and does nothing
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

const niceness = 10
const longestWait = 60_000
/** A child that has lived so long was in order. */
const soundAfter = 60_000
const stopWithin = 10_000

/**
 * A child process of low priority for the imports, so that bulk work takes nothing from those who verify meanwhile. It is started when
 * there is something to do and ends by itself when there has been nothing for a while; one that dies is started again, later each time.
 * A lease that it leaves behind is given back at once.
 */
export function superviseWorker(office: Office, words: readonly string[], log: JobLog): ImportWorker {
  let child: ChildProcess | undefined
  let stopped = false
  let failures = 0
  let notBefore = 0

  const start = (): void => {
    if (child !== undefined || stopped || performance.now() < notBefore) return
    const started = performance.now()
    // The channel tells the child when we die, so that it gives its job back and does not work on for nobody.
    const born = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    child = born
    if (born.pid !== undefined) lower(born.pid)
    born.on('error', (error) => log.warn({ job: 'import-worker', ...trouble(error) }, 'the worker could not be started'))
    born.on('close', (code, signal) => {
      child = undefined
      if (code === 0 || stopped) {
        failures = 0
        if (!stopped) look() // something may have come while it was leaving
        return
      }
      failures = performance.now() - started > soundAfter ? 1 : failures + 1
      const wait = Math.min(longestWait, 500 * 2 ** failures)
      notBefore = performance.now() + wait
      log.warn({ job: 'import-worker', exit: code, signal, wait }, 'the worker died')
      releaseImports(office, isGone)
        .then(() => setTimeout(wait, undefined, { ref: false }))
        .then(look)
        .catch((error: unknown) => log.warn({ job: 'import-worker', ...trouble(error) }, 'job failed'))
    })
  }
  const look = (): void => {
    if (child !== undefined || stopped) return
    importWaits(office).then(
      (waits) => {
        if (waits) start()
      },
      (error: unknown) => {
        if (!stopped) log.warn({ job: 'import-worker', ...trouble(error) }, 'job failed')
      },
    )
  }
  return {
    wake: look,
    stop: async () => {
      stopped = true
      const last = child
      if (last === undefined) return
      const closed = once(last, 'close')
      last.kill('SIGTERM')
      const timer = globalThis.setTimeout(() => last.kill('SIGKILL'), stopWithin)
      await closed
      clearTimeout(timer)
    },
  }
}

function lower(pid: number): void {
  try {
    setPriority(pid, niceness)
  } catch {
    // It has ended already, or the system does not let us: then it runs as it is.
  }
}

/** The same in this process, for a node without room for a second one. */
export function workHere(office: Office, log: JobLog): ImportWorker {
  let stopped = false
  let running: Promise<void> | undefined
  let again = false
  const run = async (): Promise<void> => {
    do {
      again = false
      await workAll(office, log, () => stopped)
    } while (again && !stopped)
    running = undefined
  }
  return {
    wake: () => {
      again = true
      if (!stopped) running ??= run()
    },
    stop: async () => {
      stopped = true
      await running
    },
  }
}

/** Works until nothing waits. Answers whether there was anything. */
async function workAll(office: Office, log: JobLog, stopped: () => boolean): Promise<boolean> {
  for (let any = false; ; any = true) {
    if (stopped()) return any
    try {
      const done = await workNextImport(office, ownerOf(process.pid), { stopped })
      if (done === undefined) return any
      log.info({ job: 'import', id: done.job, counts: done.counts }, 'import worked on')
    } catch (error) {
      // A fault is the job's own end and is written down with it. Anything else leaves it to whoever comes after the lease.
      log.warn({ job: 'import', ...trouble(error) }, 'import failed')
      if (!(error instanceof Fault)) return any
    }
  }
}

const lookAgain = 500

/** What the child does: works on what waits, and returns when nothing has come for so many milliseconds, or when told to stop. */
export async function workUntilIdle(office: Office, log: JobLog, { idle, signal }: { readonly idle: number; readonly signal: AbortSignal }): Promise<void> {
  let last = performance.now()
  while (!signal.aborted && performance.now() - last < idle) {
    if (await workAll(office, log, () => signal.aborted)) last = performance.now()
    else await setTimeout(lookAgain, undefined, { signal }).catch(() => undefined) // told to stop
  }
}
