import { rmSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { changeStatusRoute } from '#contract/records.ts'

import { titleDraft } from '../support/examples.ts'
import { copyPages, publishNewer } from '../support/newer-pages.ts'
import { chooseFiles, openBrowser, openPage, outcomeOn, type OpenPage } from '../support/open-page.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'
import { openWebWorld, type WebWorld } from '../support/open-web-world.ts'

let world: WebWorld
let browser: Browser
const opened: { readonly close: () => Promise<void> }[] = []

beforeAll(async () => {
  world = await openWebWorld()
  browser = await openBrowser()
})
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close()
})
afterAll(async () => {
  await browser.close()
  await world.close()
})

/** Opens the page and waits until it says that it is kept. */
async function visit(url: string): Promise<OpenPage> {
  const page = await openPage(browser, url)
  opened.push(page)
  await kept(page.page)
  return page
}

async function kept(page: Page): Promise<void> {
  await page.getByText('本页已存入本设备').waitFor()
  await page.locator('.standing.fetched').waitFor()
}

/** Without a network, past every way that there was: the page is loaded anew from what the device keeps. */
async function cutOff(context: BrowserContext, page: Page): Promise<void> {
  await context.setOffline(true)
  await page.reload()
}

const check = async (page: Page, name: string, content: string) => {
  await chooseFiles(page, [{ name, content }])
  return (await outcomeOn(page)).outcome
}

describe('without a network, after one visit', () => {
  it('the page says yes, no and cannot tell, and what it cannot know', async () => {
    const { page, context, troubles } = await visit(`${world.jinan.url}/`)
    await cutOff(context, page)
    expect(await page.locator('.promises').innerText()).toContain('打开过一次后，断网也能用')
    expect(await check(page, 'good.jwt', world.records.good)).toBe('genuine')
    expect(await page.locator('.facts').innerText()).toContain('此后若有撤销、注销或密钥变更，本页无从得知。')
    expect(await page.locator('.standing').innerText()).toMatch(/^联系不上节点，使用\d{4}年.+（北京时间）取得的信任数据。此后若有撤销/)
    for (const [name, outcome] of [
      ['revoked', 'not-valid'],
      ['changed', 'not-valid'],
      ['unlisted', 'cannot-check-now'],
    ] as const) {
      await page.getByRole('button', { name: '清除结果' }).click()
      expect([name, await check(page, name, world.records[name])]).toEqual([name, outcome])
    }
    expect(troubles).toEqual([])
  })

  it('the page opens at /q as well, and its code stays in the fragment', async () => {
    const { page, context } = await visit(`${world.jinan.url}/`)
    await context.setOffline(true)
    await page.goto(`${world.jinan.url}/q#123`)
    await page.locator('article.verdict').waitFor()
    expect(await page.title()).toContain('核验证书')
  })

  it('the page does not know of a revocation that it could not hear of, and does when it can', async () => {
    const { record, text } = await world.issue('title', titleDraft())
    const { page, context } = await visit(`${world.jinan.url}/`)
    await cutOff(context, page)
    expect(await check(page, 'a.jwt', text)).toBe('genuine')
    await world.jinan.call(changeStatusRoute, { as: 'drafter', params: { record }, body: { change: 'revoked', reason: 'fraud' } })
    await context.setOffline(false)
    await page.waitForTimeout(1100) // for as long the node keeps its index
    await page.getByRole('button', { name: '立即更新' }).click()
    await page.locator('article.outcome-not-valid').waitFor()
    expect(await page.locator('.reasons').innerText()).toContain('记录已被撤销')
  })

  it('a device that never heard the node judges nothing, and says what is missing', async () => {
    const { page, context } = await visit(`${world.jinan.url}/`)
    await page.evaluate("caches.delete('comity-trust/1')")
    await cutOff(context, page)
    expect(await check(page, 'good.jwt', world.records.good)).toBe('cannot-check-now')
    expect(await page.locator('.reasons').innerText()).toContain('本设备还没有信任数据，也联系不上节点')
  })

  it('a trust file that was damaged on the device is left out, and what rests on it cannot be told', async () => {
    const { page, context } = await visit(`${world.jinan.url}/`)
    await page.evaluate(`(async () => {
      const cache = await caches.open('comity-trust/1')
      for (const request of await cache.keys())
        if (request.url.includes('/manifest/')) await cache.put(request, new Response((await (await cache.match(request)).text()).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))))
    })()`)
    await cutOff(context, page)
    expect(await check(page, 'good.jwt', world.records.good)).toBe('cannot-check-now')
    expect(await page.locator('.reasons').innerText()).toContain('缺少发证机关的公钥清单')
    expect(await page.locator('.trust').innerText()).toContain('个信任文件的签名不能追溯到所信任的机关，未予采用')
    await context.setOffline(false)
    await page.getByRole('button', { name: '立即更新' }).click()
    await page.locator('article.outcome-genuine').waitFor()
  })
})

describe('a device that keeps nothing', () => {
  it.each([
    ['no caches', "Object.defineProperty(globalThis, 'caches', { value: undefined })"],
    ['caches that refuse', "Object.defineProperty(globalThis, 'caches', { value: { open: () => Promise.reject(new DOMException('no', 'SecurityError')) } })"],
  ])('verifies all the same, with %s and neither storage nor service worker', async (_name, spoil) => {
    const context = await browser.newContext({ serviceWorkers: 'block' })
    opened.push({ close: () => context.close() })
    await context.addInitScript("Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })")
    // The judge is a worker, which no init script reaches: its file is given a first line.
    await context.route('**/assets/worker-*.js', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: `${spoil};${await answer.text()}` })
    })
    const page = await context.newPage()
    await page.goto(`${world.jinan.url}/`)
    expect(await check(page, 'good.jwt', world.records.good)).toBe('genuine')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByText('could not keep the page').waitFor()
    expect(await page.locator('.promises').innerText()).toBe('Everything happens on this device; no file is uploaded\nNo login')
  })

  it('promises nothing for times without a network where a part of the page could not be stored', async () => {
    const { path, remove } = copyPages()
    rmSync(join(path, 'icon-512.png'))
    const node = await openTestNode({ pages: path })
    try {
      const { page, close } = await openPage(browser, `${node.url}/`)
      await page.getByText('本设备未能保存本页').waitFor()
      expect(await page.locator('.promises').innerText()).toBe('全部在本设备上完成，文件不上传\n不需要登录')
      await close()
    } finally {
      await node.close()
      remove()
    }
  })

  it('verifies without WebCrypto, on a page that is no secure context', async () => {
    const context = await browser.newContext({ serviceWorkers: 'block' })
    opened.push({ close: () => context.close() })
    await context.route('**/assets/worker-*.js', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: `Object.defineProperty(crypto, 'subtle', { value: undefined });${await answer.text()}` })
    })
    const page = await context.newPage()
    await page.goto(`${world.jinan.url}/`)
    expect(await check(page, 'good.jwt', world.records.good)).toBe('genuine')
    await page.getByRole('button', { name: '清除结果' }).click()
    expect(await check(page, 'changed.jwt', world.records.changed)).toBe('not-valid')
  })
})

describe('a newer build of the page', () => {
  it('waits, says so, and comes when the person takes it; the older one is gone then', async () => {
    const { path, remove } = copyPages()
    const node: TestNode = await openTestNode({ pages: path })
    try {
      const { page, context } = await visit(`${node.url}/`)
      const [first] = (await page.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('comity-pages/')))")) as readonly string[] // names
      publishNewer(path)
      await page.reload()
      // What is open stays whole: it is the older page until the person says otherwise.
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('核验证书')
      await page.getByText('本页有新版本').waitFor()
      await page.getByRole('button', { name: '重新载入' }).click()
      await page.getByRole('heading', { level: 1, name: '核验证书（新版）' }).waitFor()
      const names = (await page.evaluate("caches.keys().then((all) => all.filter((name) => name.startsWith('comity-pages/')))")) as readonly string[] // names
      expect(names.length).toBe(1)
      expect(names[0]).not.toBe(first)
      await kept(page)
      await cutOff(context, page)
      await page.getByRole('heading', { level: 1, name: '核验证书（新版）' }).waitFor()
    } finally {
      await node.close()
      remove()
    }
  })
})
