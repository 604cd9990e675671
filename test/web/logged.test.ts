import { readFileSync } from 'node:fs'

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { handOutCode } from '#contract/records.ts'
import { describeInstant } from '#core/credential/describe-date.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { secondsOf } from '#core/model/instant.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { proofOfRecord } from '#registry/log/prove-record.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'
import { verifyRecords } from '#registry/verify-records.ts'

import { layOut } from '../registry/certificate/sheets.ts'
import { claimOn, handOut } from '../support/claim-on-page.ts'
import { titleDraft } from '../support/examples.ts'
import { logAndCosign } from '../support/log-and-cosign.ts'
import { chooseFiles, openBrowser, openPage, outcomeOn, type OpenPage } from '../support/open-page.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'
import { openWebWorld, type WebWorld } from '../support/open-web-world.ts'

let world: WebWorld
let browser: Browser
let text: string
let id: string
let proof: string
let number: string
const opened: OpenPage[] = []

beforeAll(async () => {
  world = await openWebWorld()
  browser = await openBrowser()
  ;({ record: id, text } = await world.issue('title', titleDraft()))
  await logAndCosign(world.jinan)
  const { office } = world.jinan
  proof = (await proofOfRecord(office, (await openTrustDesk(office, () => performance.now()).current()).trust, text))!
  number = numberOf(text)
})
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close()
})
afterAll(async () => {
  await browser.close()
  await world.close()
})

const numberOf = (record: string): string => parseSdJwt(record, nodeEngine).claims['number'] as string // every record has one
async function open(path = '/', { url }: Pick<TestNode, 'url'> = world.jinan): Promise<Page> {
  const page = await openPage(browser, `${url}${path}`, { locale: 'zh-CN' })
  opened.push(page)
  return page.page
}
async function clicked(page: Page, button: string): Promise<{ readonly name: string; readonly path: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()])
  return { name: download.suggestedFilename(), path: await download.path() }
}

describe('a record with its log proof', () => {
  it('is told with the time in the log and the city whose word it is, and no longer as of an unproven time', async () => {
    const page = await open()
    await chooseFiles(page, [
      { name: `${number}.sd-jwt`, content: text },
      { name: `${number}.tlog-proof`, content: proof },
    ])
    expect((await outcomeOn(page)).outcome).toBe('genuine')
    const [{ logged } = {}] = await verifyRecords(world.zibo.office, world.zibo.desk, [{ record: text, proof }], {})
    const at = describeInstant(secondsOf(logged!.at)).zh
    const where = `日志 370100.comity.example/log，第 ${logged!.index + 1} 条`
    const who = '见证：淄博市人力资源和社会保障局'
    expect(await page.locator('.facts > div', { hasText: '入日志时间' }).innerText()).toBe(['入日志时间', `不晚于 ${at}`, where, who].join('\n'))
    expect(await page.locator('article').innerText()).not.toContain('没有可信时间证明')
    await page.locator('.checks summary').click()
    const time = page.locator('.checks li', { hasText: '签发时间' })
    expect([await time.getAttribute('class'), (await time.innerText()).replaceAll(/\s+/g, '')]).toEqual([
      'answer-yes',
      `签发时间通过依据不晚于${at}；${where}；${who}`.replaceAll(/\s+/g, ''),
    ])
  })

  it('is asked for where the proof comes alone', async () => {
    const page = await open()
    await chooseFiles(page, [{ name: `${number}.tlog-proof`, content: proof }])
    expect((await outcomeOn(page)).outcome).toBe('nothing-to-check')
    expect(await page.locator('article').innerText()).toContain('请与它的记录文件（文件名相同）一起选择或拖入')
  })

  it('is claimed with it: as a file of its own, and in the certificate, which proves the time by itself', async () => {
    const { code } = await world.jinan.call(handOutCode, { as: 'drafter', params: { record: id }, body: {} })
    const page = await open('/claim')
    await claimOn(page, { code })
    const kept = await clicked(page, '保存日志证明')
    expect([kept.name, readFileSync(kept.path, 'utf8')]).toEqual([`${number}.tlog-proof`, proof])
    const certificate = await clicked(page, '下载证书')
    const pdf = readFileSync(certificate.path)
    const sheet = layOut(pdf)
    expect(Object.keys(sheet.attachments())).toEqual([`${number}.sd-jwt`, `${number}.tlog-proof`])
    sheet.close()
    const other = await open()
    await chooseFiles(other, [{ name: certificate.name, content: pdf }])
    expect((await outcomeOn(other)).outcome).toBe('genuine')
    expect(await other.locator('.facts').innerText()).toContain('入日志时间')
  })

  it('says so while nobody has cosigned: a proof that proves no time is not handed out', async () => {
    const alone = await openTestNode()
    try {
      const fresh = await handOut(alone)
      await logAndCosign(alone)
      const page = await open('/claim', alone)
      await claimOn(page, fresh)
      expect(await page.locator('.keep-it').innerText()).toContain('日志证明要在签发后一分钟左右才有，现在还没有。')
      expect(await page.getByRole('button', { name: '保存日志证明' }).count()).toBe(0)
    } finally {
      await alone.close()
    }
  })
})
