import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from 'playwright-core'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { presentRecord } from '#contract/records.ts'
import { buildPages, pagesFolder } from '../scripts/build-web.ts'
import { weighBeforePaint } from '../scripts/page-weight.ts'
import { titleDraft } from '../test/support/examples.ts'
import { openBrowser, openPage } from '../test/support/open-page.ts'
import { openTestNode } from '../test/support/open-test-node.ts'
import { millis, type Line } from './line.ts'
import { median } from './measure.ts'
import { makeDirectory } from './node-under-test.ts'

const tries = 15

/** From the moment a file is let go over the page to the frame that shows its verdict, by the page's own clock. */
const dropped = (file: Uint8Array): string => `new Promise((resolve) => {
  const data = new DataTransfer()
  data.items.add(new File([Uint8Array.from(atob('${Buffer.from(file).toString('base64')}'), (each) => each.charCodeAt(0))], 'offered'))
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
  buildPages()
  const browser = await openBrowser()
  const node = await openTestNode()
  try {
    const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
    const { record } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
    const { text } = await node.call(presentRecord, { as: 'approver', params: { record }, body: {} })
    const { page, context } = await openPage(browser, `${node.url}/`)
    await page.getByText('本页已存入本设备').waitFor()
    await page.locator('.standing.fetched').waitFor()
    const sheet = await certificateOf(node.url, text)
    const verdictsOn = async (file: Uint8Array): Promise<readonly number[]> => {
      const verdicts: number[] = []
      for (let tried = 0; tried < tries; tried++) {
        verdicts.push(await page.evaluate<number>(dropped(file)))
        await page.getByRole('button', { name: '清除结果' }).click()
      }
      return verdicts
    }
    const records = await verdictsOn(Buffer.from(text))
    const sheets = await verdictsOn(sheet)
    const pictures = await verdictsOn(picturedOf(sheet))
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
      line('verdict after a record is dropped', records, 0.3),
      line('verdict after a certificate (PDF) is dropped', sheets, 0.3),
      line('verdict after a picture of it is dropped', pictures, 1),
      line('reload without a network', reloads, 1),
    ]
  } finally {
    await browser.close()
    await node.close()
  }
}

async function certificateOf(url: string, record: string): Promise<Uint8Array> {
  const answer = await fetch(`${url}/certificates`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ record, identity: 'masked' }),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return new Uint8Array(await answer.arrayBuffer())
}

/** The whole sheet as a scanner gives it: A4 at 150 dpi, JPEG. */
function picturedOf(sheet: Uint8Array): Uint8Array {
  const folder = makeDirectory()
  writeFileSync(join(folder, 'sheet.pdf'), sheet)
  execFileSync('pdftoppm', ['-r', '150', '-jpeg', '-singlefile', 'sheet.pdf', 'sheet'], { cwd: folder })
  return readFileSync(join(folder, 'sheet.jpg'))
}

/** Milliseconds from the start of the navigation to the first content. */
async function painted(page: Page): Promise<number> {
  for (;;) {
    const at = await page.evaluate<number | null>(`${firstPaint} ?? null`)
    if (at !== null) return at
    await page.waitForTimeout(10)
  }
}
