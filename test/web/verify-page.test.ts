import { readFileSync } from 'node:fs'

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { describeInstant } from '#core/credential/describe-date.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { Language } from '#core/model/localised.ts'
import type { Verdict } from '#core/verify/verdict.ts'

import { chooseFiles, openBrowser, openPage, outcomeOn, type OpenPage } from '../support/open-page.ts'
import { openWebWorld, type WebWorld } from '../support/open-web-world.ts'

let world: WebWorld
let browser: Browser
const opened: OpenPage[] = []

beforeAll(async () => {
  world = await openWebWorld()
  browser = await openBrowser(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])
})
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close()
})
afterAll(async () => {
  await browser.close()
  await world.close()
})

type Options = Parameters<typeof openPage>[2]

async function open(path = '/', node: 'jinan' | 'zibo' = 'jinan', options: Options = {}): Promise<OpenPage> {
  const page = await openPage(browser, `${world[node].url}${path}`, options)
  opened.push(page)
  return page
}

const file = (name: keyof WebWorld['records']) => [{ name: `${name}.jwt`, content: world.records[name] }]

const expected = {
  good: { outcome: 'genuine', word: '真实有效' },
  registrationExpired: { outcome: 'genuine-with-note', word: '真实，有须知' },
  changed: { outcome: 'not-valid', word: '不可采信' },
  revoked: { outcome: 'not-valid', word: '不可采信' },
  unlisted: { outcome: 'cannot-check-now', word: '现在无法核验' },
} as const

describe.each(['jinan', 'zibo'] as const)('the verify page of %s', (node) => {
  it.each(Object.entries(expected))('says of a %s record, by file and pasted, what it is', async (name, outcome) => {
    const record = name as keyof typeof expected // a key of the table above
    const { page, troubles } = await open('/', node)
    await chooseFiles(page, file(record))
    expect(await outcomeOn(page)).toEqual(outcome)
    await page.getByRole('button', { name: '清除结果' }).click()
    await page.getByRole('button', { name: '粘贴' }).click()
    await page.getByLabel('粘贴记录或二维码中的网址').fill(world.records[record])
    await page.getByRole('button', { name: '核验', exact: true }).click()
    expect(await outcomeOn(page)).toEqual(outcome)
    expect(troubles).toEqual([])
  })
})

describe('the verify page', () => {
  it('says why, whom to ask by the name of the trust list, and what it rests on', async () => {
    const { page } = await open()
    await chooseFiles(page, file('revoked'))
    await outcomeOn(page)
    expect(await page.locator('.reasons').innerText()).toBe('原因\n记录已被撤销（自始无效）\n请向发证机关核实')
    expect(await page.locator('.next').innerText()).toContain('向谁核实济南市人力资源和社会保障局')
    const status = page.locator('.checks li').last()
    expect(await status.innerText()).toMatch(
      /^状态\s*未通过\s*记录已被撤销（自始无效）\s*补救：请向发证机关核实\s*依据\s*https:\/\/370100\.comity\.example\/status\/1#\d+\s*来源\s*状态列表 https:\/\/370100/,
    )
  })

  it.each(['good', 'changed', 'revoked', 'registrationExpired'] as const)(
    'says of every check of a %s record what it looked at, and what it rests on',
    async (name) => {
      const { page } = await open()
      await chooseFiles(page, file(name))
      await outcomeOn(page)
      await page.evaluate("for (const fold of document.querySelectorAll('article details')) fold.open = true")
      const checks = await page.locator('.checks li').allInnerTexts()
      expect([checks.length, checks.filter((text) => !/依据\s*\S[^]*来源\s*\S/.test(text))]).toEqual([name === 'changed' ? 4 : 11, []])
      // What is signed by somebody has its age; an anchor is the verifier's own.
      expect(checks.filter((text) => !text.includes('信任锚') && !/来源[^]*前$/.test(text.trim()) && name !== 'changed')).toEqual([])
    },
  )

  it('ticks no check that passed with something to be known', async () => {
    const { page } = await open()
    await chooseFiles(page, file('good'))
    await outcomeOn(page)
    await page.locator('.checks summary').click()
    const time = page.locator('.checks li', { hasText: '没有可信时间证明' })
    expect([await time.getAttribute('class'), await time.locator('.check-name').innerText()]).toEqual(['answer-attention', '签发时间\n通过，有须知'])
    expect(await page.locator('.checks li.answer-yes').count()).toBe(10)
  })

  it('names no issuer that no list names, and warns', async () => {
    const { page } = await open()
    await chooseFiles(page, file('unlisted'))
    await outcomeOn(page)
    const text = await page.locator('article').innerText()
    expect(text).toContain('任何人都能造出签名完好的文件')
    expect(text).not.toContain('420100')
    expect(text).not.toContain('孙远敏')
  })

  it('calls a file without a record nothing to check, and not forged', async () => {
    const { page } = await open()
    await chooseFiles(page, [{ name: 'cat.txt', content: 'a cat' }])
    expect(await outcomeOn(page)).toEqual({ outcome: 'nothing-to-check', word: '无可核验内容' })
    await chooseFiles(page, [{ name: 'empty.jwt', content: '' }])
    await page.locator('.result-table tbody tr').nth(1).waitFor()
    expect(await page.locator('.result-table tbody tr').count()).toBe(2)
  })

  it('sends nothing anywhere: every request is a GET to its own node, and none carries what was offered', async () => {
    const { page, requests, context, troubles } = await open()
    const bodies: string[] = []
    context.on('request', (request) => bodies.push(`${request.method()} ${request.postData() ?? ''}`))
    for (const name of Object.keys(expected)) await chooseFiles(page, file(name as keyof typeof expected)) // its keys
    await page.locator('.result-table tbody tr').nth(4).waitFor()
    await page.getByRole('button', { name: '立即更新' }).click()
    await page.waitForTimeout(300)
    expect(requests.filter((url) => !url.startsWith(`${world.jinan.url}/`) && !url.startsWith('blob:'))).toEqual([])
    expect(bodies.filter((line) => line !== 'GET ')).toEqual([])
    expect(requests.join('\n')).not.toContain('eyJ')
    expect(troubles).toEqual([])
  })

  it('makes no function from text in its worker, which its policy forbids and would report', async () => {
    const { page, context } = await open('/healthz', 'jinan', { serviceWorkers: 'block' })
    await context.route('**/assets/worker-*.js', async (route) => {
      const answer = await route.fetch()
      const count = (how: string): string => `${how}: (...given) => (made++, Reflect.${how}(...given))`
      const watch = `globalThis.made = 0; globalThis.Function = new Proxy(Function, { ${count('construct')}, ${count('apply')} });`
      await route.fulfill({ response: answer, body: `${watch}${await answer.text()}` })
    })
    await page.goto(`${world.jinan.url}/`)
    await chooseFiles(page, file('good'))
    await outcomeOn(page)
    const [worker] = page.workers()
    expect(await worker!.evaluate('made')).toBe(0)
  })

  it('works in a browser of 2020, which lacks methods that the language has got since', async () => {
    const younger = `for (const [target, names] of [
      [Array.prototype, ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']],
      [Object.getPrototypeOf(Uint8Array.prototype), ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'with']],
      [String.prototype, ['at', 'isWellFormed', 'toWellFormed']],
      [Object, ['hasOwn', 'groupBy']], [Map, ['groupBy']], [Promise, ['withResolvers', 'try']], [Array, ['fromAsync']],
      [Set.prototype, ['union', 'intersection', 'difference', 'isSubsetOf']],
      [Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), ['map', 'filter', 'toArray', 'some', 'find', 'forEach', 'flatMap', 'take', 'drop', 'reduce', 'every']],
      [AbortSignal, ['timeout', 'any']], [globalThis, ['structuredClone']],
    ]) for (const name of names) delete target[name];`
    const { page, context, troubles } = await open('/healthz', 'jinan', { serviceWorkers: 'block' })
    await context.route('**/assets/worker-*.js', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: `${younger}${await answer.text()}` })
    })
    await page.goto(`${world.jinan.url}/`)
    await chooseFiles(page, file('good'))
    expect((await outcomeOn(page)).outcome).toBe('genuine')
    await page.getByLabel('城市').selectOption('370300')
    await page.locator('.recognition').getByText('核验备案').first().waitFor()
    expect(troubles.filter((line) => !line.includes('404'))).toEqual([])
  })

  it('reads the code in the fragment at /q, which no request carries', async () => {
    const { page, requests } = await open(`/q#${'1234567890'.repeat(20)}`)
    await page.locator('article.verdict').waitFor()
    expect(requests.every((url) => !url.includes('1234567890'))).toBe(true)
    expect(await page.locator('.facts').innerText()).toContain('网址中的二维码')
  })

  it('tells several at once in a table, each on demand, and gives them as files', async () => {
    const { page } = await open()
    await chooseFiles(page, (Object.keys(expected) as (keyof typeof expected)[]).flatMap(file)) // its keys
    const rows = page.locator('.result-table tbody tr')
    await rows.nth(4).waitFor()
    expect(
      await rows.evaluateAll((all) => all.map((row) => (row as unknown as { readonly innerText: string }).innerText.replaceAll(/\s+/g, ' ').trim())),
    ).toEqual([
      '真实有效 good.jwt 孙远敏 370100120260000001 专业技术职称 济南市人力资源和社会保障局 查看',
      '真实，有须知 registrationExpired.jwt 孙远敏 370100220260000001 专业技术人员职业资格 济南市人力资源和社会保障局 查看',
      '不可采信 changed.jwt – – – 济南市人力资源和社会保障局 查看',
      '不可采信 revoked.jwt 孙远敏 370100120260000002 专业技术职称 济南市人力资源和社会保障局 查看',
      '现在无法核验 unlisted.jwt – – – – 查看',
    ])
    expect(await page.locator('.results [role=status]').textContent()).toBe('真实有效 1 份；真实，有须知 1 份；不可采信 2 份；现在无法核验 1 份')
    await rows.nth(3).getByRole('button').click()
    expect((await outcomeOn(page)).outcome).toBe('not-valid')
    await page.getByRole('button', { name: '返回全部结果' }).click()
    const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载结果（CSV 表格）' }).click()])
    expect(csv.suggestedFilename()).toBe('核验结果.csv')
    const lines = readFileSync(await csv.path(), 'utf8').split('\r\n')
    expect([lines.length, lines[0]!.slice(0, 4), lines[4]!.split(',').slice(0, 3)]).toEqual([7, '\ufeff"文件', ['"revoked.jwt"', '"不可采信"', '"not-valid"']])
    const [json] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载结果（JSON）' }).click()])
    const told = JSON.parse(readFileSync(await json.path(), 'utf8')) as { readonly results: readonly { readonly outcome: string }[] } // what the page wrote
    expect(told.results.map(({ outcome }) => outcome)).toEqual(['genuine', 'genuine-with-note', 'not-valid', 'not-valid', 'cannot-check-now'])
  })

  it('says what a record counts for in another city, for a purpose, by which clause, with all that was weighed', async () => {
    const { page } = await open()
    await chooseFiles(page, file('good'))
    await outcomeOn(page)
    await page.getByLabel('城市').selectOption('370300')
    await page.getByLabel('用途').selectOption('appointment')
    const section = page.locator('.recognition')
    await section.getByText('核验备案').first().waitFor()
    const text = await section.innerText()
    // What nobody has confirmed yet is a question, and what stands on it is not shown as a yes.
    const decision = section.locator('.decision')
    expect([await decision.innerText(), await decision.getAttribute('class')]).toEqual(['有条件认可\n核验备案', 'decision answer-attention'])
    expect(text).toMatch(/待核事项\s+持证人诚信档案是否有有效失信记录/)
    expect(text).toMatch(/材料\s+申请表/)
    expect(text).toContain('山东省会经济圈人力资源一体化发展联盟（sd-capital-circle/2021-1 v1')
    expect(text).toContain('示例规则：仅供演示')
    expect(text).toMatch(/条款\s+\S/)
    await section.getByText(/全部 \d+ 条判断路径/).click()
    expect(await section.locator('.paths > li').count()).toBeGreaterThan(1)
    await page.reload()
    await chooseFiles(page, file('good'))
    await outcomeOn(page)
    expect(await page.getByLabel('城市').inputValue()).toBe('370300')
  })

  it('lets no late answer about one city stand for another', async () => {
    const { page, context } = await open('/healthz', 'jinan', { serviceWorkers: 'block' })
    // The judge keeps back what it has found about Zibo until it is told to let go.
    const keepBack = `{
      const send = postMessage.bind(globalThis), asked = new Map(), kept = []
      globalThis.answers = 0
      addEventListener('message', ({ data }) => asked.set(data.id, data.ask.question?.place))
      globalThis.postMessage = (told) => (asked.get(told.id) === '370300' ? kept.push(told) : (send(told), (answers += told.kind === 'judged' ? 1 : 0)))
      globalThis.keptBack = () => kept.length
      globalThis.letGo = () => kept.splice(0).forEach((told) => send(told))
    }`
    await context.route('**/assets/worker-*.js', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: `${keepBack}${await answer.text()}` })
    })
    await page.goto(`${world.jinan.url}/`)
    await chooseFiles(page, file('good'))
    await outcomeOn(page)
    const [worker] = page.workers()
    const decision = page.locator('.decision')
    await page.getByLabel('城市').selectOption('370300')
    while ((await worker!.evaluate('keptBack()')) === 0) await page.waitForTimeout(20)
    const before = Number(await worker!.evaluate('answers'))
    await page.getByLabel('城市').selectOption('370100')
    while (Number(await worker!.evaluate('answers')) === before) await page.waitForTimeout(20)
    await worker!.evaluate('letGo()')
    // What it has sent is heard before this is, and shown with the next frames.
    await page.evaluate('new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(shown, 300))))')
    expect(await decision.innerText()).toBe('认可\n直接认可')
  })

  it('shows text from outside as text: no markup, nothing turned round, nothing hidden', async () => {
    const { page, troubles } = await open()
    await chooseFiles(page, [{ name: '<b>\u202egnp.exe', content: world.records.odd }])
    expect((await outcomeOn(page)).outcome).toBe('genuine')
    expect(await page.locator('article b, article img, article script').count()).toBe(0)
    expect(await page.locator('.signed').innerText()).toContain('<img src=x onerror=alert(1)>')
    expect(await page.locator('.control').allTextContents()).toEqual(['U+202E', 'U+202E', 'U+0000', 'U+202E'])
    expect(await page.locator('.signed dd bdi').count()).toBeGreaterThan(5)
    expect(troubles).toEqual([])
  })

  it('speaks either language, and keeps which', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: 'English' }).click()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await chooseFiles(page, file('registrationExpired'))
    expect(await outcomeOn(page)).toEqual({ outcome: 'genuine-with-note', word: 'Genuine, with a note' })
    expect(await page.getByLabel('City').locator('option').allInnerTexts()).toEqual(
      expect.arrayContaining(['Choose a city', 'Jinan, Shandong', 'Zibo, Shandong']),
    )
    expect(await page.locator('.signed').innerText()).toContain('Issuing place\nJinan, Shandong 370100')
    await page.reload()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Verify a certificate')
    await page.getByRole('button', { name: '中文' }).click()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  })

  it('tells every time by the clocks of the bureaus, wherever the device is', async () => {
    const { page } = await open('/', 'jinan', { timezoneId: 'America/New_York' })
    await chooseFiles(page, file('good'))
    await outcomeOn(page)
    const [json] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载结果（JSON）' }).click()])
    const told = JSON.parse(readFileSync(await json.path(), 'utf8')) as { readonly results: readonly [{ readonly verdict: Verdict }] } // what the page wrote
    const { at, record } = told.results[0].verdict
    const said = async (language: Language): Promise<void> => {
      const words = { checked: describeInstant(secondsOf(at))[language], signed: describeInstant(record!.claims.iat)[language] }
      expect(await page.locator('.facts').innerText()).toContain(words.checked)
      expect(await page.locator('.signed').innerText()).toContain(words.signed)
    }
    await said('zh')
    await page.getByRole('button', { name: 'English' }).click()
    await said('en')
    await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    const text = await page.locator('body').innerText()
    expect([text.match(/GMT|EST|EDT|北京时间/), (text.match(/, \d\d:\d\d \(UTC\+8\)/g) ?? []).length > 8]).toEqual([null, true])
  })

  it('says the verdict to a screen reader, in the title and in the heading', async () => {
    const { page } = await open()
    await chooseFiles(page, file('changed'))
    await outcomeOn(page)
    expect(await page.locator('.results [role=status]').textContent()).toBe('changed.jwt：不可采信')
    expect(await page.title()).toBe('changed.jwt：不可采信 · 核验证书 · 互认 Comity')
    expect(await page.getByRole('article', { name: '不可采信' }).count()).toBe(1)
  })

  it('is worked by the keyboard alone, with the focus seen', async () => {
    const { page } = await open()
    const reach = async (name: string): Promise<void> => {
      for (let pressed = 0; pressed < 40; pressed++) {
        await page.keyboard.press('Tab')
        const label = await page.evaluate('document.activeElement.textContent.trim()')
        if (label === name) return
      }
      throw new Error(`${name} is not reached`)
    }
    await reach('粘贴')
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    await page.keyboard.press('Enter')
    await page.getByLabel('粘贴记录或二维码中的网址').waitFor()
    await page.keyboard.insertText(world.records.good)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect((await outcomeOn(page)).outcome).toBe('genuine')
    await page.keyboard.press('Shift+Tab')
    await reach('逐项检查11 项')
    await page.keyboard.press('Enter')
    expect(await page.locator('.checks li').first().isVisible()).toBe(true)
  })

  it('takes a dropped file and what is pasted into the page', async () => {
    const { page } = await open()
    await page.evaluate(
      `{ const data = new DataTransfer(); data.items.add(new File([${JSON.stringify(world.records.good)}], 'dropped.jwt')); dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true })) }`,
    )
    expect((await outcomeOn(page)).outcome).toBe('genuine')
    expect(await page.locator('.facts').innerText()).toContain('dropped.jwt')
    await page.getByRole('button', { name: '清除结果' }).click()
    await page.evaluate(
      `{ const data = new DataTransfer(); data.setData('text/plain', ${JSON.stringify(world.records.revoked)}); dispatchEvent(new ClipboardEvent('paste', { clipboardData: data })) }`,
    )
    expect((await outcomeOn(page)).outcome).toBe('not-valid')
  })

  it('looks through the camera, and lets go of it', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: '扫码或拍照' }).click()
    const width = (): Promise<number> => page.evaluate("document.querySelector('video')?.videoWidth ?? 0")
    while ((await width()) === 0) await page.waitForTimeout(50)
    await page.evaluate("globalThis.seen = document.querySelector('video').srcObject.getTracks()[0]")
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.waitForFunction("globalThis.seen.readyState === 'ended'") // the page hears of the closing a moment after it
  })

  it('unfolds everything on the printed sheet', async () => {
    const { page } = await open()
    await chooseFiles(page, file('good'))
    await outcomeOn(page)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.checks li').last().isVisible()).toBe(true)
    expect(await page.locator('.sheet-head').isVisible()).toBe(true)
    for (const hidden of ['.head', '.offer', '.actions', '.trust']) expect([hidden, await page.locator(hidden).isVisible()]).toEqual([hidden, false])
  })
})
