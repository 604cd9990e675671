// Measures what the product promises of speed and memory, and prints it as one table.
//   npm run bench [-- --only NAME[,NAME] | --all] [--json]
// Without a name all rows run but the long ones, of which `revocation` fills ten million rows: minutes, and some gigabytes under TMPDIR.
// Each row runs in a process of its own, one after the other. Ratios hold within one run; figures are this machine's, today.
import { execFile } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { probeFsync } from './fsync.ts'
import { standing, tableOf, tolerance, type Line } from './line.ts'
import { rounds } from './measure.ts'
import { makeDirectory } from './node-under-test.ts'
import { longRows, rows, type RowName } from './rows.ts'
import { say } from './say.ts'

const { values } = parseArgs({
  options: { only: { type: 'string' }, all: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, row: { type: 'string' } },
})
const names = Object.keys(rows) as RowName[] // its own keys
const isRow = (name: string): name is RowName => Object.hasOwn(rows, name)

if (values.row !== undefined && isRow(values.row)) {
  process.stdout.write(`${JSON.stringify(await (await rows[values.row]())())}\n`)
  process.exit(0)
}

const usual = values.all ? names : names.filter((name) => !longRows.includes(name))
const chosen = values.only === undefined ? usual : values.only.split(',').filter(isRow)
if (chosen.length === 0) {
  say(`--only takes ${names.join(', ')}`)
  process.exit(64)
}

// What a row makes and another can use: a register of a million is filled once. Gone with this process, however it ends.
const directory = makeDirectory()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const lines: Line[] = []
const failed: string[] = []
for (const name of chosen) {
  const from = performance.now()
  say(`${name} …`)
  try {
    lines.push(...(JSON.parse(await measured(name)) as Line[])) // what the child above printed
    say(`${name}: ${((performance.now() - from) / 1000).toFixed(0)} s`)
  } catch (error) {
    failed.push(name)
    say(`${name} failed: ${String(error)}`)
  }
}
const fsync = probeFsync()
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, node ${process.version}; fsync of 4 kB: median ${fsync.median.toFixed(0)} µs, slowest of twenty ${fsync.slowest.toFixed(0)} µs`
if (values.json)
  process.stdout.write(`${JSON.stringify({ machine, rounds, tolerance, fsync, lines: lines.map((line) => ({ ...line, met: standing(line) })), failed })}\n`)
else
  process.stdout.write(
    `${machine}\nMedians of ${rounds} interleaved rounds; ratios are medians of the rounds' ratios; tolerance ${tolerance * 100} %.\n\n${tableOf(lines)}\n`,
  )
process.exitCode = failed.length > 0 ? 1 : 0

function measured(name: RowName): Promise<string> {
  const options = { maxBuffer: 1 << 24, env: { ...process.env, COMITY_BENCH_DIR: directory } }
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), '--row', name], options, (error, stdout) =>
      error === null ? resolve(stdout) : reject(new Error(`the measuring process ended with ${String(error.code ?? error.signal)}`)),
    )
    child.stderr?.pipe(process.stderr)
  })
}
