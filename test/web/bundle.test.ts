import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { changeStatusRoute } from '#contract/records.ts'
import { anchorsDigest, readBundle } from '#core/bundle/bundle.ts'
import { secondsOf } from '#core/model/instant.ts'
import { inflate, nodeEngine } from '#custody/engine-node.ts'

import { bundleOfFiles } from '../support/bundle-of.ts'
import { titleDraft } from '../support/examples.ts'
import { makeAlliance, makeTestKey } from '../support/make-alliance.ts'
import { chooseFiles, openBrowser, openPage, outcomeOn, type OpenPage } from '../support/open-page.ts'
import { openWebWorld, type WebWorld } from '../support/open-web-world.ts'
import { violationsOn } from '../support/violations-on.ts'

let world: WebWorld
let browser: Browser
let bundle: Uint8Array
const opened: OpenPage[] = []

beforeAll(async () => {
  world = await openWebWorld()
  browser = await openBrowser()
  bundle = await bundleOf('')
})
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close()
})
afterAll(async () => {
  await browser.close()
  await world.close()
})

const bundleOf = async (alliance: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(`${world.jinan.url}/bundle${alliance}`)).arrayBuffer())
const digestOf = (bytes: Uint8Array): string => anchorsDigest(readBundle(bytes, nodeEngine, inflate).label.anchors, nodeEngine)

/** The page as it came once, and nothing of the trust data that its node has. */
async function openAlone(): Promise<OpenPage> {
  const page = await openPage(browser, `${world.jinan.url}/healthz`, { serviceWorkers: 'block' })
  opened.push(page)
  await loseNode(page.context)
  await page.page.goto(`${world.jinan.url}/`)
  await page.page.locator('.standing.none').waitFor()
  return page
}

/** Nothing of the node but its page is reached from here on. */
const loseNode = (context: BrowserContext) => context.route(/\/(trust|status|bundle)\//, (route) => route.abort())

async function open(): Promise<OpenPage> {
  const page = await openPage(browser, `${world.jinan.url}/`, { serviceWorkers: 'block' })
  opened.push(page)
  await page.page.locator('.standing.fetched').waitFor()
  return page
}

const give = (page: Page, bytes: Uint8Array): Promise<void> => chooseFiles(page, [{ name: 'jinan.bundle', content: bytes }])
const confirm = (page: Page): Promise<void> => page.getByRole('button', { name: '摘要一致，据此核验' }).click()

const outcomes = {
  good: 'genuine',
  revoked: 'not-valid',
  changed: 'not-valid',
  registrationExpired: 'genuine-with-note',
  unlisted: 'cannot-check-now',
} as const

async function judged(page: Page): Promise<Readonly<Record<string, string>>> {
  const told: [string, string][] = []
  for (const name of Object.keys(outcomes) as (keyof typeof outcomes)[]) {
    // its own keys
    await chooseFiles(page, [{ name: `${name}.jwt`, content: world.records[name] }])
    told.push([name, (await outcomeOn(page)).outcome])
    await page.getByRole('button', { name: '清除结果' }).click()
  }
  return Object.fromEntries(told)
}

describe('a page with a bundle and nothing else', () => {
  it('trusts nobody before the person has confirmed the digest that it shows', async () => {
    const { page, troubles } = await openAlone()
    await give(page, bundle)
    const card = page.locator('.bundle-panel .card')
    await card.waitFor()
    expect(await card.getByRole('heading').innerText()).toBe('是否相信此离线包')
    expect(await card.locator('.digest').innerText()).toBe(digestOf(bundle))
    expect(await card.innerText()).toContain('自称出自 https://370100.comity.example')
    expect(await card.getByRole('listitem').allInnerTexts()).toEqual([
      '联盟“山东省会经济圈人力资源一体化发展联盟”（sd-capital-circle），名录第 1 版',
      '济南市人力资源和社会保障局（https://370100.comity.example）',
    ])
    await chooseFiles(page, [{ name: 'good.jwt', content: world.records.good }])
    expect((await outcomeOn(page)).outcome).toBe('cannot-check-now')
    // What waits is judged as soon as there is something to judge by.
    await confirm(page)
    await page.locator('article.outcome-genuine').waitFor()
    expect(troubles.filter((trouble) => !trouble.includes('ERR_FAILED'))).toEqual([])
  })

  it('says yes, no and cannot tell as it does online, and whose bundle it is and how old', async () => {
    const online = await judged((await open()).page)
    const { page } = await openAlone()
    await give(page, bundle)
    await confirm(page)
    await page.locator('.standing.bundle').waitFor()
    expect(await judged(page)).toEqual(online)
    expect(online).toEqual(outcomes)
    expect(await page.locator('.bundle-panel').innerText()).toMatch(
      /^正在使用离线包\s+离线包由济南市人力资源和社会保障局制作于 .+（北京时间），.+前；签名已核实\s+不用此离线包$/,
    )
    expect(await page.locator('.standing').innerText()).toBe('联系不上节点，只依据所选的离线包核验。此后若有撤销、注销或密钥变更，本页无从得知。')
  })

  it('keeps it on the device, confirmation and all, and forgets it when it is told to', async () => {
    const { page } = await openAlone()
    await give(page, bundle)
    await confirm(page)
    await page.locator('.standing.bundle').waitFor()
    await page.reload()
    await page.locator('.standing.bundle').waitFor()
    await chooseFiles(page, [{ name: 'good.jwt', content: world.records.good }])
    expect((await outcomeOn(page)).outcome).toBe('genuine')
    await page.getByRole('button', { name: '不用此离线包' }).click()
    await page.locator('article.outcome-cannot-check-now').waitFor()
    await page.reload()
    await page.locator('.standing.none').waitFor()
    expect(await page.locator('.bundle-panel .card').count()).toBe(0)
  })

  it('asks again for a bundle that names other anchors, and not for a newer one under the same', async () => {
    const { page } = await openAlone()
    await give(page, bundle)
    await confirm(page)
    await page.locator('.standing.bundle').waitFor()
    await give(page, await bundleOf('/sd-capital-circle'))
    await page.getByRole('heading', { name: '是否相信此离线包' }).waitFor()
    expect(await page.locator('.standing').getAttribute('class')).toBe('standing none')
    await confirm(page)
    await page.locator('.standing.bundle').waitFor()
    const { record } = await world.issue('title', titleDraft())
    await world.jinan.call(changeStatusRoute, { as: 'drafter', params: { record }, body: { change: 'revoked', reason: 'fraud' } })
    await page.waitForTimeout(1500) // for as long a bundle stands as it is
    await give(page, await bundleOf('/sd-capital-circle'))
    await page.getByRole('heading', { name: '正在使用离线包' }).waitFor()
  })

  it('takes nothing back for an older bundle under the same anchors, unless the newer one is dropped first', async () => {
    const { page } = await openAlone()
    const { record, text } = await world.issue('title', titleDraft())
    await page.waitForTimeout(1500) // for as long a bundle stands as it is
    const before = await bundleOf('')
    await world.jinan.call(changeStatusRoute, { as: 'drafter', params: { record }, body: { change: 'revoked', reason: 'fraud' } })
    await page.waitForTimeout(1500)
    await give(page, await bundleOf(''))
    await confirm(page)
    await give(page, before)
    await page.getByText('所选离线包早于正在使用的离线包，未采用').waitFor()
    await chooseFiles(page, [{ name: 'revoked.jwt', content: text }])
    expect((await outcomeOn(page)).outcome).toBe('not-valid')
    await page.getByRole('button', { name: '不用此离线包' }).click()
    await page.locator('article.outcome-cannot-check-now').waitFor()
    await give(page, before)
    await confirm(page)
    await page.locator('article.outcome-genuine').waitFor()
  })

  it('says that it is old once what is in it should have been fetched anew', async () => {
    const { page } = await openAlone()
    const shandong = makeAlliance({ cities: ['370100', '370300'] })
    await give(page, bundleOfFiles(shandong.files, { maker: shandong.city('370100'), iat: secondsOf(shandong.at) }))
    await confirm(page)
    await page.getByText('离线包已旧于其中文件的更新期限').waitFor()
    expect(await page.locator('.bundle-panel').innerText()).toMatch(/\d+ 天前/)
  })

  it('uses nothing of one that was changed, or that somebody signed in its maker’s name, and says what is wrong', async () => {
    const { page } = await openAlone()
    await give(page, bundle.with(bundle.length - 5, bundle.at(-5)! ^ 1))
    await page.getByText('离线包已损坏或被改动').waitFor()
    const shandong = makeAlliance({ cities: ['370100', '370300'] })
    const maker = shandong.city('370100')
    const forged = bundleOfFiles(shandong.files, {
      maker,
      iat: shandong.iat,
      signer: { kid: maker.status.signer.kid, sign: makeTestKey('forger').signer.sign },
    })
    await give(page, forged)
    await confirm(page)
    await page.getByText('离线包不是所称机关制作的，或已被改动').waitFor()
    expect([await page.locator('.bundle-panel .card').count(), await page.locator('.standing').getAttribute('class')]).toEqual([0, 'standing none'])
  })

  it('is told to everybody: no violation of WCAG, in either language and theme', async () => {
    const { page } = await openAlone()
    await give(page, bundle)
    await page.locator('.bundle-panel .card').waitFor()
    expect(await violationsOn(page)).toEqual([])
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByLabel('Appearance').selectOption('dark')
    await page.getByText('Shall this offline bundle be trusted?').waitFor()
    expect(await violationsOn(page)).toEqual([])
  })
})

describe('a page that has heard its node', () => {
  it('keeps its node’s anchors, whatever a bundle names', async () => {
    const { page } = await open()
    const elsewhere = makeAlliance({ cities: ['420100'] })
    await give(page, bundleOfFiles(elsewhere.files, { maker: elsewhere.city('420100'), iat: secondsOf(elsewhere.at) }))
    await page.getByText('自称出自 https://420100.comity.example').waitFor()
    expect(await page.locator('.bundle-panel').getByRole('heading').innerText()).toBe('离线包未被采用：其中没有一个文件的签名能追溯到所信任的机关')
    expect(await page.getByRole('button', { name: '摘要一致，据此核验' }).count()).toBe(0)
    await chooseFiles(page, [{ name: 'u.jwt', content: elsewhere.issue('420100', 'title', titleDraft()) }])
    expect((await outcomeOn(page)).outcome).toBe('cannot-check-now')
    expect(await page.locator('.trust').innerText()).toContain('未予采用')
  })

  it('takes nothing back for an older bundle that its node has said since', async () => {
    const { record, text } = await world.issue('title', titleDraft())
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const before = await bundleOf('')
    await world.jinan.call(changeStatusRoute, { as: 'drafter', params: { record }, body: { change: 'revoked', reason: 'fraud' } })
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const { page, context } = await open()
    await give(page, before)
    await page.getByRole('heading', { name: '正在使用离线包' }).waitFor()
    await chooseFiles(page, [{ name: 'a.jwt', content: text }])
    expect((await outcomeOn(page)).outcome).toBe('not-valid')
    // And a newer bundle brings what a device without a network has not heard.
    const late = await world.issue('title', titleDraft())
    await page.getByRole('button', { name: '清除结果' }).click()
    await loseNode(context)
    await world.jinan.call(changeStatusRoute, { as: 'drafter', params: { record: late.record }, body: { change: 'revoked', reason: 'fraud' } })
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await chooseFiles(page, [{ name: 'b.jwt', content: late.text }])
    expect((await outcomeOn(page)).outcome).toBe('genuine')
    await give(page, await bundleOf(''))
    await page.locator('article.outcome-not-valid').waitFor()
  })
})
