import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { hostname, setPriority } from 'node:os'
import { setTimeout } from 'node:timers/promises'

import { Fault } from '#core/fault.ts'
import { leavesImportOpen, type ImportHooks } from '#registry/import-ledger.ts'
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
const leavesAfter = 500
const stopWithin = 10_000

/**
 * A child process of low priority for the imports, so that bulk work takes nothing from those who verify meanwhile. It is started when
 * there is something to do and ends by itself when there has been nothing for a while; one that dies is started again, later each time.
 * A lease that it leaves behind is given back at once. While this process may sign nothing, it doesn't run.
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
      if (stopped) return
      const lived = performance.now() - started
      // One that leaves as soon as it has come has not looked for work, whatever it says.
      if (code === 0 && lived > leavesAfter) {
        failures = 0
        look() // something may have come while it was leaving
        return
      }
      failures = lived > soundAfter ? 1 : failures + 1
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
    if (stopped) return
    // It hears no neighbour, and would sign where this process may not. Told to stop, it gives its job back.
    if (!office.gate.isOpen()) child?.kill('SIGTERM')
    if (child !== undefined || !office.gate.isOpen()) return
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

/** Rows that are worked off in one piece where requests wait for the same thread. */
const batchBesideRequests = 100

/** The same in this process, for a node without room for a second one. */
export function workHere(office: Office, log: JobLog): ImportWorker {
  let stopped = false
  let running: Promise<void> | undefined
  let again = false
  const workAll = openRounds(office, log, { stopped: () => stopped, batch: batchBesideRequests })
  const run = async (): Promise<void> => {
    do {
      again = false
      await workAll()
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

/** `trouble`: something is in the way that may pass, so that asking again at once is of no use. */
type Round = 'worked' | 'nothing' | 'trouble'

interface Rounds extends Pick<ImportHooks, 'lease' | 'batch'> {
  readonly stopped: () => boolean
}

/** Each round works until nothing waits. What trouble with the store has made one leave, the next takes up again, without waiting for its own lease. */
function openRounds(office: Office, log: JobLog, hooks: Rounds): () => Promise<Round> {
  const own = ownerOf(process.pid)
  let left = false
  return async () => {
    for (let worked = false; !hooks.stopped(); worked = true) {
      // A job that was begun would end for good at its first row.
      if (!office.gate.isOpen()) return 'trouble'
      try {
        if (left) await releaseImports(office, (owner) => owner === own)
        left = false
        const done = await workNextImport(office, own, hooks)
        if (done === undefined) return worked ? 'worked' : 'nothing'
        log.info({ job: 'import', id: done.job, counts: done.counts }, 'import worked on')
      } catch (error) {
        log.warn({ job: 'import', ...trouble(error) }, 'import failed')
        left = leavesImportOpen(error)
        // Any other fault is the job's own end and is written down with it. What is no fault leaves the job to whoever comes after the lease.
        if (left || !(error instanceof Fault)) return 'trouble'
      }
    }
    return 'worked'
  }
}

const lookAgain = 500
const longestPause = 5000

export interface WorkPlan extends Pick<ImportHooks, 'lease' | 'batch'> {
  /** Milliseconds without anything to do after which the work is over. */
  readonly idle: number
  readonly signal: AbortSignal
}

/** What the child does: works on what waits, and returns when nothing has come for a while, or when told to stop. */
export async function workUntilIdle(office: Office, log: JobLog, { idle, signal, ...hooks }: WorkPlan): Promise<void> {
  const workAll = openRounds(office, log, { stopped: () => signal.aborted, ...hooks })
  let last = performance.now()
  let failures = 0
  while (!signal.aborted && performance.now() - last < idle) {
    const round = await workAll()
    if (round !== 'nothing') last = performance.now()
    failures = round === 'trouble' ? failures + 1 : 0
    if (round !== 'worked') await setTimeout(Math.min(longestPause, lookAgain * 2 ** failures), undefined, { signal }).catch(() => undefined) // told to stop
  }
}
