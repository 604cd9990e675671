import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { Count } from '../test/support/count-reporter.ts'
import { requireTools } from './require-tools.ts'

// `npm test`: everything that must hold before a change is taken, one step after another. Ends with `N passed, N failed`
// alone on the last line; a step counts as one, each test as one. Arguments are handed to vitest.

const root = dirname(import.meta.dirname)
const bin = join(root, 'node_modules', '.bin')

// Everything below runs on the Node that runs this file, whatever the machine has first on its PATH.
const environment = { ...process.env, PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter) }

interface Step {
  readonly name: string
  /** A script, or a tool of node_modules/.bin, and its arguments. */
  readonly words: readonly [string, ...string[]]
}

const steps: readonly Step[] = [
  { name: 'types', words: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types of core, without any platform', words: ['tsc', '-p', 'src/core/tsconfig.json'] },
  { name: 'types of the pages', words: ['tsc', '-p', 'src/web/tsconfig.json'] },
  { name: "types of the pages' tests", words: ['tsc', '-p', 'test/web/tsconfig.json'] },
  { name: 'lint', words: ['oxlint'] },
  { name: 'guards of the layers', words: ['scripts/check-guards.ts'] },
  { name: 'format', words: ['oxfmt', '--check'] },
  { name: 'nothing unused', words: ['knip', '--no-progress'] },
  { name: 'generated files', words: ['scripts/generate.ts', '--check'] },
  { name: 'pages', words: ['scripts/build-web.ts'] },
]

const missing = requireTools()
if (missing === undefined) run()
else end({ passed: 0, failed: 1 }, missing)

function run(): void {
  const failedSteps = steps.filter((step) => !passes(step)).length
  const tests = runTests()
  end({ passed: steps.length - failedSteps + tests.passed, failed: failedSteps + tests.failed })
}

function passes({ name, words: [tool, ...words] }: Step): boolean {
  const started = performance.now()
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [program(tool), ...words], {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (status !== 0) console.log([stdout, stderr, error?.message].filter(Boolean).join('\n').trimEnd())
  return status === 0
}

function runTests(): Count {
  const folder = mkdtempSync(join(tmpdir(), 'comity-count-'))
  const file = join(folder, 'count.json')
  try {
    const words = ['run', '--reporter=default', '--reporter=./test/support/count-reporter.ts', ...process.argv.slice(2)]
    const { status } = spawnSync(process.execPath, [program('vitest'), ...words], {
      cwd: root,
      env: { ...environment, COMITY_TEST_COUNT: file },
      stdio: 'inherit',
    })
    const count = readCount(file)
    // A run that ends badly without a failed test (killed, or no file found) has still failed.
    return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function readCount(file: string): Count {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Count // written by our own reporter a moment ago
  } catch {
    return { passed: 0, failed: 1 }
  }
}

function program(tool: string): string {
  return tool.endsWith('.ts') ? join(root, tool) : realpathSync(join(bin, tool))
}

function end({ passed, failed }: Count, said?: string): void {
  if (said !== undefined) console.log(said)
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}
