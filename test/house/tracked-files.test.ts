import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

/** What a clone holds, and what a commit would add. */
const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && !/\.(xlsx|zip|png|woff2?|ttf|bin)$/.test(file))

// Put together here, so that this file does not find itself.
const machinePath = new RegExp(`(?<![A-Za-z0-9_.*@#}])/(${['work', 'farm', 'root', 'tmp', 'home', 'Users'].join('|')})/`)
const registryHost = new RegExp(['registry', 'npmjs|registry', 'yarnpkg|registry', 'npmmirror|npm', 'pkg', 'github'].join('\\.'))

function linesThat(matches: RegExp): readonly string[] {
  return tracked.flatMap((file) =>
    readIfThere(file)
      .split('\n')
      .flatMap((line, index) => (matches.test(line) ? [`${file}:${index + 1}`] : [])),
  )
}

/** A file that is deleted but not yet committed is still in the list. */
function readIfThere(file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ''
    throw cause
  }
}

it('names no path of a machine', () => {
  expect(linesThat(machinePath)).toEqual([])
})

it('names no registry of packages', () => {
  expect(linesThat(registryHost)).toEqual([])
})

it('lets npm find each locked package in whatever registry the reader uses', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  } // npm's own file
  const packages = Object.entries(lock.packages)
  expect(packages.length).toBeGreaterThan(100)
  expect(packages.filter(([, entry]) => 'resolved' in entry).map(([name]) => name)).toEqual([])
  expect(packages.filter(([name, entry]) => name !== '' && !('integrity' in entry)).map(([name]) => name)).toEqual([])
})

it('keeps what is used and what only the tests use apart', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Readonly<
    Record<'dependencies' | 'devDependencies', object>
  > // our own file
  expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['@noble/ed25519', 'better-sqlite3', 'drizzle-orm', 'express', 'jose', 'zod']))
  expect(Object.keys(devDependencies)).toEqual(expect.arrayContaining(['@sd-jwt/sd-jwt-vc', 'certlogic-js', 'fast-check', 'supertest']))
})

it('tells a newcomer what a fresh machine runs', () => {
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('\nnpm ci && npm test\n')
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('\nnpm ci && npm test ')
})

it('holds no private key but those of published vectors', () => {
  const found = linesThat(new RegExp(`-----BEGIN ([A-Z]+ )?${'PRIVATE'} KEY-----`))
  expect(found.filter((place) => !place.startsWith('test/vectors/'))).toEqual([])
})
