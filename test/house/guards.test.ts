import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBreaches } from '../../scripts/check-guards.ts'

// Each guard of STYLE §2 is proven by a planted violation: a copy of the house's settings, with nothing in it but plants.

const root = join(import.meta.dirname, '..', '..')

/** Who may import whom, and the libraries of each layer. Written here a second time on purpose: the settings must agree. */
const layers: Readonly<Record<string, { readonly layers: readonly string[]; readonly libraries: readonly string[] }>> = {
  core: { layers: [], libraries: ['zod', 'jose', '@noble/ed25519', '@noble/hashes'] },
  contract: { layers: ['core'], libraries: ['zod', 'zod-openapi'] },
  custody: { layers: ['core'], libraries: [] },
  storage: { layers: ['core'], libraries: ['drizzle-orm', 'better-sqlite3', 'pg'] },
  federation: { layers: ['core', 'contract'], libraries: [] },
  registry: {
    layers: ['core', 'custody', 'storage', 'federation'],
    libraries: ['csv-parse', 'csv-stringify', 'iconv-lite', 'write-excel-file', 'yauzl', 'saxes', 'qrcode', '@myriaddreamin/typst-ts-node-compiler'],
  },
  jobs: { layers: ['core', 'custody', 'registry'], libraries: [] },
  http: {
    layers: ['core', 'contract', 'registry'],
    libraries: ['express', 'helmet', 'express-rate-limit', 'pino', 'prom-client', 'swagger-ui-express', 'jose'],
  },
  cli: { layers: ['core', 'contract', 'custody', 'registry'], libraries: [] },
  web: { layers: ['core', 'contract'], libraries: ['preact', 'pako', 'pdfjs-dist', 'zxing-wasm'] },
}

const names = Object.keys(layers)
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> } // our own file
const dependencies = Object.keys(manifest.dependencies)

const restrictedImport = 'eslint(no-restricted-imports)'
const restrictedProperty = 'eslint(no-restricted-properties)'
const restrictedGlobal = 'eslint(no-restricted-globals)'

interface Plant {
  readonly promise: string
  readonly file: string
  readonly text: string
  /** The rules that must refuse it, and no other. */
  readonly refusedBy: readonly string[]
}

const takes = (name: string) => `export { it } from '${name}'\n`

const ways: readonly Plant[] = names.flatMap((from) =>
  names
    .filter((to) => to !== from)
    .flatMap((to) => {
      const open = layers[from]?.layers.includes(to) === true
      return [
        {
          promise: `${from} ${open ? 'may' : 'may not'} import ${to}`,
          file: `src/${from}/to-${to}.ts`,
          text: takes(`#${to}/any.ts`),
          refusedBy: open ? [] : [restrictedImport],
        },
        {
          promise: `${from} reaches no ${to} by path`,
          file: `src/${from}/room/path-to-${to}.ts`,
          text: takes(`../../${to}/any.ts`),
          refusedBy: [restrictedImport],
        },
      ]
    }),
)

const libraries: readonly Plant[] = names.flatMap((layer) =>
  dependencies.map((library) => {
    const open = layers[layer]?.libraries.includes(library) === true
    const file = `src/${layer}/library-${library.replaceAll(/[^a-z0-9]/g, '-')}.ts`
    return { promise: `${layer} ${open ? 'may' : 'may not'} import ${library}`, file, text: takes(library), refusedBy: open ? [] : [restrictedImport] }
  }),
)

const builtIns: readonly Plant[] = [
  { promise: 'core imports nothing of node', file: 'src/core/node-path.ts', text: takes('node:path'), refusedBy: [restrictedImport] },
  { promise: 'contract imports nothing of node', file: 'src/contract/node-path.ts', text: takes('node:path'), refusedBy: [restrictedImport] },
  { promise: 'registry makes no chance of its own', file: 'src/registry/node-crypto.ts', text: takes('node:crypto'), refusedBy: [restrictedImport] },
  {
    promise: 'an import when it is needed is an import',
    file: 'src/core/late.ts',
    text: "export const it = await import('express')\n",
    refusedBy: [restrictedImport],
  },
  { promise: 'a type is an import', file: 'src/core/typed.ts', text: "export type { Pool } from 'pg'\n", refusedBy: [restrictedImport] },
]

const timeAndChance: readonly Plant[] = ['core', 'contract', 'registry'].flatMap((layer) => [
  { promise: `${layer} has no Date.now`, file: `src/${layer}/now.ts`, text: 'export const now = () => Date.now()\n', refusedBy: [restrictedProperty] },
  {
    promise: `${layer} has no Math.random`,
    file: `src/${layer}/random.ts`,
    text: 'export const chance = () => Math.random()\n',
    refusedBy: [restrictedProperty],
  },
  {
    promise: `${layer} has no fetch`,
    file: `src/${layer}/fetch.ts`,
    text: "export const get = () => fetch('https://city.example')\n",
    refusedBy: [restrictedGlobal],
  },
])

const habits: readonly Plant[] = [
  {
    promise: 'no promise floats',
    file: 'src/registry/floating.ts',
    text: 'const later = async () => 1\nexport function start() {\n  later()\n}\n',
    refusedBy: ['typescript(no-floating-promises)'],
  },
  {
    promise: 'no promise is a condition',
    file: 'src/registry/misused.ts',
    text: 'const later = async () => true\nexport const answer = () => (later() ? 1 : 2)\n',
    refusedBy: ['typescript(no-misused-promises)'],
  },
  { promise: 'a token is no guess', file: 'src/http/guess.ts', text: 'export const token = () => Math.random()\n', refusedBy: [restrictedProperty] },
  { promise: 'waiting before another try may be random', file: 'src/storage/wait.ts', text: 'export const wait = () => Math.random()\n', refusedBy: [] },
  { promise: 'nothing is any', file: 'src/registry/any.ts', text: 'export type Anything = any\n', refusedBy: ['typescript(no-explicit-any)'] },
  { promise: 'exports have names', file: 'src/registry/nameless.ts', text: 'export default 1\n', refusedBy: ['import(no-default-export)'] },
  { promise: 'the layers do not talk to the console', file: 'src/http/console.ts', text: "console.log('a line')\n", refusedBy: ['eslint(no-console)'] },
  {
    promise: 'the environment is read in one place',
    file: 'src/http/environment.ts',
    text: "export const port = process.env['PORT']\n",
    refusedBy: [restrictedProperty],
  },
  {
    promise: 'files do not need one another in a circle',
    file: 'src/core/egg.ts',
    text: "import { hen } from './hen.ts'\nexport const egg = () => hen\n",
    refusedBy: ['import(no-cycle)'],
  },
  {
    promise: 'nor from the other side',
    file: 'src/core/hen.ts',
    text: "import { egg } from './egg.ts'\nexport const hen = () => egg\n",
    refusedBy: ['import(no-cycle)'],
  },
  { promise: 'nothing but what is asked is refused', file: 'src/core/good.ts', text: 'export const day = (at: string) => new Date(at)\n', refusedBy: [] },
]

/** What to import of a library that has no entry of its own name. */
const entries: Readonly<Record<string, string>> = { '@noble/hashes': '@noble/hashes/sha2.js' }

const platform: readonly (readonly [promise: string, file: string, text: string, error: string])[] = [
  ['node:fs', 'src/core/uses-fs.ts', "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n", 'TS2591'],
  ['Buffer', 'src/core/uses-buffer.ts', 'export const bytes = Buffer.from([1])\n', 'TS2591'],
  ['process', 'src/core/uses-process.ts', 'export const start = process.pid\n', 'TS2591'],
  ['fetch', 'src/core/uses-fetch.ts', "export const get = () => fetch('https://city.example')\n", 'TS2304'],
  ['setTimeout', 'src/core/uses-timers.ts', 'export const wait = () => setTimeout(() => 1, 1)\n', 'TS2304'],
]

describe('the linter', () => {
  const house = furnish()
  const plants = [...ways, ...libraries, ...builtIns, ...timeAndChance, ...habits]
  const refusals = new Map<string, string[]>()
  beforeAll(() => {
    for (const { file, text } of plants) plant(house, file, text)
    const { diagnostics } = JSON.parse(runTool(house, 'oxlint', '-f', 'json', 'src')) as {
      readonly diagnostics: readonly { readonly filename: string; readonly code: string }[]
    } // oxlint's report
    for (const { filename, code } of diagnostics) refusals.set(filename, [...(refusals.get(filename) ?? []), code])
  })

  it.each(plants)('$promise', ({ file, refusedBy }) => {
    expect(refusals.get(file) ?? []).toEqual(refusedBy)
  })
})

describe('the compiler refuses in core', () => {
  const house = furnish()
  let errors: string
  beforeAll(() => {
    // With all that core may import beside it: a library whose types need node's would open the door to all of core.
    for (const library of layers['core']?.libraries ?? []) plant(house, `src/core/${library}.ts`, `export * from '${entries[library] ?? library}'\n`)
    for (const [, file, text] of platform) plant(house, file, text)
    errors = runTool(house, 'tsc', '-p', 'src/core/tsconfig.json')
  })

  it.each(platform)('%s', (_promise, file, _text, error) => {
    const line = errors.split('\n').find((one) => one.startsWith(`${file}(`))
    expect(line?.match(/error (TS\d+)/)?.[1]).toBe(error)
  })
})

describe('our own guard', () => {
  const house = furnish()
  it('refuses every way to read the clock, and lets dates be made from values', () => {
    plant(
      house,
      'src/registry/clock.ts',
      'export const a = new Date()\nexport const b = new Date\nexport const c = Date()\nexport const d = new Date(0)\nexport const e = Date.UTC(2026)\n// new Date()\n',
    )
    plant(house, 'src/http/clock.ts', 'export const a = new Date()\n')
    expect(findBreaches(house).filter((breach) => breach.includes('clock'))).toEqual([
      'src/registry/clock.ts:1 reads the clock; time is an argument',
      'src/registry/clock.ts:2 reads the clock; time is an argument',
      'src/registry/clock.ts:3 reads the clock; time is an argument',
    ])
  })

  it('refuses a library that stands behind two files of its layer', () => {
    plant(house, 'src/contract/one.ts', "import { createDocument } from 'zod-openapi'\nexport const one = createDocument\n")
    plant(house, 'src/contract/two.ts', "export const two = await import('zod-openapi/api')\n")
    expect(findBreaches(house).filter((breach) => breach.includes('zod-openapi'))).toEqual([
      'zod-openapi stands behind one file of contract, and is imported by src/contract/one.ts, src/contract/two.ts',
    ])
  })
})

/** An empty house with our settings, torn down after the tests of the block. */
function furnish(): string {
  // The real path: the linter and the compiler follow links and name files by it.
  const house = realpathSync(mkdtempSync(join(tmpdir(), 'comity-house-')))
  for (const file of ['package.json', 'tsconfig.json', '.oxlintrc.json', 'src/core/tsconfig.json', 'src/core/platform.d.ts']) {
    cpSync(join(root, file), join(house, file))
  }
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
  afterAll(() => rmSync(house, { recursive: true }))
  return house
}

function plant(house: string, file: string, text: string): void {
  mkdirSync(dirname(join(house, file)), { recursive: true })
  writeFileSync(join(house, file), text)
}

function runTool(house: string, tool: string, ...words: readonly string[]): string {
  const program = realpathSync(join(root, 'node_modules', '.bin', tool))
  const { stdout, stderr, error } = spawnSync(process.execPath, [program, ...words], { cwd: house, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (error) throw error
  return stdout || stderr
}
