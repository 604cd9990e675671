import type { Page } from 'playwright-core'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { handOutCode, presentRecord } from '#contract/records.ts'
import type { Draft } from '#core/credential/family.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import { titleDraft } from './examples.ts'
import type { TestNode } from './open-test-node.ts'

/** The last six characters of the holder's identity number, in every example. */
export const lastSix = '192288'

export interface HandedOut {
  readonly record: string
  /** The whole record. */
  readonly text: string
  readonly code: string
}

/** A record with a code for its holder. */
export async function handOut(node: TestNode, family: FamilyId = 'title', draft: Draft = titleDraft(), days?: number): Promise<HandedOut> {
  const { draft: id } = await node.call(createDraft, { as: 'drafter', body: { family, draft } as never }) // an example of the family
  const { record } = await node.call(approveDraftRoute, { as: 'approver', params: { draft: id }, body: {} })
  const { text } = await node.call(presentRecord, { as: 'approver', params: { record }, body: {} })
  const { code } = await node.call(handOutCode, { as: 'drafter', params: { record }, body: days === undefined ? {} : { days } })
  return { record, text, code }
}

/** Fills in the form of `/claim` and sends it, in whichever language the page speaks. */
export async function sendClaim(page: Page, code: string, six: string): Promise<void> {
  await page.locator('#claim-code').fill(code)
  await page.locator('#claim-six').fill(six)
  await page.getByRole('button', { name: /^(领取|Claim)$/ }).click()
}

/** Claims, and waits until the record is there. */
export async function claimOn(page: Page, { code }: Pick<HandedOut, 'code'>, six = lastSix): Promise<void> {
  await sendClaim(page, code, six)
  await page.locator('.received-head').waitFor()
}
