import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { paperUrl } from '#core/paper/paper-url.ts'

import { give, openCode, paste, saidOn, type Said } from '../../e2e/open-journey.ts'
import { titleDraft } from '../../support/examples.ts'
import { openBrowser, openPage, type OpenPage } from '../../support/open-page.ts'
import { openTestNode, type TestNode } from '../../support/open-test-node.ts'
import { issueAt } from '../../support/open-web-world.ts'
import { codeOf, pack } from '../../support/paper-code.ts'
import { certificateOf } from '../../support/sheets-of-nodes.ts'
import { byQpdf, embedded, pdfOf, pageOf, pdfWith } from '../../web/read/make-pdf.ts'
import { pngOf, pngOfCode } from '../../web/read/make-png.ts'

// What the readers make of each of these is proven next door; here it is what a person is told of it, by the real page with the real codes.

let node: TestNode
let browser: Browser
let opened: OpenPage
let record: string
let other: string
let certificate: Uint8Array
const folder = mkdtempSync(join(tmpdir(), 'comity-offers-'))

beforeAll(async () => {
  browser = await openBrowser()
  node = await openTestNode()
  record = (await issueAt(node, 'title', titleDraft())).text
  other = (await issueAt(node, 'title', titleDraft({ personal: { name: { name: '李四' } } }))).text
  certificate = await certificateOf(node, record)
  opened = await openPage(browser, `${node.url}/`)
})
// A drawing with a script, a page with one, a file with an address in it: none of them gets anything asked of anybody.
afterEach(() => expect([opened.troubles, opened.leaks]).toEqual([[], []]))
afterAll(async () => {
  await browser.close()
  await node.close()
  rmSync(folder, { recursive: true })
})

const answer = (outcome: Said['outcome'], ...because: readonly string[]) => ({ outcome, because, notes: [] as readonly string[] })
const noted = (...notes: readonly string[]) => ({ outcome: 'genuine-with-note', because: [], notes })

/** What the page says, and that it is none the worse for it: a good record after it is genuine. */
async function told(offer: () => Promise<void>): Promise<Omit<Said, 'asides' | 'verdict'>> {
  await offer()
  const { outcome, because, notes } = await saidOn(opened.page)
  await give(opened.page, 'good.sd-jwt', Buffer.from(record))
  expect((await saidOn(opened.page)).outcome).toBe('genuine')
  return { outcome, because, notes }
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("https://example.com")</script></svg>'
const bomb = '\0'.repeat(64 * 1024 * 1024)
const empty = pdfOf(pageOf('<< >>'))

type Offers = readonly (readonly [name: string, make: () => Uint8Array, answer: object])[]

const files: Offers = [
  ['a PDF without an attachment', () => empty, answer('nothing-to-check', 'pdf-without-record')],
  ['a PDF with the record and something else', () => pdfWith([embedded(record), embedded('<invoice/>')]), noted('other-attachments')],
  ['an encrypted PDF', () => byQpdf(certificate, '--encrypt', 'user', 'owner', '256', '--'), answer('cannot-check-now', 'pdf-encrypted')],
  ['a PDF whose attachment inflates past every record', () => pdfWith([embedded(bomb)]), answer('cannot-check-now', 'pdf-damaged')],
  [
    'a PDF that is a web page as well',
    () => Buffer.concat([certificate, Buffer.from('<html><script>1</script>')]),
    noted('pdf-changed-after-issue', 'two-kinds-of-file'),
  ],
  ['a picture that claims 50,000 × 50,000', () => pngOf(50_000, 50_000, Buffer.alloc(100)), answer('cannot-check-now', 'picture-too-large')],
  ['a picture without a code', () => pngOf(64, 64, Buffer.alloc(64 * 65)), answer('nothing-to-check', 'picture-without-code')],
  ['a drawing with a script', () => Buffer.from(svg), answer('cannot-check-now', 'svg-refused')],
  ['a web page with the record in it', () => Buffer.from(`<!doctype html>${record}`), answer('nothing-to-check', 'format-unknown')],
  ['an empty file', () => Buffer.alloc(0), answer('nothing-to-check', 'file-empty')],
  ['a text without a record', () => Buffer.from('鲁迅《呐喊》自序'), answer('nothing-to-check', 'text-without-record')],
]

describe('a file that is offered', () => {
  it.each(files)('is told for what it is: %s', async (_name, make, expected) => {
    expect(await told(() => give(opened.page, '证书.pdf', make()))).toEqual(expected)
  })

  it('is not read when it has 500 MB', async () => {
    const path = join(folder, '证书.pdf')
    writeFileSync(path, certificate)
    truncateSync(path, 500 * 1024 * 1024)
    const offer = async (): Promise<void> => {
      await opened.page.getByRole('button', { name: '清除结果' }).click()
      await opened.page.locator('[data-input=files]').setInputFiles(path)
    }
    await give(opened.page, 'good.sd-jwt', Buffer.from(record))
    expect(await told(offer)).toEqual(answer('cannot-check-now', 'file-too-large'))
  })

  it('is two results when it carries two records', async () => {
    await give(opened.page, 'good.sd-jwt', Buffer.from(record))
    await opened.page.getByRole('button', { name: '清除结果' }).click()
    const buffer = pdfWith([embedded(record), embedded(other)])
    await opened.page.locator('[data-input=files]').setInputFiles({ name: '证书.pdf', mimeType: 'application/pdf', buffer })
    const rows = opened.page.locator('.result-table tbody tr')
    await rows.nth(1).waitFor()
    const texts = await rows.allInnerTexts()
    expect(texts.map((text) => ['真实，有须知', '孙远敏', '李四'].filter((each) => text.includes(each)))).toEqual([
      ['真实，有须知', '孙远敏'],
      ['真实，有须知', '李四'],
    ])
    await opened.page.getByRole('button', { name: '清除结果' }).click()
  })
})

describe('a code that is offered', () => {
  const urlOf = (code: Uint8Array): string => paperUrl(node.url, code)
  const shown = (): string => urlOf(pack(presentSdJwt(record, ['name'])))
  // Two parts of a record, each an empty object, and what stands behind the text.
  const crafted = (text: readonly number[], first?: number): string => urlOf(codeOf(text, [0], first === undefined ? {} : { first }))
  const two = [0x7b, 0x7d, 0x01, 0x7b, 0x7d]

  it.each<readonly [string, () => string, object]>([
    ['cut short', () => shown().slice(0, -200), answer('cannot-check-now', 'code-damaged')],
    ['of a dictionary that this page does not know', () => crafted(two, 0x1f), answer('cannot-check-now', 'code-too-new')],
    ['of a format that this page does not know', () => crafted(two, 0x21), answer('cannot-check-now', 'code-too-new')],
    ['whose few bytes inflate past any record', () => urlOf(codeOf(new Uint8Array(1024 * 1024), [0])), answer('cannot-check-now', 'code-damaged')],
    ['that holds a record of nothing', () => crafted(two), answer('nothing-to-check', 'not-a-record')],
    ['of the menu of a restaurant', () => 'https://example.com/menu', answer('nothing-to-check', 'code-of-something-else')],
  ])('is told for what it is, in a picture and as an address: %s', async (_name, make, expected) => {
    const code = make()
    expect(await told(() => give(opened.page, '照片.png', pngOfCode(code)))).toEqual(expected)
    if (code.includes('#')) expect(await told(() => openCode(opened.page, node.url, code))).toEqual(expected)
    if (code.includes('#')) expect(await told(() => paste(opened.page, code))).toEqual(expected)
  })

  it('is genuine with a note in a picture that is a PDF as well, whose attachment is not what is judged', async () => {
    const both = Buffer.concat([pngOfCode(shown()), pdfWith([embedded(other)])])
    await give(opened.page, '照片.png', both)
    const { outcome, notes } = await saidOn(opened.page)
    expect([outcome, notes]).toEqual(['genuine-with-note', ['two-kinds-of-file']])
    expect(await opened.page.locator('.signed').innerText()).not.toContain('李四')
  })
})

describe('a certificate as the node gave it', () => {
  it('is not simply genuine with a byte of its compressed record changed, though the code that is printed on it is whole', async () => {
    const pdf = Buffer.from(certificate)
    const at = pdf.indexOf('stream', pdf.indexOf('/Type /EmbeddedFile')) + 200
    pdf.writeUInt8(pdf.readUInt8(at) ^ 1, at)
    expect(await told(() => give(opened.page, '证书.pdf', pdf))).toEqual(noted('attachment-unread'))
  })
})
