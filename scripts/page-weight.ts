import { readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { gzipSync } from 'node:zlib'

/** One file that a browser needs before the page's first paint, and its size as it travels. */
export interface WeighedFile {
  readonly name: string
  readonly gzip: number
}

/**
 * What a browser fetches before it can paint the page for the first time: the page, its styles, its script and every script that one imports
 * by its first lines. What is loaded when it is needed (the judge, readers of files) is not among it. Bytes after gzip.
 */
export function weighBeforePaint(folder: string): readonly WeighedFile[] {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const needed = [...html.matchAll(/<(?:script|link)[^>]*(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, name]) => name!)
  const names = new Set(['index.html', ...needed])
  // A set is walked in the order in which it grows.
  for (const name of names) {
    if (!name.endsWith('.js')) continue
    for (const [, imported] of readFileSync(join(folder, name), 'utf8').matchAll(/(?:^|[;}\s])(?:import|from)\s*["'](\.\/[^"']+)["']/g))
      names.add(posix.join(dirname(name), imported!))
  }
  return Array.from(names, (name) => ({ name, gzip: gzipSync(readFileSync(join(folder, name)), { level: 9 }).length }))
}
