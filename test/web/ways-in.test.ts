import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { paperUrl } from '#core/paper/paper-url.ts'

import { openBrowser, openPage, outcomeOn, type OpenPage } from '../support/open-page.ts'
import { openWebWorld, type WebWorld } from '../support/open-web-world.ts'
import { pack } from '../support/paper-code.ts'
import { pngOfCode } from './read/make-png.ts'

let world: WebWorld
let browser: Browser
let opened: OpenPage

beforeAll(async () => {
  world = await openWebWorld()
  browser = await openBrowser()
})
afterEach(() => opened.close())
afterAll(async () => {
  await browser.close()
  await world.close()
})

const open = async (): Promise<OpenPage> => (opened = await openPage(browser, `${world.jinan.url}/`))

describe('the verify page', () => {
  it('takes several that are dropped together, and a picture of a code that is pasted', async () => {
    const { page, leaks } = await open()
    const code = paperUrl(world.jinan.url, pack(presentSdJwt(world.records.good, ['name'])))
    const files = `[new File([${JSON.stringify(world.records.good)}], 'a.jwt'), new File([${JSON.stringify(world.records.revoked)}], 'b.jwt')]`
    await page.evaluate(
      `{ const data = new DataTransfer(); for (const file of ${files}) data.items.add(file); dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true })) }`,
    )
    const rows = page.locator('.result-table tbody tr')
    await rows.nth(1).waitFor()
    await page.locator('progress').waitFor({ state: 'detached' })
    expect((await rows.allInnerTexts()).map((row) => row.trim().split(/\s+/)[0])).toEqual(['真实有效', '不可采信'])
    await page.getByRole('button', { name: '清除结果' }).click()
    const png = Buffer.from(pngOfCode(code)).toString('base64')
    await page.evaluate(
      `{ const data = new DataTransfer(); data.items.add(new File([Uint8Array.from(atob('${png}'), (each) => each.charCodeAt(0))], 'image.png', { type: 'image/png' })); dispatchEvent(new ClipboardEvent('paste', { clipboardData: data })) }`,
    )
    expect((await outcomeOn(page)).outcome).toBe('genuine')
    expect(await page.locator('.facts').innerText()).toContain('image.png')
    expect(leaks).toEqual([])
  })

  it('can be installed', async () => {
    const { page, context } = await open()
    await page.getByText('本页已存入本设备').waitFor()
    const browserOf = await context.newCDPSession(page)
    const { errors, data = '' } = await browserOf.send('Page.getAppManifest')
    const { installabilityErrors } = await browserOf.send('Page.getInstallabilityErrors')
    const {
      name,
      display,
      start_url: start,
      icons,
    } = JSON.parse(data) as { readonly [member: string]: unknown; readonly icons: readonly { readonly src: string }[] } // the manifest
    expect([errors, name, display, start]).toEqual([[], '互认 Comity · 核验证书', 'standalone', '/'])
    // A private window, which every context of a test is, installs nothing: that is all that stands against it.
    expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito'])
    for (const { src } of icons) expect([src, (await page.request.get(`${world.jinan.url}${src}`)).ok()]).toEqual([src, true])
  })

  it('says whose trust data it goes by, and how old each of its files is', async () => {
    const { page } = await open()
    await page.locator('.standing.fetched').waitFor()
    expect(await page.locator('.standing').innerText()).toBe('信任数据来自济南市人力资源和社会保障局节点，刚刚更新')
    await page.locator('.trust summary').click()
    const sources = await page.locator('.sources li').allInnerTexts()
    expect([
      sources.length,
      sources.filter(
        (text) => !/^(联盟名录|规则集|公钥清单|状态列表)\s*新\s+\S[^]*\d{4}年\d+月\d+日 \d\d:\d\d（北京时间） · \d+ (秒|分钟)前$/.test(text.trim()),
      ),
    ]).toEqual([6, []])
  })
})
