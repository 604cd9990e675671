import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { buildPages, pagesFolder } from '../../scripts/build-web.ts'
import { weighBeforePaint } from '../../scripts/page-weight.ts'
import { temporaryFolder } from '../support/open-page.ts'

it('needs at most 100 kB before its first paint, and the judge is not among it', () => {
  buildPages()
  const files = weighBeforePaint(pagesFolder)
  expect(files.map(({ name }) => name.replace(/-[\w-]{8}\./, '.')).toSorted()).toEqual(['assets/page.css', 'assets/page.js', 'index.html'])
  expect(files.reduce((sum, { gzip }) => sum + gzip, 0)).toBeLessThanOrEqual(100_000)
})

it('counts what a script imports by its first lines, and not what it loads later', () => {
  const { path, remove } = temporaryFolder()
  mkdirSync(join(path, 'assets'))
  writeFileSync(join(path, 'index.html'), '<link rel="stylesheet" crossorigin href="/assets/a.css"><script type="module" src="/assets/a.js"></script>')
  writeFileSync(join(path, 'assets/a.css'), 'body{}')
  writeFileSync(join(path, 'assets/a.js'), 'import{b}from"./b.js";import"./c.js";const d=()=>import("./d.js")')
  for (const name of ['b', 'c', 'd']) writeFileSync(join(path, `assets/${name}.js`), 'export const b=1')
  expect(weighBeforePaint(path).map(({ name }) => name)).toEqual(['index.html', 'assets/a.css', 'assets/a.js', 'assets/b.js', 'assets/c.js'])
  remove()
})
