import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Page } from 'playwright-core'

import { proofOfRecord } from '#registry/log/prove-record.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'
import { logAndCosign } from '../test/support/log-and-cosign.ts'
import { chooseFiles, openBrowser, openPage, outcomeOn } from '../test/support/open-page.ts'
import { openWebWorld, type WebWorld } from '../test/support/open-web-world.ts'
import { claimStates } from './screenshots/claim-states.ts'

// node scripts/screenshots.ts FOLDER [STATE …]: every state of the public pages, in both languages, light and dark, narrow and wide, for people to
// look at. Two cities are opened for it on this machine and closed again.

interface State {
  readonly name: string
  readonly show: (page: Page, world: WebWorld) => Promise<void>
  /** As it would be printed. */
  readonly print?: boolean
  /** Before the node has ever been heard, and without a way to it. */
  readonly cut?: boolean
  /** On a device that cannot keep the page for times without a network. */
  readonly forgetful?: boolean
  /** `/` where it is left out. */
  readonly path?: string
}

const file =
  (record: keyof WebWorld['records']) =>
  async (page: Page, { records }: WebWorld) => {
    await chooseFiles(page, [{ name: `${record}.jwt`, content: records[record] }])
    await outcomeOn(page)
  }

const states: readonly State[] = [
  { name: 'start', show: async () => undefined },
  { name: 'cannot-keep', forgetful: true, show: async () => undefined },
  { name: 'paste', show: (page) => page.getByRole('button', { name: /粘贴|Paste/ }).click() },
  {
    name: 'camera',
    show: async (page) => {
      await page.getByRole('button', { name: /扫码|Scan/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'genuine', show: file('good') },
  {
    name: 'genuine-logged',
    show: async (page, { jinan, records: { good } }) => {
      await logAndCosign(jinan)
      const proof = await proofOfRecord(jinan.office, (await openTrustDesk(jinan.office, () => performance.now()).current()).trust, good)
      await chooseFiles(page, [
        { name: 'good.jwt', content: good },
        { name: 'good.tlog-proof', content: proof! }, // it was logged above
      ])
      await outcomeOn(page)
    },
  },
  { name: 'genuine-with-note', show: file('registrationExpired') },
  { name: 'changed', show: file('changed') },
  { name: 'revoked', show: file('revoked') },
  { name: 'unlisted', show: file('unlisted') },
  { name: 'odd-texts', show: file('odd') },
  {
    name: 'nothing',
    show: async (page) => {
      await chooseFiles(page, [{ name: '猫.txt', content: 'a picture of a cat' }])
      await outcomeOn(page)
    },
  },
  {
    name: 'elsewhere',
    show: async (page, world) => {
      await file('good')(page, world)
      await page.getByLabel(/^(城市|City)/).selectOption('370300')
      await page.getByLabel(/^(用途|Purpose)/).selectOption('appointment')
      await page.locator('.decision').waitFor()
      for (const fold of await page.locator('article summary').all()) await fold.click()
    },
  },
  {
    name: 'several',
    show: async (page, { records }) => {
      await chooseFiles(page, [
        ...Object.entries(records).map(([name, content]) => ({ name: `${name}.jwt`, content })),
        { name: 'notes.txt', content: 'nothing' },
        { name: '一个名字很长很长的文件-2026年第三季度-人力资源部-职称证书扫描件汇总（最终版）.jwt', content: records.good },
      ])
      await page.locator('.result-table').waitFor()
      await page.locator('progress').waitFor({ state: 'detached' })
    },
  },
  { name: 'no-trust', cut: true, show: file('good') },
  { name: 'sheet', print: true, show: file('registrationExpired') },
  {
    name: 'sheet-on-condition',
    print: true,
    show: async (page, world) => {
      await file('good')(page, world)
      await page.getByLabel(/^(城市|City)/).selectOption('370300')
      await page.locator('.decision.answer-attention').waitFor()
    },
  },
  ...claimStates.map(({ name, show }) => ({ name, path: '/claim', show: (page: Page, { jinan }: WebWorld) => show(page, jinan) })),
]

const [folder, ...wanted] = process.argv.slice(2)
if (folder === undefined) throw new Error('node scripts/screenshots.ts FOLDER [STATE …]')
mkdirSync(folder, { recursive: true })

const world = await openWebWorld()
let visitors = 0
const browser = await openBrowser(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])
try {
  for (const { name, show, print = false, cut = false, forgetful = false, path = '/' } of states.filter(
    (state) => wanted.length === 0 || wanted.includes(state.name),
  ))
    for (const language of ['zh', 'en'] as const)
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [390, 1440]) {
          if (print && (colorScheme === 'dark' || width === 390)) continue
          const opened = await openPage(browser, `${world.jinan.url}/healthz`, {
            viewport: { width: print ? 794 : width, height: width === 390 ? 844 : 900 },
            colorScheme,
            reducedMotion: 'reduce',
            timezoneId: 'Asia/Shanghai',
            serviceWorkers: forgetful ? 'block' : 'allow',
            // Each visitor from an address of its own, as the node believes its neighbour on this machine: nobody is throttled for another.
            extraHTTPHeaders: { 'X-Forwarded-For': `10.0.${++visitors >> 8}.${visitors & 255}` },
          })
          const { page, context, close } = opened
          await page.evaluate(`localStorage.setItem('comity.settings', JSON.stringify({ language: '${language}', theme: 'auto' }))`)
          if (cut) await context.route('**/trust/**', (route) => route.abort())
          await page.goto(`${world.jinan.url}${path}`)
          await page.locator(path === '/' ? '.standing:not(.loading)' : '#claim').waitFor()
          if (path === '/') await page.getByText(/本页已存入本设备|本设备未能保存本页|is kept on this device|could not keep the page/).waitFor()
          await show(page, world)
          if (print) await page.emulateMedia({ media: 'print' })
          await page.screenshot({ path: join(folder, `${name}-${language}-${colorScheme}-${width}.png`), fullPage: true })
          await close()
        }
} finally {
  await browser.close()
  await world.close()
}
