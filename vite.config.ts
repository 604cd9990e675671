import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { defineConfig, type Plugin } from 'vite'

import { readMigrations } from './src/storage/migrate.ts'

// `npm run build:cli`: the command as one file, dist/comity.mjs, that runs wherever Node 22.18 or newer is.
// The database drivers stay outside: one is native code, and verifying needs neither.
const drivers = ['better-sqlite3', 'pg']

/** A driver is looked for when the first database is opened: a static import would end the command before it knows what is asked of it. */
const driversWhenNeeded: Plugin = {
  name: 'comity:drivers-when-needed',
  enforce: 'pre',
  resolveId: (id) => (drivers.includes(id) ? `\0driver:${id}` : undefined),
  load: (id) =>
    id.startsWith('\0driver:')
      ? `import { createRequire } from 'node:module'\nexport default createRequire(import.meta.url)('${id.slice('\0driver:'.length)}')\n`
      : undefined,
}

/** Worker threads are this one file again: see src/cli/one-file.ts. */
const workersInside: Plugin = {
  name: 'comity:workers-inside',
  enforce: 'pre',
  transform: (code) =>
    code.replaceAll(/new Worker\(new URL\('\.\/([a-z-]+-worker)\.ts', import\.meta\.url\), \{/g, "new Worker(new URL(import.meta.url), { argv: ['$1'],"),
}

const migrations = join(import.meta.dirname, 'src/storage/migrate.ts')

/** The migrations as they are now, in place of a folder to read. */
const migrationsInside: Plugin = {
  name: 'comity:migrations-inside',
  enforce: 'pre',
  transform: (code, id) => {
    if (id !== migrations) return undefined
    const reading = /export function readMigrations\([^]*?\n}\n/
    if (!reading.test(code)) throw new Error('src/storage/migrate.ts has no readMigrations any more')
    return code.replace(reading, () => `export const readMigrations = () => ${JSON.stringify(readMigrations())}\n`)
  },
}

export default defineConfig({
  publicDir: false,
  plugins: [driversWhenNeeded, workersInside, migrationsInside],
  ssr: { noExternal: true },
  build: {
    ssr: fileURLToPath(new URL('./src/cli/one-file.ts', import.meta.url)),
    target: 'node22',
    outDir: 'dist',
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'comity.mjs', codeSplitting: false, banner: '#!/usr/bin/env node' } },
  },
})
