import { readFileSync } from 'node:fs'

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { listAudit } from '#contract/audit.ts'
import { changeStatusRoute } from '#contract/records.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { Fault } from '#core/fault.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { problemOf } from '#http/problem.ts'

import { layOut } from '../registry/certificate/sheets.ts'
import { claimOn, handOut, lastSix, sendClaim } from '../support/claim-on-page.ts'
import { titleDraft, workInjuryDraft } from '../support/examples.ts'
import { chooseFiles, openBrowser, openPage, outcomeOn, type OpenPage } from '../support/open-page.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode
let browser: Browser
const opened: OpenPage[] = []

beforeAll(async () => {
  node = await openTestNode({ name: { zh: '济南市人力资源和社会保障局', en: 'Jinan Human Resources and Social Security Bureau' }, limits: { claim: 10_000 } })
  browser = await openBrowser()
})
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close()
})
afterAll(async () => {
  await browser.close()
  await node.close()
})

async function open(path = '/claim', options: BrowserContextOptions = {}): Promise<OpenPage> {
  const page = await openPage(browser, `${node.url}${path}`, options)
  opened.push(page)
  return page
}

const focused = (page: Page): Promise<string> => page.evaluate('(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()')

/** Presses Tab until what is focused begins with the name. */
async function reach(page: Page, name: string): Promise<void> {
  for (let pressed = 0; pressed < 40; pressed++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)).startsWith(name)) return
  }
  throw new Error(`${name} is not reached`)
}

/** What comes down when the focused button is pressed. */
async function pressed(page: Page): Promise<{ readonly name: string; readonly path: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
  return { name: download.suggestedFilename(), path: await download.path() }
}

async function clicked(page: Page, button: string): Promise<{ readonly name: string; readonly path: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()])
  return { name: download.suggestedFilename(), path: await download.path() }
}

const disclosedBy = (record: string): readonly string[] => Object.keys(parseSdJwt(record, nodeEngine).disclosed).toSorted()
const textOf = (path: string): string => readFileSync(path, 'utf8')
const numberOf = (record: string): string => parseSdJwt(record, nodeEngine).claims['number'] as string // every record has one
const said = async (page: Page): Promise<string> => (await page.locator('.refusal .failure').first().innerText()).replaceAll(/\s+/g, ' ')

describe('the whole way, by the keyboard alone', () => {
  it('claims, saves everything, chooses what to show, and takes the certificate and the record file, which are of one piece', async () => {
    const { record, text, code } = await handOut(node)
    const number = numberOf(text)
    const { page, troubles, requests } = await open()
    await reach(page, '领取码')
    await page.keyboard.type(code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'))
    expect(await page.locator('#claim-code').inputValue()).toBe(code)
    await reach(page, '身份证件号码的后六位')
    await page.keyboard.type(lastSix)
    await page.keyboard.press('Enter')
    await page.locator('.received-head').waitFor()
    expect([await focused(page), await page.title()]).toEqual(['记录已领到', '记录已领到 · 领取证书 · 互认 Comity'])
    expect(await page.locator('.keep-it').innerText()).toContain('领取码已经用掉，不能再用。')
    expect(await page.locator('.received .card').first().innerText()).toContain('370113199604192288')

    await reach(page, '保存完整记录')
    const whole = await pressed(page)
    expect([whole.name, textOf(whole.path)]).toEqual([`${number}-完整-自存.sd-jwt`, text])
    expect(await page.locator('.keep-it').innerText()).toContain('完整记录已保存')

    // A name is what is suggested; the number is covered on the sheet and not in the file.
    const preview = page.locator('.preview')
    expect(await preview.locator('> .lines').innerText()).toBe('姓名\n孙远敏\n证件类型\n居民身份证 resident_id\n证件号码\n370***********2288')
    expect(await preview.locator('[role=status]').innerText()).toBe('不出示：出生日期与性别、工作单位、照片摘要')
    await reach(page, '出生日期与性别')
    await page.keyboard.press('Space')
    expect(await preview.locator('> .lines').innerText()).toContain('1996年4月19日')
    await reach(page, '下载证书')
    const certificate = await pressed(page)
    await reach(page, '下载记录文件')
    const file = await pressed(page)
    expect([certificate.name, file.name, textOf(file.path)]).toEqual([`${number}.pdf`, `${number}.sd-jwt`, presentSdJwt(text, ['name', 'birth'])])
    const sheet = layOut(readFileSync(certificate.path))
    expect(sheet.attachment()).toEqual({ name: `${number}.sd-jwt`, content: textOf(file.path) })
    expect([sheet.text().includes('孙远敏'), sheet.text().includes('370***********2288'), sheet.text().includes('济南第三机床厂')]).toEqual([true, true, false])
    sheet.close()
    expect(await page.locator('.done').innerText()).toBe(`已下载 ${number}.sd-jwt`)

    // Both are genuine on the page where anybody checks.
    for (const name of [file, certificate]) {
      const { page: other } = await open('/')
      await chooseFiles(other, [{ name: name.name, content: readFileSync(name.path) }])
      expect((await outcomeOn(other)).outcome).toBe('genuine')
    }
    const { items } = await node.call(listAudit, { as: 'approver', query: { subject: record } })
    expect(items.filter(({ actor }) => actor === 'holder').map(({ action, detail }) => [action, detail])).toEqual([
      ['claim', { disclosed: 'all' }],
      ['certificate', { disclosed: ['birth', 'identity', 'name'], identity: 'masked' }],
    ])
    expect(requests.filter((url) => !url.startsWith(`${node.url}/`) && !url.startsWith(`blob:${node.url}/`))).toEqual([])
    expect(troubles).toEqual([])
  })

  it('shows the number in full or not at all, alike in both', async () => {
    const { text, code } = await handOut(node, 'work-injury', workInjuryDraft())
    const { page } = await open()
    await claimOn(page, { code })
    await page.getByRole('checkbox', { name: /^姓名/ }).uncheck()
    await page.getByRole('radio', { name: /^不出示/ }).check()
    expect(await page.locator('.preview > .lines').count()).toBe(0)
    const bare = await clicked(page, '下载记录文件')
    const bareSheet = layOut(readFileSync((await clicked(page, '下载证书（PDF）')).path))
    expect([disclosedBy(textOf(bare.path)), bareSheet.attachment().content === textOf(bare.path)]).toEqual([[], true])
    expect([bareSheet.text().includes('孙远敏'), bareSheet.text().includes('2288')]).toEqual([false, false])
    bareSheet.close()
    // What the document found is health data: never chosen by itself, and named as what it is.
    expect(await page.getByRole('checkbox', { name: /^认定结论.*敏感个人信息/ }).isChecked()).toBe(false)
    for (const box of await page.getByRole('checkbox').all()) await box.check()
    await page.getByRole('radio', { name: /^完整出示/ }).check()
    const full = await clicked(page, '下载记录文件')
    const fullSheet = layOut(readFileSync((await clicked(page, '下载证书（PDF）')).path))
    expect([textOf(full.path), fullSheet.attachment().content, fullSheet.text().includes('370113199604192288')]).toEqual([text, text, true])
    fullSheet.close()
    expect(await page.locator('.preview').innerText()).toContain('全部内容都会出示。')
  })
})

describe('the claim page', () => {
  it('says the same for a code that is wrong, absent, used or expired, and for six that are wrong', async () => {
    const good = await handOut(node)
    const used = await handOut(node)
    const { page: first } = await open()
    await claimOn(first, used)
    const brief = await handOut(node, 'title', titleDraft(), 1)
    const seen: string[] = []
    const look = async (code: string, six: string): Promise<void> => {
      const { page } = await open()
      await sendClaim(page, code, six)
      await page.locator('.refusal .failure').waitFor()
      seen.push(await page.locator('body').innerText())
      expect(await page.locator('#claim-code').inputValue()).toBe(code)
    }
    await look('0000-0000-0000-0000', lastSix)
    await look(good.code, '192289')
    await look(used.code, lastSix)
    node.pass(24 * 3600)
    await look(brief.code, lastSix)
    node.pass(-24 * 3600)
    expect(new Set(seen).size).toBe(1)
    expect(seen[0]).toContain('领取码或证件号后六位不正确，或已失效\n请核对后重试，或向发证机关重新领取')
  })

  it('sends nothing that can be seen to be wrong, and of a whole identity number the last six only', async () => {
    const { code, text } = await handOut(node)
    const { page, context } = await open()
    const bodies: string[] = []
    context.on('request', (request) => bodies.push(...(request.method() === 'POST' ? [request.postData() ?? ''] : [])))
    await sendClaim(page, '', '')
    expect(await page.locator('.trouble').allInnerTexts()).toEqual(['请填写领取码', '请填写身份证件号码的后六位'])
    expect(await page.evaluate('document.activeElement.id')).toBe('claim-code')
    await sendClaim(page, 'ABCD-EFGH', lastSix)
    expect(await page.locator('.trouble').allInnerTexts()).toEqual(['领取码有 16 个字符，这里是 8 个'])
    await sendClaim(page, `${code.slice(0, -1)}U`, lastSix)
    expect(await page.locator('.trouble').allInnerTexts()).toEqual(['领取码里不会有这样的字符：U'])
    expect(bodies).toEqual([])
    await page.locator('#claim-code').fill(code)
    await page.locator('#claim-six').fill('370113199604192288')
    await page.locator('#claim-six').press('Enter') // the field has not been left
    await page.locator('.received-head').waitFor()
    expect(bodies.map((body) => JSON.parse(body) as object)).toEqual([
      { code: code.replaceAll('-', ''), lastSix, repeatKey: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/) },
    ])
    expect(text.length).toBeGreaterThan(1000)
  })

  it('keeps a code that somebody corrects inside as they type it', async () => {
    const { page } = await open()
    const field = page.locator('#claim-code')
    await field.pressSequentially('abcd2fgh')
    expect(await field.inputValue()).toBe('ABCD-2FGH')
    await field.press('Backspace')
    for (let left = 0; left < 4; left++) await field.press('ArrowLeft')
    await field.press('x')
    expect([await field.inputValue(), await page.evaluate('document.activeElement.selectionStart')]).toEqual(['ABCDx-2FG', 5])
    await field.press('Tab')
    expect(await field.inputValue()).toBe('ABCD-X2FG')
  })

  it('says when to come again, if there were too many', async () => {
    const small = await openTestNode({ division: '370300', limits: { claim: 1 } })
    try {
      const { page, close } = await openPage(browser, `${small.url}/claim`)
      await sendClaim(page, '0000-0000-0000-0000', lastSix)
      await page.getByText('不正确，或已失效').waitFor()
      await page.getByRole('button', { name: '领取', exact: true }).click()
      await page.getByText('请在 60 秒后重试').waitFor()
      expect(await said(page)).toBe('从这个网络地址来的请求过于频繁。 请在 60 秒后重试。')
      await close()
    } finally {
      await small.close()
    }
  })

  it('gives the record after all when the answer was lost on its way, and asks before it is left meanwhile', async () => {
    const { code, text } = await handOut(node)
    const { page, context } = await open()
    let lost = 0
    await context.route('**/claim', async (route) => {
      if (route.request().method() !== 'POST' || lost++ > 0) return route.continue()
      await route.fetch() // the node has heard it, and answered
      return route.abort('connectionreset')
    })
    await sendClaim(page, code, lastSix)
    await page.locator('.refusal .failure').waitFor()
    expect(await said(page)).toBe('没有收到节点的回答。 领取码可能已被用掉：请不要关闭本页，联网后再按一次“领取”，十分钟之内仍可领到。')
    expect(await asksBeforeLeaving(page)).toBe(true)
    await page.getByRole('button', { name: '领取', exact: true }).click()
    await page.locator('.received-head').waitFor()
    expect(textOf((await clicked(page, '保存完整记录')).path)).toBe(text)
    // Nobody else is given it, with the same code and the same six.
    const { page: other } = await open()
    await sendClaim(other, code, lastSix)
    await other.getByText('不正确，或已失效').waitFor()
  })

  it('asks before it is left until the whole record was saved, and lets go of it when told to', async () => {
    const { page } = await open()
    await claimOn(page, await handOut(node))
    const [question] = await Promise.all([page.waitForEvent('dialog'), page.close({ runBeforeUnload: true })])
    expect(question.type()).toBe('beforeunload')
    await question.dismiss()
    await clicked(page, '下载记录文件')
    expect(await asksBeforeLeaving(page)).toBe(true)
    let asked = ''
    page.once('dialog', (dialog) => {
      asked = `${dialog.type()}: ${dialog.message()}`
      void dialog.dismiss()
    })
    await page.getByRole('button', { name: '清除，再领一份' }).click()
    expect([asked, await page.locator('.received-head').count()]).toEqual(['confirm: 完整记录还没有保存，领取码也不能再用。确定清除吗？', 1])
    await clicked(page, '保存完整记录')
    expect(await asksBeforeLeaving(page)).toBe(false)
    await page.getByRole('button', { name: '清除，再领一份' }).click()
    await page.locator('#claim-code').waitFor()
    expect([await page.locator('#claim-code').inputValue(), (await page.content()).includes('孙远敏')]).toEqual(['', false])
  })

  it('says why there is no certificate, and keeps the record', async () => {
    const { record, code, text } = await handOut(node)
    const { page, context } = await open()
    await claimOn(page, { code })
    const press = (): Promise<void> => page.getByRole('button', { name: '下载证书（PDF）' }).click()
    const busy = problemOf(new Fault('certificate-busy'), '')
    await context.route('**/certificates', (route) => route.fulfill({ status: busy.status, contentType: 'application/problem+json', json: busy }), { times: 1 })
    await press()
    await page.getByText('待制作的证书过多').waitFor()
    expect(await said(page)).toBe('待制作的证书过多 请稍后重试')
    await context.route('**/certificates', (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }), { times: 1 })
    await press()
    await page.getByText('节点的回答读不懂').waitFor()
    await context.setOffline(true)
    await press()
    await page.getByText('联系不上节点，没有做成证书').waitFor()
    expect(textOf((await clicked(page, '下载记录文件')).path)).toBe(presentSdJwt(text, ['name']))
    await context.setOffline(false)
    await node.call(changeStatusRoute, { as: 'approver', params: { record }, body: { change: 'revoked', reason: 'fraud' } })
    await press()
    await page.getByText('目前不是有效状态').waitFor()
    expect(await said(page)).toBe('该记录目前不是有效状态，不制作证书 请向签发机关查询记录的状态')
    expect(textOf((await clicked(page, '保存完整记录')).path)).toBe(text)
  })

  it('saves a record that it cannot read', async () => {
    const { page, context } = await open()
    const strange = `${Buffer.from('{"alg":"EdDSA","typ":"dc+sd-jwt"}').toString('base64url')}.${Buffer.from('{"vct":"https://comity.example/vct/new/1"}').toString('base64url')}.AA~`
    await context.route('**/claim', (route) => route.fulfill({ json: { text: strange } }))
    await claimOn(page, { code: '0000-0000-0000-0000' })
    expect(await page.locator('.caution').innerText()).toContain('请先保存')
    const { name, path } = await clicked(page, '保存完整记录')
    expect([name, textOf(path)]).toEqual(['record-完整-自存.sd-jwt', strange])
  })

  it('speaks either language, and keeps what was typed and what was received', async () => {
    const { code, text } = await handOut(node)
    const { page } = await open()
    await page.locator('#claim-code').fill(code)
    await page.getByRole('button', { name: 'English' }).click()
    expect([await page.locator('html').getAttribute('lang'), await page.getByRole('heading', { level: 1 }).innerText()]).toEqual(['en', 'Claim a certificate'])
    expect(await page.locator('#claim-code').inputValue()).toBe(code)
    await claimOn(page, { code })
    expect(await page.locator('.received-head').innerText()).toContain('The code is used up now.')
    await page.getByRole('button', { name: '中文' }).click()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('记录已领到')
    await page.getByRole('button', { name: 'English' }).click()
    expect(await clicked(page, 'Save the complete record')).toMatchObject({ name: `${numberOf(text)}-complete-keep.sd-jwt` })
  })

  it('is led to from the verify page, and leads back', async () => {
    const { page } = await open('/')
    await page.getByRole('link', { name: '领取证书' }).click()
    await page.locator('#claim-code').waitFor()
    expect([new URL(page.url()).pathname, await page.getByRole('link', { name: '领取证书' }).getAttribute('aria-current')]).toEqual(['/claim', 'page'])
    await page.getByRole('link', { name: '核验证书' }).click()
    await page.locator('.standing.fetched').waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
  })
})

/** Whether the browser would ask before the page is left. The question is put to the page as the browser puts it. */
const asksBeforeLeaving = (page: Page): Promise<boolean> => page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")

describe('what is personal', () => {
  it('stands in no address, no storage and no cache, neither of the browser nor of the page kept for times without a network', async () => {
    const { code, text } = await handOut(node)
    const { page, context, requests, troubles } = await open('/')
    await page.getByText('本页已存入本设备').waitFor()
    await page.goto(`${node.url}/claim`)
    await claimOn(page, { code })
    await clicked(page, '保存完整记录')
    await clicked(page, '下载证书（PDF）')
    const secrets = [code, code.replaceAll('-', ''), '370113199604192288', '孙远敏', text.slice(0, 40), ...text.split('~').slice(1, -1)]
    const kept = (await page.evaluate(`(async () => {
      const entries = []
      for (const name of await caches.keys()) {
        const cache = await caches.open(name)
        for (const request of await cache.keys()) entries.push(name + ' ' + request.method + ' ' + request.url + ' ' + (/[.](js|wasm|png)$/.test(request.url) ? '' : await (await cache.match(request)).text()))
      }
      return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, await indexedDB.databases(), history.length, history.state, location.href, entries])
    })()`)) as string // JSON
    expect([kept.includes('comity-pages/'), kept.includes('comity-trust/')]).toEqual([true, true])
    for (const secret of secrets)
      expect([secret, kept.includes(secret), requests.some((url) => decodeURIComponent(url).includes(secret))]).toEqual([secret, false, false])
    expect(kept.match(/[A-Z]+ [^ ]*\/(claim|certificates)[ ?#]/)).toBe(null)
    expect([(await context.cookies()).length, (await context.storageState({ indexedDB: true })).origins]).toEqual([0, []])
    expect(requests.filter((url) => !url.startsWith(`${node.url}/`) && !url.startsWith(`blob:${node.url}/`))).toEqual([])
    expect(troubles).toEqual([])
  })
})

it('without a network the page opens, says that it needs one, sends nothing, and claims once there is one', async () => {
  const { code } = await handOut(node)
  const { page, context } = await open('/')
  await page.getByText('本页已存入本设备').waitFor()
  await context.setOffline(true)
  await page.goto(`${node.url}/claim`)
  expect(await page.locator('.caution').innerText()).toBe('现在没有网络。领取要向发证机关的节点取记录，请联网后再领取。')
  await sendClaim(page, code, lastSix)
  await page.locator('.refusal .failure').waitFor()
  expect(await said(page)).toBe('现在没有网络，什么也没有发出，领取码没有用掉。 请联网后再领取。')
  await context.setOffline(false)
  await page.locator('.caution').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '领取', exact: true }).click()
  await page.locator('.received-head').waitFor()
})
