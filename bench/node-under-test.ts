import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Office } from '#registry/office.ts'
import { initialiseNode } from '#registry/initialise-node.ts'
import { openParts, type Place } from '../src/main.ts'
import { division } from './drafts.ts'

export const passphrase = 'nine words that only the bench ever has to know'

/** A directory of the bench's own, gone when the process ends. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(process.env['COMITY_BENCH_DIR'] ?? tmpdir(), 'comity-bench-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export interface NodeUnderTest {
  readonly place: Place
  readonly office: Office
  readonly close: () => Promise<void>
}

/** A node as `comity init` makes it, in a directory that goes with this process. */
export async function makeNode(): Promise<NodeUnderTest> {
  const place = { data: makeDirectory() }
  writeFileSync(join(place.data, 'passphrase'), `${passphrase}\n`, { mode: 0o600 })
  const parts = await openParts(place)
  const node = { division, name: { zh: '济南市人力资源和社会保障局', en: 'Jinan HRSS Bureau' }, iss: 'https://370100.comity.example', passphrase }
  return { place, office: await initialiseNode(parts, node, 'bench'), close: parts.store.close }
}
