import type { Page } from 'playwright-core'

import { claimOn, handOut, lastSix, sendClaim } from '../../test/support/claim-on-page.ts'
import { workInjuryDraft } from '../../test/support/examples.ts'
import type { TestNode } from '../../test/support/open-test-node.ts'

/** A state of the claim page: what brings it about. */
export interface ClaimState {
  readonly name: string
  readonly show: (page: Page, node: TestNode) => Promise<void>
}

const refusal = (page: Page): Promise<void> => page.locator('.refusal .failure').first().waitFor()

const held = async (page: Page, node: TestNode): Promise<void> => claimOn(page, await handOut(node))

export const claimStates: readonly ClaimState[] = [
  { name: 'claim-start', show: async () => undefined },
  {
    name: 'claim-troubles',
    show: async (page) => {
      await sendClaim(page, '7K3M-0Q1Z-U', '12')
      await page.locator('.trouble').first().waitFor()
    },
  },
  {
    name: 'claim-refused',
    show: async (page) => {
      await sendClaim(page, '7K3M-0Q1Z-ABCD-WXYZ', lastSix)
      await refusal(page)
    },
  },
  {
    name: 'claim-too-many',
    show: async (page) => {
      for (let sent = 0; sent < 31; sent++)
        await page.evaluate(
          "fetch('/claim', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code: '0'.repeat(16), lastSix: '000000' }) })",
        )
      await sendClaim(page, '7K3M-0Q1Z-ABCD-WXYZ', lastSix)
      await refusal(page)
    },
  },
  {
    name: 'claim-lost',
    show: async (page) => {
      await page.route('**/claim', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
      await sendClaim(page, '7K3M-0Q1Z-ABCD-WXYZ', lastSix)
      await refusal(page)
    },
  },
  {
    name: 'claim-offline',
    show: async (page) => {
      await page.context().setOffline(true)
      await page.locator('.caution').waitFor()
    },
  },
  { name: 'claim-held', show: held },
  {
    name: 'claim-held-saved-all-shown',
    show: async (page, node) => {
      await claimOn(page, await handOut(node, 'work-injury', workInjuryDraft()))
      await page.locator('.keep-it button').click()
      for (const box of await page.getByRole('checkbox').all()) await box.check()
      await page.getByRole('radio').last().check()
      await page.locator('.show .actions .primary').click()
      await page.getByText(/^(已下载|Downloaded) /).waitFor()
    },
  },
  {
    name: 'claim-held-certificate-failed',
    show: async (page, node) => {
      await held(page, node)
      await page.route('**/certificates', (route) => route.abort())
      await page.locator('.show .actions .primary').click()
      await refusal(page)
    },
  },
]
