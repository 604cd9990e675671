import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

import { buildPages } from '../../scripts/build-web.ts'
import { openChromium } from './chromium.ts'

/** A browser of the test's own; the pages are built first where they are not. Whoever opens it closes it. */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  buildPages()
  return openChromium(more)
}

/** A context on the verify page of a node, that writes down whatever must not happen. */
export interface OpenPage {
  readonly context: BrowserContext
  readonly page: Page
  /** Addresses of every request that the context made. */
  readonly requests: readonly string[]
  /** Requests by which something could leave the device: to another host than the page's own, or by another method than GET. On a verify page there are none. */
  readonly leaks: readonly string[]
  /** Errors, and breaches of the page's policy. */
  readonly troubles: readonly string[]
  readonly close: () => Promise<void>
}

export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext(options)
  const requests: string[] = []
  const leaks: string[] = []
  const troubles: string[] = []
  const { origin } = new URL(url)
  context.on('request', (request) => {
    requests.push(request.url())
    const { protocol, origin: asked } = new URL(request.url())
    if (request.method() !== 'GET' || (protocol.startsWith('http') && asked !== origin)) leaks.push(`${request.method()} ${request.url()}`)
  })
  context.on('weberror', (error) => troubles.push(String(error.error())))
  context.on('console', (message) => {
    // A request that fails while there is no network is what some tests are about.
    if (message.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED/.test(message.text())) troubles.push(message.text())
  })
  const page = await context.newPage()
  // Text, since it is the page that runs it: these files are compiled without a browser's types.
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))",
  )
  await page.goto(url)
  return { context, page, requests, leaks, troubles, close: () => context.close() }
}

/** Hands a file to the page as choosing it would. */
export async function chooseFiles(
  page: Page,
  files: readonly { readonly name: string; readonly content: string | Uint8Array; readonly type?: string }[],
): Promise<void> {
  await page
    .locator('[data-input=files]')
    .setInputFiles(files.map(({ name, content, type = 'application/octet-stream' }) => ({ name, mimeType: type, buffer: Buffer.from(content) })))
}

/** The outcome that the page shows, by its id, and its word. */
export async function outcomeOn(page: Page): Promise<{ readonly outcome: string; readonly word: string }> {
  const article = page.locator('article.verdict')
  await article.waitFor()
  const names = (await article.getAttribute('class')) ?? ''
  return { outcome: /outcome-([a-z-]+)/.exec(names)?.[1] ?? '', word: (await page.locator('#verdict-word').textContent()) ?? '' }
}

/** A folder that is gone when the test is. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'comity-page-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
