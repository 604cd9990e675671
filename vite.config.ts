import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { defineConfig, type Plugin } from 'vite'

import { readMigrations } from './src/storage/migrate.ts'

// `npm run build`: the command as one file, dist/comity.mjs, that runs wherever Node 22.18 or newer is.
// What cannot be part of it stays outside, and verifying needs none of it: native code, and a page that is a folder of files.
const outside = ['better-sqlite3', 'pg', 'swagger-ui-express', '@myriaddreamin/typst-ts-node-compiler', 'pkcs11js']

const require = createRequire(import.meta.url)
const outsideMark = '\0outside:'

/** What is outside is looked for when it is first used: a static import would end the command before it knows what is asked of it. */
const foundWhenNeeded: Plugin = {
  name: 'comity:found-when-needed',
  enforce: 'pre',
  resolveId: (id) => (outside.includes(id) ? outsideMark + id : undefined),
  load: (marked) => {
    if (!marked.startsWith(outsideMark)) return undefined
    const id = marked.slice(outsideMark.length)
    const names = Object.keys(require(id) as object).filter((name) => /^[A-Za-z]\w*$/.test(name) && name !== 'default') // a module's exports
    return [
      "import { createRequire } from 'node:module'",
      `const found = createRequire(import.meta.url)('${id}')`,
      'export default found',
      ...(names.length === 0 ? [] : [`export const { ${names.join(', ')} } = found`]),
    ].join('\n')
  },
}

/** Worker threads and processes are this one file again: see src/cli/one-file.ts. */
const workersInside: Plugin = {
  name: 'comity:workers-inside',
  enforce: 'pre',
  transform: (code) =>
    code
      .replaceAll(/new Worker\(new URL\('\.\/([a-z-]+-worker)\.ts', import\.meta\.url\), \{/g, "new Worker(new URL(import.meta.url), { argv: ['$1'],")
      .replaceAll(/fork\(fileURLToPath\(new URL\('\.\/([a-z-]+-worker)\.ts', import\.meta\.url\)\), \[/g, "fork(fileURLToPath(import.meta.url), ['$1', "),
}

/** Templates, dictionaries and pages stay where they are in the clone: what the file needs of them it finds there, and carried elsewhere it does without. */
const foldersBeside: Plugin = {
  name: 'comity:folders-beside',
  enforce: 'pre',
  transform: (code, id) =>
    id.startsWith(join(import.meta.dirname, 'src'))
      ? code.replaceAll(/new URL\('(\.{1,2}\/[^']*)', import\.meta\.url\)/g, (whole, path: string) =>
          path.endsWith('-worker.ts') ? whole : `new URL('../${relative(import.meta.dirname, join(dirname(id), path))}', import.meta.url)`,
        )
      : undefined,
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
  plugins: [foundWhenNeeded, workersInside, migrationsInside, foldersBeside],
  ssr: { noExternal: true },
  build: {
    ssr: fileURLToPath(new URL('./src/cli/one-file.ts', import.meta.url)),
    target: 'node22',
    outDir: 'dist',
    // The pages are in it, too.
    emptyOutDir: false,
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'comity.mjs', codeSplitting: false, banner: '#!/usr/bin/env node' } },
  },
})
