import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from 'playwright-core'

import { openBrowser, openPage } from '../test/support/open-page.ts'
import { copyPages, publishNewer } from '../test/support/newer-pages.ts'
import { openTestNode } from '../test/support/open-test-node.ts'
import { openWebWorld, type WebWorld } from '../test/support/open-web-world.ts'
import { bundleStates } from './screenshots/bundle-states.ts'
import { claimStates } from './screenshots/claim-states.ts'
import type { State } from './screenshots/state.ts'
import { verifyStates } from './screenshots/verify-states.ts'

// node scripts/screenshots.ts FOLDER [STATE …]: every state of the public pages, in both languages, light and dark, narrow and wide, for people to
// look at. Two cities are opened for it on this machine and closed again.

const states: readonly State[] = [
  ...verifyStates,
  ...bundleStates,
  ...claimStates.map(({ name, show }) => ({ name, path: '/claim', show: (page: Page, { jinan }: WebWorld) => show(page, jinan) })),
]

const [folder, ...wanted] = process.argv.slice(2)
if (folder === undefined) throw new Error('node scripts/screenshots.ts FOLDER [STATE …]')
mkdirSync(folder, { recursive: true })

const world = await openWebWorld()
let visitors = 0
const browser = await openBrowser(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])

/** Where the page is opened; `change` puts a newer version of it there. */
async function openStage(newer: boolean): Promise<{ readonly url: string; readonly change: () => void; readonly close: () => Promise<void> }> {
  if (!newer) return { url: world.jinan.url, change: () => undefined, close: async () => undefined }
  const pages = copyPages()
  const node = await openTestNode({ pages: pages.path })
  const close = async (): Promise<void> => {
    await node.close()
    pages.remove()
  }
  return { url: node.url, change: () => publishNewer(pages.path), close }
}

/** What is there once a page is. */
const arrived: Readonly<Record<string, string>> = { '/': '.standing:not(.loading)', '/claim': '#claim', '/docs/': '.opblock' }

interface Look {
  readonly language: 'zh' | 'en'
  readonly colorScheme: 'light' | 'dark'
  readonly width: number
}

async function shoot({ name, show, print = false, cut = false, forgetful = false, newer = false, path = '/' }: State, look: Look): Promise<void> {
  const { language, colorScheme, width } = look
  if (print && (colorScheme === 'dark' || width === 390)) return
  const { url, change, close: leave } = await openStage(newer)
  const { page, context, close } = await openPage(browser, `${url}/healthz`, {
    viewport: { width: print ? 794 : width, height: width === 390 ? 844 : 900 },
    colorScheme,
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Shanghai',
    serviceWorkers: forgetful ? 'block' : 'allow',
    // Each visitor from an address of its own, as the node believes its neighbour on this machine: nobody is throttled for another.
    extraHTTPHeaders: { 'X-Forwarded-For': `10.0.${++visitors >> 8}.${visitors & 255}` },
  })
  await page.evaluate(`localStorage.setItem('comity.settings', JSON.stringify({ language: '${language}', theme: 'auto' }))`)
  if (cut) await context.route('**/trust/**', (route) => route.abort())
  const open = async (): Promise<void> => {
    await page.goto(`${url}${path}`)
    await page
      .locator(arrived[path] ?? 'main')
      .first()
      .waitFor()
    if (path === '/') await page.getByText(/本页已存入本设备|本设备未能保存本页|is kept on this device|could not keep the page/).waitFor()
  }
  await open()
  if (newer) {
    change()
    await open()
  }
  await show(page, world)
  if (print) await page.emulateMedia({ media: 'print' })
  await page.screenshot({ path: join(folder!, `${name}-${language}-${colorScheme}-${width}.png`), fullPage: true }) // it was given
  await close()
  await leave()
}

try {
  for (const state of states.filter(({ name }) => wanted.length === 0 || wanted.includes(name)))
    for (const language of ['zh', 'en'] as const)
      for (const colorScheme of ['light', 'dark'] as const) for (const width of [390, 1440]) await shoot(state, { language, colorScheme, width })
} finally {
  await browser.close()
  await world.close()
}
