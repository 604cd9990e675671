import { existsSync } from 'node:fs'

import { Fault } from '#core/fault.ts'
import type { Signatory } from '#registry/open-signatory.ts'
import type { Given } from './command.ts'
import type { Shell } from './shell.ts'
import type { OpenNode, Place } from '../main.ts'

export const placeOf = (shell: Shell, given: Given): Place => ({ ...shell.config(), data: given.need('data') })

/** Looked for first: opening a database that is not there would make one. */
export async function requireNode(place: Place): Promise<void> {
  const { databaseFile } = await import('../main.ts')
  if (place.databaseUrl === undefined && !existsSync(databaseFile(place.data))) throw new Fault('node-not-initialised', { at: place.data })
}

/** Opens the authority key of the node that `--data` names, and no other key, for as long as the work takes. */
export async function withSignatory<const Result>(shell: Shell, given: Given, work: (signatory: Signatory) => Promise<Result>): Promise<Result> {
  const place = placeOf(shell, given)
  await requireNode(place)
  const { openParts, passphraseFileOf } = await import('../main.ts')
  const [{ openSignatory }, { readPassphraseFile }] = await Promise.all([import('#registry/open-signatory.ts'), import('#custody/read-passphrase-file.ts')])
  const passphrase = readPassphraseFile(passphraseFileOf(place))
  const parts = await openParts(place)
  try {
    return await work(await openSignatory(parts, passphrase))
  } finally {
    await parts.store.close()
  }
}

/** Opens the node that `--data` names for as long as the work takes. */
export async function withNode<const Result>(shell: Shell, given: Given, work: (node: OpenNode) => Promise<Result>): Promise<Result> {
  const place = placeOf(shell, given)
  await requireNode(place)
  const { openNode } = await import('../main.ts')
  const node = await openNode(place)
  try {
    return await work(node)
  } finally {
    await node.close()
  }
}

/** How a command asks neighbours. */
export const askNeighbours = async () => (await import('../main.ts')).askNeighbours()
