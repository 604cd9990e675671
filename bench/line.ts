/** What a bar asks of a value. The tolerance is the machine's noise, not a discount: what is inside it is said to be. */
export interface Bar {
  readonly text: string
  readonly least?: number | undefined
  readonly most?: number | undefined
}

/** One line of the table: one work against one bar. */
export interface Line {
  readonly work: string
  /** The floor that nothing in this process gets below, probed in the same run. */
  readonly limit: string
  readonly ours: string
  readonly peer?: string | undefined
  /** What the bar is about; undefined where it could not be measured, and then `ours` says why. */
  readonly value?: number | undefined
  readonly perCpuSecond?: number | undefined
  /** Undefined: told for information. */
  readonly bar?: Bar | undefined
}

export const tolerance = 0.15

export function standing({ value, bar }: Line): 'yes' | 'within tolerance' | 'no' | '' {
  if (bar === undefined || value === undefined) return ''
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = bar
  if (value >= least && value <= most) return 'yes'
  return value >= least * (1 - tolerance) && value <= most * (1 + tolerance) ? 'within tolerance' : 'no'
}

export const atLeast = (limit: number, of: string): Bar => ({ text: `≥ ${limit} ${of}`, least: limit })
export const atMost = (limit: number, of: string): Bar => ({ text: `≤ ${limit} ${of}`, most: limit })

const headers = ['work', 'raw limit', 'ours', 'peer', 'ratio', 'per CPU-second', 'bar', 'met'] as const

export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map((line) => [
    line.work,
    line.limit,
    line.ours,
    line.peer ?? '',
    short(line.value),
    line.perCpuSecond === undefined ? '' : whole(line.perCpuSecond),
    line.bar?.text ?? '',
    standing(line),
  ])
  const widths = headers.map((header, column) => Math.max(header.length, ...rows.map((row) => row[column]!.length)))
  const print = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [print(headers), print(widths.map((width) => '-'.repeat(width))), ...rows.map(print)].join('\n')
}

const short = (value: number | undefined): string => (value === undefined ? '' : value >= 100 ? value.toFixed(0) : value.toFixed(2))

export const whole = (value: number): string => Math.round(value).toLocaleString('en')
export const micros = (value: number): string => `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} µs`
export const millis = (value: number): string => `${value.toFixed(1)} ms`
export const perSecond = (micro: number): number => 1e6 / micro
