import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { generatedPlaces, generators } from './generators.ts'

// Writes the files that are made from the code. With --check it writes nothing and fails, naming each file that would change.

const root = dirname(import.meta.dirname)
const checking = process.argv.includes('--check')
const made = new Map(generators.map(({ path, make }) => [path, make()]))
const leftOver = generatedPlaces.flatMap(filesBelow).filter((path) => !made.has(path))
const changed = [...made].filter(([path, text]) => textOf(path) !== text)

for (const path of leftOver) {
  if (!checking) rmSync(join(root, path))
  console.log(`${path}: ${checking ? 'no generator makes this' : 'removed'}`)
}
for (const [path, text] of changed) {
  if (!checking) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  console.log(`${path}: ${checking ? 'is not what the code makes' : 'written'}`)
}
if (checking && leftOver.length + changed.length > 0) {
  console.log('Run: npm run generate')
  process.exitCode = 1
}

function filesBelow(place: string): readonly string[] {
  const stat = statSync(join(root, place), { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (stat.isFile()) return [place]
  const entries = readdirSync(join(root, place), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

function textOf(path: string): string | undefined {
  return statSync(join(root, path), { throwIfNoEntry: false }) === undefined ? undefined : readFileSync(join(root, path), 'utf8')
}
