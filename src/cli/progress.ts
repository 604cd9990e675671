import type { Shell } from './shell.ts'

export interface Progress {
  /** How much is done, of `total` where that is known. */
  readonly at: (done: number, total: number | undefined) => void
  /** Takes the bar away. */
  readonly end: () => void
}

const barWidth = 30
const barEvery = 100
const lineEvery = 5000

/** A bar where somebody looks, else a line every few seconds. On standard error: results stay alone on standard output. */
export function openProgress({ stderr }: Pick<Shell, 'stderr'>, unit: string): Progress {
  const every = stderr.isTTY ? barEvery : lineEvery
  const started = performance.now()
  let shown = started
  let drawn = false
  return {
    at: (done, total) => {
      const now = performance.now()
      if (now - shown < every) return
      shown = now
      const rate = Math.round(done / ((now - started) / 1000))
      const of = total === undefined || total === 0 ? `${done} ${unit}` : `${done}/${total} ${unit} ${Math.floor((100 * done) / total)}%`
      if (!stderr.isTTY) stderr.write(`${of}, ${rate}/s\n`)
      else {
        const filled = total === undefined || total === 0 ? 0 : Math.min(barWidth, Math.floor((barWidth * done) / total))
        stderr.write(`\r\u001b[2K[${'█'.repeat(filled)}${'·'.repeat(barWidth - filled)}] ${of}, ${rate}/s`)
        drawn = true
      }
    },
    end: () => {
      if (drawn) stderr.write('\r\u001b[2K')
    },
  }
}
