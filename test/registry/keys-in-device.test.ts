import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { pkcs11Door } from '#custody/pkcs11-device.ts'
import { approveDraft, draftRecord } from '#registry/draft-record.ts'
import { changeStatus } from '#registry/change-status.ts'
import { holdTrust } from '#registry/held-trust.ts'
import { initialiseNode } from '#registry/initialise-node.ts'
import { openOffice, type OfficeParts } from '#registry/open-office.ts'
import type { Office } from '#registry/office.ts'
import { rotateKey } from '#registry/rotate-key.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, drafter, issueRecordAt, newNodeOf, openTestParts, testPassphrase, type TestParts } from '../support/open-test-office.ts'
import { makeSoftToken, softModule, type SoftToken } from '../support/soft-token.ts'

let token: SoftToken
let opened: TestParts
let parts: OfficeParts
let office: Office

beforeAll(async () => {
  token = makeSoftToken()
  opened = await openTestParts()
  parts = { ...opened.parts, device: pkcs11Door({ module: softModule, token: token.label, readPin: () => token.pin }) }
  office = await initialiseNode(parts, { ...newNodeOf('370100'), custody: 'pkcs11' }, 'cli:test')
})
afterAll(async () => {
  parts.device!.close()
  await opened.close()
  token.remove()
})

const custodies = async (): Promise<readonly string[]> => (await listSigningKeys(opened.store.read, {})).map(({ use, custody }) => `${use} ${custody}`)
const answerOn = async (at: Office, text: string): Promise<string> => {
  let elapsed = 0
  const [verdict] = await verifyRecords(
    at,
    openTrustDesk(at, () => (elapsed += 10_000)),
    [text],
    {},
  )
  return verdict!.answer
}

describe('a node whose keys are in a device', () => {
  it('issues, opens again, revokes, and its records verify like all others', async () => {
    expect((await custodies()).toSorted()).toEqual(['authority', 'issue', 'log', 'status', 'token', 'witness'].map((use) => `${use} pkcs11`))
    const first = await issueRecordAt(office, 'title', titleDraft())
    const again = await openOffice(parts, testPassphrase)
    expect(again.keyring.issue.kid).toBe(office.keyring.issue.kid)
    const second = await issueRecordAt(again, 'title', titleDraft())
    expect([await answerOn(again, first.text), await answerOn(again, second.text)]).toEqual(['yes', 'yes'])
    await changeStatus(again, approver, { id: first.id }, { change: 'revoked', reason: 'fraud' })
    opened.advance(2)
    expect([await answerOn(again, first.text), await answerOn(again, second.text)]).toEqual(['no', 'yes'])
    expect((await holdTrust(again)).refused).toEqual([])
  })

  it('holds no private half in its store: what is sealed there is 16 bytes that say which object it is', async () => {
    for (const { kid, sealed } of await listSigningKeys(opened.store.read, {}))
      expect(office.vault.open(sealed, Buffer.from(`signing_key/${kid}`)).length, kid).toBe(16)
  })

  it('lets each use live elsewhere: a key may move to the vault and back, and stays where it is when nobody says', async () => {
    const where = async (use: 'issue' | 'token', custody?: 'vault' | 'pkcs11') => {
      opened.advance(1)
      return (await rotateKey(office, { actor: 'cli:keeper' }, use, custody)).custody
    }
    expect([await where('issue', 'vault'), await where('issue'), await where('token'), await where('issue', 'pkcs11'), await where('issue')]).toEqual([
      'vault',
      'vault',
      'pkcs11',
      'pkcs11',
      'pkcs11',
    ])
    const again = await openOffice(parts, testPassphrase)
    const { text } = await issueRecordAt(again, 'title', titleDraft())
    expect(await answerOn(again, text)).toBe('yes')
  })

  it('refuses to sign while the token is away, changes nothing then, and goes on when it is back', async () => {
    const again = await openOffice(parts, testPassphrase)
    const { draft } = await draftRecord(again, drafter, 'title', titleDraft())
    token.pull()
    try {
      expect(await faultCodeOf(approveDraft(again, approver, draft))).toBe('device-absent')
      expect(await faultCodeOf(openOffice(parts, testPassphrase))).toBe('device-absent')
    } finally {
      token.plug()
    }
    expect(await faultCodeOf(approveDraft(again, approver, draft))).toBe('no fault')
  })

  it('does not open without its device', async () => {
    expect(await faultCodeOf(openOffice(opened.parts, testPassphrase))).toBe('device-not-configured')
  })
})
