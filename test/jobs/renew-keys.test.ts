import { afterEach, expect, it } from 'vitest'

import { createDraft } from '#contract/drafts.ts'
import { readiness } from '#contract/public.ts'
import { titleDraft } from '../support/examples.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

const day = 24 * 3600
const nearlyTwoYears = 2 * 365 * day - 29 * day

let node: TestNode
afterEach(() => node.close())

const signerOf = (token: string): unknown => (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString('utf8')) as { readonly kid: string }).kid

it('a serving node goes on giving tokens under a new key when the old one nears its end, without a restart', async () => {
  node = await openTestNode({ bornBefore: nearlyTwoYears })
  await expect.poll(() => node.log.find(({ msg }) => msg === 'key renewed')).toMatchObject({ job: 'renew-keys', use: 'token' })
  const { kid } = node.log.find(({ msg }) => msg === 'key renewed')!
  await expect.poll(async () => (node.pass(1), signerOf(await node.token('drafter')))).toBe(kid)
  await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
  await expect.poll(() => node.call(readiness, {}), { timeout: 20_000 }).toMatchObject({ ready: true, keysEnding: [] })
})

it('a serving node says in its log and when it is asked that its issuing key ends', async () => {
  node = await openTestNode({ bornBefore: 10 * 365 * day - 29 * day })
  await expect.poll(() => node.log.find(({ job, uses }) => job === 'renew-keys' && uses !== undefined)).toMatchObject({ level: 'warn', uses: ['issue'] })
  // Its manifest is of years ago until the first round of publishing is through.
  await expect.poll(() => node.call(readiness, {}), { timeout: 20_000 }).toMatchObject({ ready: true, keysEnding: ['issue'] })
})
