import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import { paperUrl, readPaperUrl } from '#core/paper/paper-url.ts'

import { titleDraft } from '../support/examples.ts'
import { openBrowser, openPage, outcomeOn, type OpenPage } from '../support/open-page.ts'
import { pack } from '../support/paper-code.ts'
import { certificateOf, edited, pictureOf, scanned, textOf, withEmptiedPage } from '../support/sheets-of-nodes.ts'
import { byQpdf } from '../web/read/make-pdf.ts'
import { pngOfCode } from '../web/read/make-png.ts'
import { bring, give, inputs, openCode, openJourney, paste, saidOn, type Input, type Journey } from './open-journey.ts'
import { rareName, sheetsOfFamilies, type FamilySheet } from './sheets-of-families.ts'

let journey: Journey
let browser: Browser
let pages: Readonly<Record<'jinan' | 'zibo', OpenPage>>

beforeAll(async () => {
  browser = await openBrowser()
  journey = await openJourney()
  const { jinan, zibo } = journey.world
  pages = { jinan: await openPage(browser, `${jinan.url}/`), zibo: await openPage(browser, `${zibo.url}/`) }
})
afterEach(() => {
  // Nothing is uploaded and no other host is asked, whatever was offered.
  for (const { troubles, leaks } of Object.values(pages)) expect([troubles, leaks]).toEqual([[], []])
})
afterAll(async () => {
  await browser.close()
  await journey.close()
})

const answers = {
  good: { outcome: 'genuine', because: [], notes: [] },
  changed: { outcome: 'not-valid', because: ['signature-wrong'], notes: [] },
  revoked: { outcome: 'not-valid', because: ['status-revoked'], notes: [] },
  unlisted: { outcome: 'cannot-check-now', because: ['issuer-unnamed'], notes: [] },
} as const

const cases = inputs.flatMap((input) => Object.keys(answers).map((name): [Input, keyof typeof answers] => [input, name as keyof typeof answers])) // its own keys

describe('what was brought to the page of either city', () => {
  it.each(cases)('is answered alike by both: %s of a credential that is %s', async (input, name) => {
    const said = []
    for (const city of ['jinan', 'zibo'] as const) {
      await bring(pages[city].page, journey.world[city].url, input, journey.credentials[name])
      said.push(await saidOn(pages[city].page))
    }
    expect(said[0]).toMatchObject(answers[name])
    expect(said[1]).toEqual(said[0])
  })
})

/** What Jinan's page says of a file. */
async function saidOf(name: string, content: Uint8Array): ReturnType<typeof saidOn> {
  await give(pages.jinan.page, name, content)
  return saidOn(pages.jinan.page)
}

const payloadOf = (record: string): string => record.split('.')[1]!

describe('a certificate that somebody worked on', () => {
  it('is not valid once a byte of the attached record is another', async () => {
    const { good, changed } = journey.credentials
    const other = edited(good.pdf, (objects) => objects.replace(payloadOf(good.record), payloadOf(changed.record)))
    expect(await saidOf('a.pdf', other)).toMatchObject({ outcome: 'not-valid', because: ['signature-wrong'] })
    expect(await pages.jinan.page.locator('article').innerText()).not.toContain('孙远敏')
  })

  it('is genuine by its signature where only the visible text was changed, and the page shows what was signed', async () => {
    const { good } = journey.credentials
    // The three characters of the name in another order, and whatever else has three: the forger is none the wiser.
    const other = edited(good.pdf, (objects) => objects.replaceAll(/<([\da-f]{4})([\da-f]{4})([\da-f]{4})>/g, '<$3$2$1>'))
    expect([textOf(good.pdf).includes('孙远敏'), textOf(other).includes('孙远敏'), textOf(other).includes('敏远孙')]).toEqual([true, false, true])
    expect(await saidOf('a.pdf', other)).toMatchObject({ outcome: 'genuine', notes: [] })
    const signed = await pages.jinan.page.locator('.signed').innerText()
    expect([signed.includes('孙远敏'), signed.includes('敏远孙')]).toEqual([true, false])
    expect(signed).toContain('PDF 页面或图片上看得见的文字不是凭据')
  })

  it('is genuine with a note where a program has appended a change', async () => {
    const other = withEmptiedPage(journey.credentials.good.pdf)
    expect(textOf(other)).not.toContain('孙远敏')
    expect(await saidOf('a.pdf', other)).toMatchObject({ outcome: 'genuine-with-note', notes: ['pdf-changed-after-issue'] })
    expect(await pages.jinan.page.locator('.signed').innerText()).toContain('孙远敏')
  })

  it("speaks for another person where another person's record is attached to it", async () => {
    const { jinan } = journey.world
    const li = await journey.world.issue('title', titleDraft({ personal: { name: { name: '李四' } } }))
    const [mine, hers] = [journey.credentials.good.pdf, await certificateOf(jinan, li.text)]
    const attached = presentSdJwt(li.text, ['name', 'birth', 'employer', 'photo'])
    const streamOf = (pdf: Uint8Array): string =>
      byQpdf(pdf, '--qdf', '--object-streams=disable')
        .toString('latin1')
        .match(/eyJ0eXAi[\w~.-]+/)![0]
    expect(streamOf(hers)).toBe(attached)
    const other = edited(mine, (objects) => objects.replace(streamOf(mine), attached))
    expect(textOf(other)).toContain('孙远敏')
    expect(await saidOf('a.pdf', other)).toMatchObject({ outcome: 'genuine' })
    const signed = await pages.jinan.page.locator('article').innerText()
    expect([signed.includes('李四'), signed.includes('孙远敏')]).toEqual([true, false])
  })
})

describe('a printed code that somebody worked on', () => {
  it('is damaged, and not a forgery, when a digit is another: as an address, pasted, and in a picture', async () => {
    const { jinan } = journey.world
    const { url } = journey.credentials.good
    const wrong = `${url.slice(0, -400)}${(Number(url.at(-400)) + 1) % 10}${url.slice(-399)}`
    const answer = { outcome: 'cannot-check-now', because: ['code-damaged'], verdict: null }
    const { page } = pages.jinan
    await openCode(page, jinan.url, wrong)
    expect(await saidOn(page)).toMatchObject(answer)
    await paste(page, wrong)
    expect(await saidOn(page)).toMatchObject(answer)
    expect(await saidOf('a.png', pngOfCode(wrong))).toMatchObject(answer)
  })

  it('is not valid when it is put together from two records, and nothing of either is shown as signed', async () => {
    const { good, revoked } = journey.credentials
    const [one, two] = [readPaperUrl(good.url)!, readPaperUrl(revoked.url)!]
    const mixed = Uint8Array.from([...one.subarray(0, 65), ...two.subarray(65)]) // the signature stands before what was signed
    const said = await saidOf('a.png', pngOfCode(paperUrl(journey.world.jinan.url, mixed)))
    expect(said).toMatchObject({ outcome: 'not-valid', because: ['signature-wrong'] })
    expect(await pages.jinan.page.locator('article').innerText()).not.toContain('孙远敏')
  })

  it.each(['jinan', 'zibo'] as const)('is the record with the name alone, wherever its host is: read on the page of %s', async (city) => {
    const { good } = journey.credentials
    const { page } = pages[city]
    await paste(page, paperUrl('https://look-alike.example', pack(presentSdJwt(good.record, ['name']))))
    const { outcome, verdict } = await saidOn(page)
    expect([outcome, Object.keys((verdict as { readonly record: { readonly disclosed: object } }).record.disclosed)]).toEqual(['genuine', ['name']]) // the verdict of a genuine record
  })
})

describe('a look-alike of a bureau, with keys, sheets and a page of its own', () => {
  it('calls what it has signed genuine, as anybody can', async () => {
    const { lookAlike, credentials } = journey
    const own = await openPage(browser, `${lookAlike.url}/`)
    await give(own.page, 'a.pdf', credentials.unlisted.pdf)
    expect(await outcomeOn(own.page)).toMatchObject({ outcome: 'genuine' })
    expect(await own.page.locator('article').innerText()).toContain('济南市人力资源和社会保障局')
    await own.close()
  })

  it.each(['jinan', 'zibo'] as const)('gains nothing on the page of %s: neither its name nor its address is shown, and the page warns', async (city) => {
    const { page } = pages[city]
    for (const input of inputs) {
      await bring(page, journey.world[city].url, input, journey.credentials.unlisted)
      const text = await page.locator('article').innerText()
      expect(text).toContain('任何人都能造出签名完好的文件')
      // The bureau whose page it is may be named as the one to ask.
      expect([text.includes('hrss-jinan'), text.includes('孙远敏'), city === 'zibo' && text.includes('济南市')]).toEqual([false, false, false])
    }
  })

  it('is given no sheet by the bureau that it copies', async () => {
    const { world, credentials } = journey
    await expect(certificateOf(world.jinan, credentials.unlisted.record)).rejects.toMatchObject({ code: 'certificate-foreign' })
  })
})

describe('without a network, after one visit', () => {
  /** Somebody new, whose device has kept the page, its readers and the trust data, and who has gone out of reach since. */
  async function cutOff(): Promise<OpenPage> {
    const opened = await openPage(browser, `${journey.world.zibo.url}/`)
    await opened.page.getByText('本页已存入本设备').waitFor()
    await opened.page.locator('.standing.fetched').waitFor()
    await opened.context.setOffline(true)
    await opened.page.reload()
    return opened
  }

  it.each(inputs)('says yes, no, and cannot tell: %s', async (input) => {
    const { page, troubles, leaks, close } = await cutOff()
    for (const name of ['good', 'revoked', 'changed', 'unlisted'] as const) {
      await bring(page, journey.world.zibo.url, input, journey.credentials[name])
      expect([name, (await outcomeOn(page)).outcome]).toEqual([name, answers[name].outcome])
    }
    expect([troubles, leaks]).toEqual([[], []])
    await close()
  })

  it('cannot tell what it has not kept: without the status list of the issuer', async () => {
    const { page, close } = await cutOff()
    const gone = await page.evaluate<number>(`(async () => {
      const cache = await caches.open('comity-trust/1')
      const lists = (await cache.keys()).filter(({ url }) => url.includes('/status-list/'))
      for (const request of lists) await cache.delete(request)
      return lists.length
    })()`)
    expect(gone).toBeGreaterThan(1)
    await page.reload()
    await give(page, 'a.pdf', journey.credentials.good.pdf)
    expect(await saidOn(page)).toMatchObject({ outcome: 'cannot-check-now', because: ['status-list-missing'] })
    // What is wrong whatever the list says is still wrong.
    await give(page, 'a.pdf', journey.credentials.changed.pdf)
    expect(await saidOn(page)).toMatchObject({ outcome: 'not-valid', because: ['signature-wrong'] })
    await close()
  })
})

describe('a page that was printed and scanned: 150 dots an inch, 3° askew, blurred, as JPEG', () => {
  let sheets: Readonly<Record<FamilyId, FamilySheet>>
  beforeAll(async () => {
    sheets = await sheetsOfFamilies(journey.world)
  })

  it.each(familyIds)('is genuine, for a long %s record', async (family) => {
    const { page } = pages.zibo
    await page.getByRole('button', { name: '立即更新' }).click()
    for (const blur of [0.7, 1]) {
      const scan = await scanned(page, pictureOf(sheets[family].pdf), { degrees: 3, blur, quality: 0.6 })
      await give(page, 'scan.jpg', scan)
      expect([blur, await saidOn(page)]).toMatchObject([blur, { outcome: 'genuine', notes: [] }])
      const signed = await page.locator('.signed').innerText()
      expect([signed.includes(rareName), signed.includes('2288')]).toEqual([true, false])
    }
  })
})
