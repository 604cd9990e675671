import type { Page } from 'playwright-core'

import { secondsOf } from '#core/model/instant.ts'
import { bundleOfFiles } from '../../test/support/bundle-of.ts'
import { makeAlliance } from '../../test/support/make-alliance.ts'
import { chooseFiles, outcomeOn } from '../../test/support/open-page.ts'
import type { WebWorld } from '../../test/support/open-web-world.ts'
import type { State } from './state.ts'

const bundleOf = async ({ jinan }: WebWorld): Promise<Uint8Array> => new Uint8Array(await (await fetch(`${jinan.url}/bundle`)).arrayBuffer())

const give = (page: Page, content: Uint8Array): Promise<void> => chooseFiles(page, [{ name: 'jinan.bundle', content }])

async function confirmed(page: Page, content: Uint8Array): Promise<void> {
  await give(page, content)
  await page.getByRole('button', { name: /摘要一致，据此核验|The digest is the same/ }).click()
  await page.locator('.standing.bundle').waitFor()
}

/** Offline bundles, on a device that has never heard its node and on one that has. */
export const bundleStates: readonly State[] = [
  {
    name: 'bundle-to-confirm',
    cut: true,
    show: async (page, world) => {
      await give(page, await bundleOf(world))
      await page.locator('.bundle-panel .card').waitFor()
    },
  },
  {
    name: 'bundle-in-use',
    cut: true,
    show: async (page, world) => {
      await confirmed(page, await bundleOf(world))
      await chooseFiles(page, [{ name: 'good.jwt', content: world.records.good }])
      await outcomeOn(page)
    },
  },
  {
    name: 'bundle-old',
    cut: true,
    show: async (page) => {
      const { files, city, at } = makeAlliance({ cities: ['370100', '370300'] })
      await confirmed(page, bundleOfFiles(files, { maker: city('370100'), iat: secondsOf(at) }))
    },
  },
  {
    name: 'bundle-damaged',
    cut: true,
    show: async (page, world) => {
      const bundle = await bundleOf(world)
      await give(page, bundle.with(bundle.length - 5, bundle.at(-5)! ^ 1))
      await page.locator('.bundle-panel .caution').waitFor()
    },
  },
  {
    name: 'bundle-of-strangers',
    show: async (page) => {
      const { files, city, at } = makeAlliance({ cities: ['420100'] })
      await give(page, bundleOfFiles(files, { maker: city('420100'), iat: secondsOf(at) }))
      await page.locator('.bundle-panel .card').waitFor()
    },
  },
]
