import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { buildPages, pagesFolder } from '../../scripts/build-web.ts'
import { temporaryFolder } from './open-page.ts'

/** The built pages in a folder of their own, so that a node can be given others meanwhile. */
export function copyPages(): ReturnType<typeof temporaryFolder> {
  buildPages()
  const folder = temporaryFolder()
  cpSync(pagesFolder, folder.path, { recursive: true })
  return folder
}

/** Puts in its place a build that differs in one text, the heading of the verify page: another version, other names. */
export function publishNewer(path: string): void {
  const script = readdirSync(join(path, 'assets')).find((name) => /^page-.*\.js$/.test(name))! // every build has one
  const newer = script.replace(/^page-/, 'page-newer-')
  const rewrite = (from: string, to: string, change: (text: string) => string): void =>
    writeFileSync(join(path, to), change(readFileSync(join(path, from), 'utf8')))
  for (const name of ['index.html', 'sw.js']) for (const ending of ['br', 'gz']) rmSync(join(path, `${name}.${ending}`))
  rewrite(`assets/${script}`, `assets/${newer}`, (text) => text.replaceAll('核验证书', '核验证书（新版）'))
  rewrite('index.html', 'index.html', (text) => text.replaceAll(script, newer))
  rewrite('sw.js', 'sw.js', (text) => text.replaceAll(script, newer).replace(/"version":"[0-9a-f]{16}"/, `"version":"${'f'.repeat(16)}"`))
}
