import { join } from 'node:path'

import type { Browser } from 'playwright-core'
import { create } from 'qrcode'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { nodeEngine } from '#custody/engine-node.ts'
import { codeOfRecord } from '#registry/certificate/code-of-record.ts'

import { cameraSeeing } from '../support/camera-seeing.ts'
import { openBrowser, openPage, outcomeOn, temporaryFolder } from '../support/open-page.ts'
import { openWebWorld, type WebWorld } from '../support/open-web-world.ts'

const folder = temporaryFolder()
let world: WebWorld

beforeAll(async () => {
  world = await openWebWorld()
})
afterAll(async () => {
  await world.close()
  folder.remove()
})

/** A browser whose camera sees the code of a certificate of Jinan's. */
function browserSeeing(record: string): Promise<Browser> {
  const code = codeOfRecord(record, world.jinan.url, nodeEngine)! // every one of these records has a code
  return openBrowser(cameraSeeing(join(folder.path, 'code.y4m'), code))
}

it('says that a code of something else is none of a certificate, and goes on looking until it is closed', async () => {
  const { modules } = create([{ data: new TextEncoder().encode('https://example.com/menu'), mode: 'byte' }], { errorCorrectionLevel: 'L' })
  const menu = { size: modules.size, modules: Array.from(modules.data, (module) => module === 1) }
  const browser = await openBrowser(cameraSeeing(join(folder.path, 'menu.y4m'), menu))
  try {
    const { page, troubles } = await openPage(browser, `${world.jinan.url}/`)
    await page.getByRole('button', { name: '扫码或拍照' }).click()
    const told = page.getByRole('dialog').getByRole('status')
    await told.getByText('看到的不是证书的二维码，请对准证书上的二维码').waitFor()
    expect([await page.locator('article.verdict').count(), await page.locator('video').isVisible()]).toEqual([0, true])
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(troubles).toEqual([])
  } finally {
    await browser.close()
  }
})

it.each([
  ['good', 'genuine', '真实有效'],
  ['revoked', 'not-valid', '不可采信'],
] as const)('the page says of a certificate that its camera sees, %s, what it is, and lets go of the camera', async (name, outcome, word) => {
  const browser = await browserSeeing(world.records[name])
  try {
    const { page, troubles, requests } = await openPage(browser, `${world.jinan.url}/`)
    await page.evaluate(
      `{ const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
         navigator.mediaDevices.getUserMedia = async (wanted) => (globalThis.camera = await open(wanted)) }`,
    )
    await page.getByRole('button', { name: '扫码或拍照' }).click()
    expect(await outcomeOn(page)).toEqual({ outcome, word })
    expect(await page.locator('.facts').innerText()).toContain('拍摄的图片')
    expect(await page.locator('.signed').innerText()).toContain('孙远敏')
    expect(await page.locator('dialog').count()).toBe(0)
    expect(await page.evaluate('camera.getTracks().map(({ readyState }) => readyState)')).toEqual(['ended'])
    expect(requests.filter((url) => !url.startsWith(`${world.jinan.url}/`))).toEqual([])
    expect(troubles).toEqual([])
  } finally {
    await browser.close()
  }
})
