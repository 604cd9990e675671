import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { copyPages, publishNewer } from '../support/newer-pages.ts'
import { chooseFiles, openBrowser, openPage, outcomeOn } from '../support/open-page.ts'
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

type Show = (page: Page) => Promise<void>

const file =
  (...names: readonly (keyof WebWorld['records'])[]): Show =>
  (page) =>
    chooseFiles(
      page,
      names.map((name) => ({ name: `${name}.jwt`, content: world.records[name] })),
    )

const unfold: Show = async (page) => {
  await outcomeOn(page)
  await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
}

const states: Readonly<Record<string, Show>> = {
  'before anything is offered': async () => undefined,
  'with the place to paste': (page) => page.getByRole('button', { name: /粘贴|Paste/ }).click(),
  'with the camera': async (page) => {
    await page.getByRole('button', { name: /扫码|Scan/ }).click()
    await page.getByRole('dialog').waitFor()
  },
  'after a genuine record, all unfolded': async (page) => {
    await file('good')(page)
    await outcomeOn(page)
    await page.getByLabel(/^(城市|City)/).selectOption('370300')
    await page
      .getByText(/核验备案|Verification and filing/)
      .first()
      .waitFor()
    await unfold(page)
  },
  'after one with a note': async (page) => {
    await file('registrationExpired')(page)
    await unfold(page)
  },
  'after one that is not valid': async (page) => {
    await file('revoked')(page)
    await unfold(page)
  },
  'after one of an unlisted issuer': async (page) => {
    await file('unlisted')(page)
    await unfold(page)
  },
  'after odd texts': async (page) => {
    await file('odd')(page)
    await unfold(page)
  },
  'after nothing to check': async (page) => {
    await chooseFiles(page, [{ name: 'cat.txt', content: 'a cat' }])
    await unfold(page)
  },
  'after several': async (page) => {
    await file('good', 'changed', 'registrationExpired', 'unlisted')(page)
    await chooseFiles(page, [{ name: 'cat.txt', content: 'a cat' }])
    await page.locator('.result-table tbody tr').nth(4).waitFor()
    await page.locator('progress').waitFor({ state: 'detached' })
  },
}

describe.each(['zh', 'en'] as const)('the page in %s', (language) => {
  it.each(Object.entries(states))('has no violation %s, light or dark, wide or narrow', async (_name, show) => {
    const url = `${world.jinan.url}/`
    const { page, troubles, close } = await openPage(browser, url, { reducedMotion: 'reduce', bypassCSP: true, serviceWorkers: 'block' })
    try {
      await page.evaluate(`localStorage.setItem('comity.settings', JSON.stringify({ language: '${language}', theme: 'auto' }))`)
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.reload()
      await page.locator('.standing.fetched').waitFor()
      await show(page)
      for (const width of [1440, 390])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize({ width, height: 900 })
          await page.emulateMedia({ colorScheme })
          expect([width, colorScheme, ...(await violationsOn(page))]).toEqual([width, colorScheme])
        }
      // Nothing is cut off or has to be scrolled sideways (WCAG 1.4.10), not at 320 px either.
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      expect(troubles).toEqual([])
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

describe('what can be pressed', () => {
  it('is at least 24 by 24 px, or a line of text', async () => {
    const { page, close } = await openPage(browser, `${world.jinan.url}/`, { viewport: { width: 390, height: 844 } })
    await chooseFiles(page, [{ name: 'good.jwt', content: world.records.good }])
    await unfold(page)
    const small = await page.evaluate(
      "[...document.querySelectorAll('button, select, summary, a, textarea')].map((each) => [each.textContent, each.getBoundingClientRect()]).filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24)).map(([text]) => text)",
    )
    await close()
    expect(small).toEqual([])
  })
})
