import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

import type { Page } from 'playwright-core'

import { changeStatusRoute } from '#contract/records.ts'
import { refreshTrustRoute } from '#contract/trust.ts'
import type { OutcomeId } from '#core/verify/outcome.ts'
import type { Verdict } from '#core/verify/verdict.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { openCertificateDesk } from '#registry/certificate/certificate-desk.ts'
import { codeOfRecord } from '#registry/certificate/code-of-record.ts'

import { titleDraft } from '../support/examples.ts'
import { chooseFiles, outcomeOn } from '../support/open-page.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'
import { issueAt, openWebWorld, type WebWorld } from '../support/open-web-world.ts'
import { certificateOf, codeIn, pictureOf } from '../support/sheets-of-nodes.ts'

/** A credential in every form in which a person may bring it. */
export interface Credential {
  readonly record: string
  readonly pdf: Uint8Array
  /** The printed sheet as a picture. */
  readonly picture: Uint8Array
  /** What the code on the sheet says. */
  readonly url: string
}

/** Two cities that trust each other, a look-alike that nobody lists, and what their bearers hold. */
export interface Journey {
  readonly world: WebWorld
  /** Calls itself Jinan's bureau, has keys, pages and sheets of its own, and stands on no list. */
  readonly lookAlike: TestNode
  readonly credentials: Readonly<Record<'good' | 'changed' | 'revoked' | 'unlisted', Credential>>
  readonly close: () => Promise<void>
}

export async function openJourney(): Promise<Journey> {
  const world = await openWebWorld()
  const { jinan, zibo } = world
  const lookAlike = await openTestNode({ division: '370100', iss: 'https://hrss-jinan.example', name: jinan.office.authority.name })
  const onPaper = async (node: TestNode, record: string): Promise<Credential> => credentialOf(record, await certificateOf(node, record))
  const good = await onPaper(jinan, world.records.good)
  const lost = await world.issue('title', titleDraft())
  // While it holds: its bearer keeps the sheet.
  const revoked = await onPaper(jinan, lost.text)
  await jinan.call(changeStatusRoute, { as: 'drafter', params: { record: lost.record }, body: { change: 'revoked', reason: 'fraud' } })
  const unlisted = await onPaper(lookAlike, (await issueAt(lookAlike, 'title', titleDraft())).text)
  const changed = credentialOf(world.records.changed, await forgedSheet(jinan, world.records.changed))
  await setTimeout(1100) // for as long the node keeps its index
  await zibo.call(refreshTrustRoute, { as: 'drafter', body: {} })
  return {
    world,
    lookAlike,
    credentials: { good, changed, revoked, unlisted },
    close: async () => {
      await world.close()
      await lookAlike.close()
    },
  }
}

function credentialOf(record: string, pdf: Uint8Array): Credential {
  const picture = pictureOf(pdf)
  return { record, pdf, picture, url: codeIn(picture) }
}

/** No node makes a sheet of a record that was changed, but its templates are for everybody to have. */
async function forgedSheet(node: TestNode, record: string): Promise<Uint8Array> {
  const desk = openCertificateDesk({ engine: nodeEngine, workers: 1 })
  try {
    const code = codeOfRecord(record, node.url, nodeEngine)
    return await desk.certificate({ record, issuer: node.office.authority, maskIdentity: true, code, verifyAt: `${node.url}/` })
  } finally {
    await desk.close()
  }
}

/** What a page says of one thing, without what hangs on when it was asked. */
export interface Said {
  readonly outcome: OutcomeId
  readonly because: readonly string[]
  readonly notes: readonly string[]
  readonly asides: readonly string[]
  readonly verdict: unknown
}

/** What stands on the page now, and all that it rests on: from the file in which the page gives it to a program. */
export async function saidOn(page: Page): Promise<Said> {
  await outcomeOn(page)
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载结果（JSON）' }).click()])
  const { results } = JSON.parse(readFileSync(await file.path(), 'utf8')) as {
    readonly results: readonly (Omit<Said, 'verdict'> & { readonly verdict: Verdict | null })[]
  } // what the page wrote
  const [{ outcome, because, notes, asides, verdict }, ...others] = results as [(typeof results)[number]] // one thing was offered
  if (others.length > 0) throw new Error('one thing, one answer')
  return { outcome, because, notes, asides, verdict: verdict === null ? null : withoutTimes(verdict) }
}

/**
 * The verdict is about an instant, and ages are counted from it; and a city needs nobody to tell it that it may issue, where another needs
 * the alliance's list. All else is the same wherever it is asked.
 */
function withoutTimes({ at: _at, checks, ...rest }: Verdict): unknown {
  const told = checks.map(({ source, ...check }) => ({
    ...check,
    ...(source === undefined || check.id === 'authorised' ? {} : { source: { ...source, ageSeconds: undefined } }),
  }))
  return { ...rest, checks: told, recognition: undefined }
}

export type Input = 'record file' | 'PDF' | 'picture' | 'paste' | 'printed code'

export const inputs: readonly Input[] = ['record file', 'PDF', 'picture', 'paste', 'printed code']

/** Hands a credential to the page the way a person would, and waits for the verdict. `origin`: of the page. */
export async function bring(page: Page, origin: string, input: Input, { record, pdf, picture, url }: Credential): Promise<void> {
  switch (input) {
    case 'record file':
      return give(page, '记录.sd-jwt', Buffer.from(record))
    case 'PDF':
      return give(page, '证书.pdf', pdf)
    case 'picture':
      return give(page, '照片.png', picture)
    case 'paste':
      return paste(page, record)
    case 'printed code':
      return openCode(page, origin, url)
  }
}

export async function give(page: Page, name: string, content: Uint8Array): Promise<void> {
  await clear(page)
  await chooseFiles(page, [{ name, content }])
  await outcomeOn(page)
}

export async function paste(page: Page, text: string): Promise<void> {
  await clear(page)
  await page.getByRole('button', { name: '粘贴' }).click()
  await page.getByLabel('粘贴记录或二维码中的网址').fill(text)
  await page.getByRole('button', { name: '核验', exact: true }).click()
  await outcomeOn(page)
}

/** The digits of a code, opened as the address of a page: whatever host was printed, a telephone can be told another. */
export async function openCode(page: Page, origin: string, url: string): Promise<void> {
  await page.goto('about:blank') // else it is the same page with another fragment
  await page.goto(`${origin}/q${url.slice(url.indexOf('#'))}`)
  await outcomeOn(page)
}

async function clear(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: '清除结果' })
  if ((await button.count()) > 0) await button.click()
  await page.locator('article.verdict').waitFor({ state: 'detached' })
}
