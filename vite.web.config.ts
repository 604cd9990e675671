import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { defineConfig, type Plugin } from 'vite'

// `npm run build:web`: the public pages, dist/web. A node serves them itself; any web server can.

const out = fileURLToPath(new URL('./dist/web', import.meta.url))
const worker = 'sw.js'

/** Tells the service worker what the build is made of, and puts a compressed copy beside each file that gains by it. */
const listed: Plugin = {
  name: 'comity:pages-listed',
  apply: 'build',
  closeBundle() {
    const names = readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(out, join(entry.parentPath, entry.name)))
      .filter((name) => name !== worker && !/\.(gz|br)$/.test(name))
      .toSorted()
    const whole = createHash('sha256')
    for (const name of [...names, worker]) whole.update(name).update(readFileSync(join(out, name)))
    const pages = { version: whole.digest('hex').slice(0, 16), files: names.map((name) => (name === 'index.html' ? '/' : `/${name}`)) }
    const text = readFileSync(join(out, worker), 'utf8')
    if (!text.includes('__PAGES__')) throw new Error('the service worker does not ask for __PAGES__')
    writeFileSync(join(out, worker), text.replace('__PAGES__', JSON.stringify(pages)))
    for (const name of [...names, worker]) {
      if (!/\.(html|js|mjs|css|svg|json|webmanifest|wasm)$/.test(name)) continue
      const bytes = readFileSync(join(out, name))
      writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }))
      writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }))
    }
  },
}

export default defineConfig({
  root: fileURLToPath(new URL('./src/web', import.meta.url)),
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [listed],
  worker: { format: 'iife' },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: ['chrome87', 'edge88', 'firefox78', 'safari14'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        page: fileURLToPath(new URL('./src/web/index.html', import.meta.url)),
        sw: fileURLToPath(new URL('./src/web/offline/service-worker.ts', import.meta.url)),
      },
      output: { entryFileNames: ({ name }) => (name === 'sw' ? worker : 'assets/[name]-[hash].js') },
    },
  },
})
