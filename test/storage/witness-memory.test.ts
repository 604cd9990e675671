import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

import { openWitnessMemory } from '#storage/witness-memory.ts'
import { faultOf } from '../support/fault-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-memory-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const head = (origin: string, size: number) => ({ origin, size, root: Buffer.alloc(32, size), note: `${origin}\n${size}\n`, cosignedAt: 1_780_000_000 + size })

it('the memory of a witness has each log’s newest head, for nobody else to read, and says so when a file is not one of its own', () => {
  const place = join(folder, 'deep', 'witnessed')
  const memory = openWitnessMemory(place)
  expect(memory.find('a.example/log')).toBeUndefined()
  for (const [origin, size] of [
    ['a.example/log', 1],
    ['b.example:8443/log', 7],
    ['a.example/log', 2],
  ] as const)
    memory.write(head(origin, size))
  const again = openWitnessMemory(place)
  for (const known of [head('a.example/log', 2), head('b.example:8443/log', 7)]) {
    const found = again.find(known.origin)!
    expect({ ...found, root: Buffer.from(found.root) }).toEqual(known)
  }
  const files = readdirSync(place)
  expect(files).toHaveLength(2)
  for (const file of files) expect(statSync(join(place, file)).mode & 0o777).toBe(0o600)
  for (const text of ['', '{"size":2}', JSON.stringify({ ...head('a.example/log', 2), root: 'AA=' })]) {
    for (const file of files) writeFileSync(join(place, file), text)
    expect(faultOf(() => again.find('a.example/log'))).toBe('log-damaged')
  }
})
