import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'

/** Debian's Chromium, with nothing of its own on the network. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A real browser without a window. Close it. In another locale than UTF-8 it could not name a file in Chinese. */
export const openChromium = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: [...flags, ...more], env: { ...process.env, LC_ALL: 'C.UTF-8' } })

/** Somebody who visits pages for the first time: nothing is stored, and everything that a page does wrong is noted. */
export interface Visitor {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors on the console, exceptions that nobody caught, and requests to any host but `origin`: all of them are to be none. */
  readonly complaints: readonly string[]
  /** Takes back the complaints that a test brings about on purpose; there must be one. */
  readonly forgive: (pattern: RegExp) => void
  readonly leave: () => Promise<void>
}

export async function visit(browser: Browser, origin: string, path = '/', options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext(options)
  const complaints: string[] = []
  context.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url())
    if (protocol.startsWith('http') && asked !== origin) complaints.push(`asked ${asked}`)
  })
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`))
  const page = await context.newPage()
  await page.goto(`${origin}${path}`)
  const forgive = (pattern: RegExp): void => {
    const others = complaints.filter((complaint) => !pattern.test(complaint))
    if (others.length === complaints.length) throw new Error(`nobody complained of ${pattern}`)
    complaints.splice(0, complaints.length, ...others)
  }
  return { context, page, complaints, forgive, leave: () => context.close() }
}
