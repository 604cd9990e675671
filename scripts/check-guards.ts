import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// What neither the compiler nor the linter can say about a layer (STYLE §2).

/** Libraries that stand behind one file of their layer, so that replacing one is the work of an afternoon. */
const oneFileEach: Readonly<Record<string, readonly string[]>> = {
  contract: ['zod-openapi'],
  registry: ['csv-parse', 'csv-stringify', 'iconv-lite', 'qrcode', 'saxes', 'write-excel-file', 'yauzl'],
  http: ['jose', 'prom-client', 'swagger-ui-express'],
  web: ['pdfjs-dist', 'zxing-wasm'],
}

/** Layers in which time is an argument. */
const timeless = ['core', 'contract', 'registry']

// `new Date()` and `Date()` read the clock; `new Date(value)` and `Date.UTC(…)` do not.
const clock = /\bnew\s+Date\b(?!\s*\(\s*[^\s)])|(?<!\bnew\s+)(?<![\w.])Date\s*\(/
const imported = /\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g

/** The breaches below `root`/src, a line each: the file, and what it may not do. */
export function findBreaches(root: string): readonly string[] {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).toSorted()
  const texts = new Map(files.map((file) => [file, withoutComments(readFileSync(join(root, file), 'utf8'))]))
  const clocks = [...texts].flatMap(([file, text]) => (timeless.some((layer) => file.startsWith(`src/${layer}/`)) ? clockLines(file, text) : []))
  const scattered = Object.entries(oneFileEach).flatMap(([layer, libraries]) =>
    libraries.flatMap((library) => {
      const users = [...texts].filter(([file, text]) => file.startsWith(`src/${layer}/`) && imports(text, library)).map(([file]) => file)
      return users.length > 1 ? [`${library} stands behind one file of ${layer}, and is imported by ${users.join(', ')}`] : []
    }),
  )
  return [...clocks, ...scattered]
}

function clockLines(file: string, text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => (clock.test(line) ? [`${file}:${index + 1} reads the clock; time is an argument`] : []))
}

/** The address of a file of a library is not the library. */
function imports(text: string, library: string): boolean {
  return [...text.matchAll(imported)].some(([, name = '']) => !name.endsWith('?url') && (name === library || name.startsWith(`${library}/`)))
}

/** Block comments and lines that are comments, blanked; line numbers stay. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, '')).replaceAll(/^\s*\/\/.*$/gm, '')
}

if (import.meta.main) {
  const breaches = findBreaches(dirname(import.meta.dirname))
  for (const breach of breaches) console.log(breach)
  if (breaches.length > 0) process.exitCode = 1
}
