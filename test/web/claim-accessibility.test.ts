import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { claimStates } from '../../scripts/screenshots/claim-states.ts'
import { openBrowser, openPage } from '../support/open-page.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'
import { violationsOn } from '../support/violations-on.ts'

let node: TestNode
let browser: Browser
let visitors = 0

beforeAll(async () => {
  node = await openTestNode({ name: { zh: '济南市人力资源和社会保障局', en: 'Jinan Human Resources and Social Security Bureau' } })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await node.close()
})

/** Refused and unreached on purpose: the browser itself writes such answers to its console. */
const expectedTrouble = /Failed to load resource/

describe.each(['zh', 'en'] as const)('the claim page in %s', (language) => {
  it.each(claimStates)('has no violation in the state $name, light or dark, wide or narrow', async ({ show }) => {
    const { page, troubles, close } = await openPage(browser, `${node.url}/claim`, {
      reducedMotion: 'reduce',
      bypassCSP: true,
      serviceWorkers: 'block',
      viewport: { width: 1440, height: 900 },
      extraHTTPHeaders: { 'X-Forwarded-For': `10.0.0.${++visitors}` },
    })
    try {
      await page.evaluate(`localStorage.setItem('comity.settings', JSON.stringify({ language: '${language}', theme: 'auto' }))`)
      await page.reload()
      await page.locator('#claim-code').waitFor()
      await show(page, node)
      await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
      for (const width of [1440, 390])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize({ width, height: 900 })
          await page.emulateMedia({ colorScheme })
          expect([width, colorScheme, ...(await violationsOn(page))]).toEqual([width, colorScheme])
        }
      // Nothing is cut off or has to be scrolled sideways (WCAG 1.4.10), not at 320 px either; what is pressed is large enough (2.5.8).
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      const small = await page.evaluate(
        "[...document.querySelectorAll('button, select, summary, a, label.choice')].map((each) => [each.textContent, each.getBoundingClientRect()]).filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24)).map(([text]) => text)",
      )
      expect(small).toEqual([])
      expect(troubles.filter((trouble) => !expectedTrouble.test(trouble))).toEqual([])
    } finally {
      await close()
    }
  })
})
