import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { initialiseNode } from '#registry/initialise-node.ts'
import type { Office } from '#registry/office.ts'
import { openNode, openParts, type Place } from '../src/main.ts'
import { division } from './drafts.ts'

const passphrase = 'nine words that only the bench ever has to know'

// Set by the run for the processes that measure its rows, so that rows can use what an earlier one has made; it removes all of it at its end.
const given = process.env['COMITY_BENCH_DIR']

/** A directory that does not outlive the run, for every call another. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(given ?? tmpdir(), 'comity-bench-'))
  if (given === undefined) process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export interface NodeUnderTest {
  readonly place: Place
  readonly office: Office
  readonly close: () => Promise<void>
}

/** A node as `comity init` makes it. */
export async function makeNode(data: string = makeDirectory()): Promise<NodeUnderTest> {
  const place = { data }
  writeFileSync(join(data, 'passphrase'), `${passphrase}\n`, { mode: 0o600 })
  const parts = await openParts(place)
  const node = { division, name: { zh: '济南市人力资源和社会保障局', en: 'Jinan HRSS Bureau' }, iss: 'https://370100.comity.example', passphrase }
  return { place, office: await initialiseNode(parts, node, 'bench'), close: parts.store.close }
}

/** A node that `fill` has been at, made once a run and opened by every row that asks for the name again. */
export async function keepNode(name: string, fill: (node: NodeUnderTest) => Promise<void>): Promise<NodeUnderTest> {
  const data = join(given ?? makeDirectory(), name)
  const finished = join(data, 'filled')
  if (existsSync(finished)) {
    const { office, close } = await openNode({ data })
    return { place: { data }, office, close }
  }
  mkdirSync(data)
  const node = await makeNode(data)
  await fill(node)
  writeFileSync(finished, '')
  return node
}
