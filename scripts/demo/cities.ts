import { mkdirSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import { initialiseNode } from '../../src/registry/initialise-node.ts'
import type { Office } from '../../src/registry/office.ts'
import { openParts, passphraseFileOf, type Place } from '../../src/main.ts'

/** The two alliances of Shandong, by exact division code, as `schema/codes/alliances.json` has them. */
export { default as alliances } from '#codes/alliances.json' with { type: 'json' }

export interface City {
  readonly place: Place
  readonly division: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly iss: string
}

export const cityOf = (folder: string, division: string, organization: string, en: string): City => ({
  place: { data: join(folder, division) },
  division,
  name: { zh: organization, en: `${en} Human Resources and Social Security Bureau` },
  iss: `https://${division}.comity.example`,
})

/** Makes a city's node, with a passphrase of its own, and gives its office open. Whoever takes it closes its store. */
export async function initialiseCity({ place, division, name, iss }: City): Promise<Office> {
  mkdirSync(place.data, { recursive: true, mode: 0o700 })
  const passphrase = randomBytes(32).toString('base64url')
  writeFileSync(passphraseFileOf(place), `${passphrase}\n`, { mode: 0o600 })
  return initialiseNode(await openParts(place), { division, name, iss, passphrase }, 'cli:demo')
}
