import { spawnSync } from 'node:child_process'
import { existsSync, globSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

// What the demo and the tests need before they can show the pages: `npm run build:web`, when it has not been run or its sources are newer.

const root = dirname(import.meta.dirname)

/** The folder of the built pages. */
export const pagesFolder: string = join(root, 'dist', 'web')

/** Everything that a page is made of. */
const sources = [
  'src/web/**/*',
  'src/core/**/*',
  'src/contract/**/*',
  'schema/codes/*',
  'schema/rules/*',
  'schema/paper/*',
  'vite.web.config.ts',
  'package-lock.json',
]

/** Whether the pages are there and no source has changed since they were made. */
export function pagesAreBuilt(): boolean {
  const made = join(pagesFolder, 'index.html.br')
  if (!existsSync(made)) return false
  const since = statSync(made).mtimeMs
  return sources.flatMap((pattern) => globSync(pattern, { cwd: root })).every((file) => statSync(join(root, file)).mtimeMs <= since)
}

/** Builds the pages, unless they are as new as their sources. Throws with what the build said. */
export function buildPages(): void {
  if (pagesAreBuilt()) return
  const vite = join(dirname(dirname(realpathSync(join(root, 'node_modules', '.bin', 'vite')))), 'bin', 'vite.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', '--config', 'vite.web.config.ts', '--logLevel', 'warn'], {
    cwd: root,
    // Vite would leave a cache of compiled code where temporary files go.
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the pages could not be built:\n${stdout}${stderr}`)
}

if (import.meta.main) buildPages()
