import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { createDraft } from '#contract/drafts.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { nodeEngine } from '#custody/engine-node.ts'

import { give } from '../../e2e/open-journey.ts'
import { titleDraft } from '../../support/examples.ts'
import { openBrowser, openPage, outcomeOn, type OpenPage } from '../../support/open-page.ts'
import { openTestNode, type TestNode } from '../../support/open-test-node.ts'
import { issueAt } from '../../support/open-web-world.ts'
import { certificateOf, pictureOf, textOf } from '../../support/sheets-of-nodes.ts'

let node: TestNode
let browser: Browser
let opened: OpenPage

beforeAll(async () => {
  browser = await openBrowser()
  node = await openTestNode()
  opened = await openPage(browser, `${node.url}/`)
})
afterEach(() => expect([opened.troubles, opened.leaks]).toEqual([[], []]))
afterAll(async () => {
  await browser.close()
  await node.close()
})

const draftOf = (name: object) => ({ family: 'title', draft: titleDraft({ personal: { name } }) }) as never // an example of the family, with any name

describe('a name that is none', () => {
  it.each([
    ['markup', '<b>孙</b>远敏', 'request-malformed'],
    ['a right-to-left override', '孙\u202e敏远', 'request-malformed'],
    ['a NUL', '孙\u0000远敏', 'request-malformed'],
    ['a character of no width', '孙\u200b远敏', 'request-malformed'],
    ['half a character', '孙\ud842', 'json-surrogate-lone'],
    ['a hundred and one characters', '\u{20bb7}'.repeat(101), 'request-malformed'],
  ])('is refused before anything is drafted: %s', async (_name, name, code) => {
    const answer = node.call(createDraft, { as: 'drafter', body: draftOf({ name }) })
    await expect(answer).rejects.toMatchObject({ code, at: 'body/draft/personal/name/name' })
  })

  it.each([
    ['a minority separator that is not U+00B7', '阿依古丽•买买提', 'name-not-canonical'],
    ['blanks between its characters', '孙 远敏', 'name-not-canonical'],
    ['nothing but blanks', '\u3000', 'name-blank'],
    ['a formula', '=cmd|calc', 'name-character'],
  ])('is refused with its reason: %s', async (_name, name, code) => {
    const answer = node.call(createDraft, { as: 'drafter', body: draftOf({ name }) })
    await expect(answer).rejects.toMatchObject({ code: 'draft-refused', findings: [{ at: 'name', code }] })
  })
})

describe('a name that is hard to print', () => {
  it.each([
    ['beyond the BMP', { name: '李\u{20bb7}\u{2b8b8}' }],
    ['a minority name, its separator as it was typed', { name: '阿依古丽·买买提', nameAsIssued: '阿依古丽•买买提' }],
    ['a minority name with a full-width dot', { name: '买买提·艾力', nameAsIssued: '买买提．艾力' }],
    ['another script', { name: 'Айгүл Мұратқызы' }],
    ['with what typesetters obey', { name: '孙远敏', nameAsIssued: '#panic() *粗* _斜_ $x$ `码` @引 // 注' }],
    ['with markup as it was issued', { name: '孙远敏', nameAsIssued: '<img src=x onerror=alert(1)>' }],
  ])('comes whole through draft, sheet, code and page: %s', async (_name, name: { readonly name: string; readonly nameAsIssued?: string }) => {
    const { text } = await issueAt(node, 'title', titleDraft({ personal: { name } }))
    expect(parseSdJwt(text, nodeEngine).disclosed['name']).toEqual(name)
    const pdf = await certificateOf(node, text)
    const shown = Object.values(name)
    const printed = textOf(pdf).replaceAll(/\s+/g, '')
    expect(shown.filter((each) => !printed.includes(each.replaceAll(/\s+/g, '')))).toEqual([])
    for (const [file, content] of [
      ['证书.pdf', pdf],
      ['照片.png', pictureOf(pdf)],
    ] as const) {
      await give(opened.page, file, content)
      expect((await outcomeOn(opened.page)).outcome).toBe('genuine')
      const signed = await opened.page.locator('.signed').innerText()
      expect(shown.filter((each) => !signed.includes(each))).toEqual([])
    }
    expect(await opened.page.locator('article img, article b').count()).toBe(0)
  })

  it('shows by its number what it hides in the form in which it was issued', async () => {
    const name = { name: '孙远敏', nameAsIssued: '孙\u202e敏远\u0000' }
    const { text } = await issueAt(node, 'title', titleDraft({ personal: { name } }))
    const pdf = await certificateOf(node, text)
    expect(textOf(pdf)).toContain('孙〔U+202E〕敏远〔U+0000〕')
    await give(opened.page, '证书.pdf', pdf)
    expect((await outcomeOn(opened.page)).outcome).toBe('genuine')
    expect(await opened.page.locator('.signed .control').allTextContents()).toEqual(['U+202E', 'U+0000'])
  })

  it('is on the sheet though it is too long for a code: the sheet says so, and its picture is nothing to check', async () => {
    const name = Array.from({ length: 100 }, (_, index) => String.fromCodePoint(0x2_0000 + 97 * index)).join('')
    const { text } = await issueAt(node, 'title', titleDraft({ personal: { name: { name } } }))
    const pdf = await certificateOf(node, text)
    const printed = textOf(pdf).replaceAll(/\s+/g, '')
    expect([printed.includes(name), printed.includes('本页未印代码')]).toEqual([true, true])
    await give(opened.page, '证书.pdf', pdf)
    expect((await outcomeOn(opened.page)).outcome).toBe('genuine')
    await give(opened.page, '照片.png', pictureOf(pdf))
    expect((await outcomeOn(opened.page)).outcome).toBe('nothing-to-check')
  })
})
