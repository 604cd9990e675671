import type { Page } from 'playwright-core'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { presentRecord } from '#contract/records.ts'
import { pagesFolder } from '../scripts/build-web.ts'
import { weighBeforePaint } from '../scripts/page-weight.ts'
import { titleDraft } from '../test/support/examples.ts'
import { openBrowser, openPage } from '../test/support/open-page.ts'
import { openTestNode } from '../test/support/open-test-node.ts'
import { millis, type Line } from './line.ts'
import { median } from './measure.ts'

const tries = 15

/** From the moment the record is let go over the page to the frame that shows its verdict, by the page's own clock. */
const dropped = (record: string): string => `new Promise((resolve) => {
  const data = new DataTransfer()
  data.items.add(new File([${JSON.stringify(record)}], 'record.jwt'))
  const from = performance.now()
  new MutationObserver((_changes, observer) => {
    if (document.querySelector('article.verdict') === null) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)))
  }).observe(document.body, { childList: true, subtree: true })
  dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }))
})`

const firstPaint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"

/** What a browser has to fetch before it paints the verify page, how long a verdict takes there, and how soon the page is there without a network. */
export async function verifyPage(): Promise<readonly Line[]> {
  const browser = await openBrowser()
  const node = await openTestNode()
  try {
    const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
    const { record } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
    const { text } = await node.call(presentRecord, { as: 'approver', params: { record }, body: {} })
    const { page, context } = await openPage(browser, `${node.url}/`)
    await page.getByText('本页已存入本设备').waitFor()
    await page.locator('.standing.fetched').waitFor()
    const verdicts: number[] = []
    for (let tried = 0; tried < tries; tried++) {
      verdicts.push(await page.evaluate<number>(dropped(text)))
      await page.getByRole('button', { name: '清除结果' }).click()
    }
    await context.setOffline(true)
    const reloads: number[] = []
    for (let tried = 0; tried < tries; tried++) {
      await page.reload()
      reloads.push(await painted(page))
    }
    const files = weighBeforePaint(pagesFolder)
    const bytes = files.reduce((sum, { gzip }) => sum + gzip, 0)
    const line = (work: string, values: readonly number[], most: number): Line => ({
      work,
      limit: '',
      ours: `${millis(median(values))}, slowest ${millis(Math.max(...values))}`,
      value: median(values) / 1000,
      bar: { text: `≤ ${most} s`, most },
    })
    return [
      {
        work: 'page, before its first paint',
        limit: '',
        ours: `${(bytes / 1000).toFixed(1)} kB gzip`,
        value: bytes / 1000,
        bar: { text: '≤ 100 kB', most: 100 },
      },
      line('verdict after a record is dropped', verdicts, 0.3),
      line('reload without a network', reloads, 1),
    ]
  } finally {
    await browser.close()
    await node.close()
  }
}

/** Milliseconds from the start of the navigation to the first content. */
async function painted(page: Page): Promise<number> {
  for (;;) {
    const at = await page.evaluate<number | null>(`${firstPaint} ?? null`)
    if (at !== null) return at
    await page.waitForTimeout(10)
  }
}
