import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { bundleStates } from '../../scripts/screenshots/bundle-states.ts'
import { verifyStates } from '../../scripts/screenshots/verify-states.ts'
import { copyPages, publishNewer } from '../support/newer-pages.ts'
import { openBrowser, openPage } from '../support/open-page.ts'
import { openTestNode } from '../support/open-test-node.ts'
import { openWebWorld, type WebWorld } from '../support/open-web-world.ts'
import { violationsOn } from '../support/violations-on.ts'

let world: WebWorld
let browser: Browser

beforeAll(async () => {
  world = await openWebWorld()
  browser = await openBrowser(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])
})
afterAll(async () => {
  await browser.close()
  await world.close()
})

/** Those that are looked at, but for how they print, for the page that waits for its newer version (below), and for the document of the API, which is Swagger UI's. */
const states = [...verifyStates, ...bundleStates].filter(({ name, print, newer }) => print !== true && newer !== true && name !== 'docs')

/** Every state is looked at wide and narrow, light and dark: what is where and its colours hang on these two, and on no language. */
const looks = {
  zh: [
    [1440, 'light'],
    [390, 'dark'],
  ],
  en: [
    [1440, 'dark'],
    [390, 'light'],
  ],
} as const

/** On a device that keeps the page, which says so at its foot and takes a while: the others are on one that cannot. */
const kept: ReadonlySet<string> = new Set(['start', 'held'])

/** Cut off and refused on purpose: the browser itself writes such answers to its console. */
const expectedTrouble = /Failed to load resource/

describe.each(['zh', 'en'] as const)('the page in %s', (language) => {
  it.each(states)('has no violation in the state $name, light or dark, wide or narrow', async ({ name, show, path = '/', cut = false }) => {
    const { page, context, troubles, close } = await openPage(browser, `${world.jinan.url}/healthz`, {
      reducedMotion: 'reduce',
      bypassCSP: true,
      serviceWorkers: kept.has(name) ? 'allow' : 'block',
      viewport: { width: 1440, height: 900 },
    })
    try {
      await page.evaluate(`localStorage.setItem('comity.settings', JSON.stringify({ language: '${language}', theme: 'auto' }))`)
      if (cut) await context.route('**/trust/**', (route) => route.abort())
      await page.goto(`${world.jinan.url}${path}`)
      if (path === '/') {
        await page.locator('.standing:not(.loading)').waitFor()
        await page.getByText(/本页已存入本设备|本设备未能保存本页|is kept on this device|could not keep the page/).waitFor()
      }
      await show(page, world)
      await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
      for (const [width, colorScheme] of looks[language]) {
        await page.setViewportSize({ width, height: 900 })
        await page.emulateMedia({ colorScheme })
        expect([width, colorScheme, ...(await violationsOn(page))]).toEqual([width, colorScheme])
      }
      // Nothing is cut off or has to be scrolled sideways (WCAG 1.4.10), not at 320 px either; what is pressed is large enough (2.5.8), or a line of text.
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      const small = await page.evaluate(
        "[...document.querySelectorAll('button, select, summary, a, textarea')].map((each) => [each.textContent, each.getBoundingClientRect()]).filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24)).map(([text]) => text)",
      )
      expect(small).toEqual([])
      expect(troubles.filter((trouble) => !expectedTrouble.test(trouble))).toEqual([])
    } finally {
      await close()
    }
  })
})

describe.each(['zh', 'en'] as const)('the page in %s, when a newer version waits', (language) => {
  it.each(['/', '/claim'])('has no violation at %s, light or dark, wide or narrow, with the bar that says so', async (path) => {
    const pages = copyPages()
    const node = await openTestNode({ pages: pages.path })
    const { page, troubles, close } = await openPage(browser, `${node.url}/`, { reducedMotion: 'reduce', bypassCSP: true })
    try {
      await page.getByText('本页已存入本设备').waitFor()
      await page.evaluate(`localStorage.setItem('comity.settings', JSON.stringify({ language: '${language}', theme: 'auto' }))`)
      publishNewer(pages.path)
      await page.goto(`${node.url}${path}`)
      const bar = page.locator('.update').getByRole('button', { name: language === 'zh' ? '重新载入' : 'Reload' })
      await bar.waitFor()
      for (const width of [1440, 390])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize({ width, height: 900 })
          await page.emulateMedia({ colorScheme })
          expect([width, colorScheme, ...(await violationsOn(page))]).toEqual([width, colorScheme])
        }
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      const { width, height } = (await bar.boundingBox())! // it is shown
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(24)
      expect(troubles).toEqual([])
    } finally {
      await close()
      await node.close()
      pages.remove()
    }
  })
})
