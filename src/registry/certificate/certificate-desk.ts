import { fork, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Engine } from '#core/crypto/engine.ts'
import { Fault } from '#core/fault.ts'
import { certificateData, type CertificateInput } from './certificate-data.ts'
import type { SheetData, WorkerAnswer } from './certificate-worker.ts'
import type { FontFolders, RenderOptions } from './render-pdf.ts'
import { reportData, type ReportInput } from './report-data.ts'

export interface DeskOptions {
  readonly engine: Pick<Engine, 'sha256'>
  /** Processes that render, each with a compiler and fonts of its own. They are started when first needed. */
  readonly workers?: number
  /** Sheets that may wait; one more is refused. */
  readonly queue?: number
  /** Old-generation memory of a worker in megabytes. */
  readonly megabytes?: number
  /** Milliseconds after which a sheet is given up and its worker replaced. */
  readonly patience?: number
  /** Milliseconds without a sheet after which a process ends and gives its memory back. */
  readonly idle?: number
  /** Folder of the templates; the product's own where it is left out. */
  readonly templates?: string | undefined
  /** Folders of fonts for rare characters, the first preferred. One that is not there counts as empty. */
  readonly rareFonts?: readonly string[] | undefined
}

/**
 * Makes PDFs in processes of its own: the compiler is native code, which a thread could neither be stopped in nor die of without the node, and
 * whose memory comes back only with the process. They get no environment and no keys.
 */
export interface CertificateDesk {
  /** The PDF/A-3b of a record, the record attached. The same input gives the same bytes. Faults: those of `certificateData`, `certificate-busy`, `certificate-failed`. */
  readonly certificate: (input: CertificateInput) => Promise<Uint8Array>
  /** The report of a verification. Faults: `certificate-busy`, `certificate-failed`. */
  readonly report: (input: ReportInput) => Promise<Uint8Array>
  /** Ends the processes; whoever still waits gets `certificate-failed`. */
  readonly close: () => Promise<void>
}

interface Job {
  readonly data: SheetData
  readonly resolve: (pdf: Uint8Array) => void
  readonly reject: (fault: Fault) => void
}

interface Seat {
  readonly worker: ChildProcess
  readonly gone: Promise<unknown>
  job: Job | undefined
  timer: ReturnType<typeof setTimeout> | undefined
}

/** Where Debian's fonts-hanazono puts its glyphs of every CJK block up to 2017. */
const debianRareFonts = '/usr/share/fonts/truetype/hanazono'

export function openCertificateDesk({
  engine,
  workers = 2,
  queue = 200,
  megabytes = 128,
  patience = 30_000,
  idle = 60_000,
  ...places
}: DeskOptions): CertificateDesk {
  const options = packagedRendering(places)
  const seats = new Set<Seat>()
  const waiting: Job[] = []
  let closed = false

  const take = (seat: Seat): void => {
    const job = waiting.shift()
    seat.job = job
    clearTimeout(seat.timer)
    if (job === undefined) {
      hold(seat, 'unref') // an idle process keeps no other alive
      seat.timer = setTimeout(() => lose(seat, 'nothing to do'), idle).unref()
      return
    }
    hold(seat, 'ref')
    seat.timer = setTimeout(() => lose(seat, `no sheet after ${patience} ms`), patience)
    seat.worker.send(job.data, (error) => {
      if (error !== null) lose(seat, 'the worker cannot be reached', error)
    })
  }

  /** A worker that dies, or does not answer, takes one sheet with it; the next sheet gets a new one. */
  const lose = (seat: Seat, detail: string, cause?: unknown): void => {
    if (!seats.delete(seat)) return
    clearTimeout(seat.timer)
    seat.job?.reject(new Fault('certificate-failed', { at: seat.job.data.template, detail, cause }))
    seat.worker.kill('SIGKILL')
    if (!closed && waiting.length > 0) open()
  }

  const open = (): void => {
    const worker = fork(fileURLToPath(new URL('./certificate-worker.ts', import.meta.url)), [JSON.stringify(options)], {
      execArgv: [`--max-old-space-size=${megabytes}`, '--max-semi-space-size=8'],
      env: {},
      serialization: 'advanced',
      // What native code writes before it dies may hold somebody's data.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const gone = new Promise((resolve) => worker.once('close', resolve))
    const seat: Seat = { worker, gone, job: undefined, timer: undefined }
    seats.add(seat)
    worker.on('message', (answer: WorkerAnswer) => {
      const { job } = seat
      if (answer.kind === 'sheet') job?.resolve(answer.pdf)
      else job?.reject(new Fault('certificate-failed', { at: job.data.template, detail: answer.message }))
      take(seat)
    })
    worker.on('error', (error) => lose(seat, 'the worker could not be started', error))
    worker.on('exit', (code, signal) => lose(seat, `the worker ended with ${signal ?? code}`))
    take(seat)
  }

  const render = (data: SheetData): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new Fault('certificate-failed', { detail: 'closed' }))
      if (waiting.length >= queue) return reject(new Fault('certificate-busy', { detail: `${queue} are waiting` }))
      waiting.push({ data, resolve, reject })
      const free = [...seats].find(({ job }) => job === undefined)
      if (free !== undefined) take(free)
      else if (seats.size < workers) open()
    })

  return {
    certificate: async (input) => render(certificateData(input, engine)),
    report: async (input) => render(reportData(input, engine)),
    close: async () => {
      closed = true
      for (const { reject } of waiting.splice(0)) reject(new Fault('certificate-failed', { detail: 'closed' }))
      const ending = [...seats]
      for (const seat of ending) {
        hold(seat, 'ref') // until it is gone
        lose(seat, 'closed')
      }
      await Promise.all(ending.map(({ gone }) => gone))
    },
  }
}

const hold = ({ worker }: Seat, way: 'ref' | 'unref'): void => {
  worker[way]()
  worker.channel?.[way]()
}

const require = createRequire(import.meta.url)

/** The product's own templates and typefaces, and where Debian puts rare characters, for whatever is left out. */
export const packagedRendering = ({ templates, rareFonts }: Pick<DeskOptions, 'templates' | 'rareFonts'> = {}): RenderOptions => ({
  templates: templates ?? fileURLToPath(new URL('./templates', import.meta.url)),
  fonts: { ...packagedFonts(), rare: rareFonts ?? [debianRareFonts] },
})

/** The weights that the templates use, whole: nothing is loaded that no sheet needs. */
function packagedFonts(): Omit<FontFolders, 'rare'> {
  const weights = (manifest: string, folders: readonly string[]): readonly string[] => folders.map((folder) => join(dirname(manifest), folder))
  return {
    serif: { family: 'Noto Serif SC', folders: weights(require.resolve('@expo-google-fonts/noto-serif-sc/package.json'), ['400Regular', '700Bold']) },
    sans: { family: 'Noto Sans SC', folders: weights(require.resolve('@expo-google-fonts/noto-sans-sc/package.json'), ['400Regular']) },
  }
}
