import { readdirSync, readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

const folder = new URL('../../schema/codes/', import.meta.url)

it('the page on the code tables names each of them, and none that is not there', () => {
  const named = readFileSync(new URL('README.md', folder), 'utf8').match(/^\| `[^`]+`/gm)!
  expect(named.map((cell) => cell.slice(3, -1)).toSorted()).toEqual(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted(),
  )
})
