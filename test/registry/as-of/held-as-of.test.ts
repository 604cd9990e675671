import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { vctOf } from '#core/credential/family.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import { heldAsOf } from '#registry/as-of/held-as-of.ts'
import { joinAlliance } from '#registry/held-trust.ts'
import { answerAuthorization } from '#registry/views/answer-trqp.ts'
import { closeSigningKey, insertSigningKeys, listSigningKeys } from '#storage/signing-keys.ts'
import { faultCodeOf } from '../../support/fault-code-of.ts'
import { makeTestKey, testInstant } from '../../support/make-alliance.ts'
import { openTestOffice, type TestOffice } from '../../support/open-test-office.ts'

const after = (seconds: number): Instant => instantOf(secondsOf(testInstant) + seconds)

let node: TestOffice
beforeEach(async () => {
  node = await openTestOffice()
})
afterEach(() => node.close())

describe('what was believed at an instant', () => {
  it('an alliance is missing from the day on which it was joined, and before that it is nobody', async () => {
    node.advance(100)
    await joinAlliance(node.office, { actor: 'cli:test' }, { alliance: 'circle', version: 1, digest: 'LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564' })
    node.advance(100)
    const ask = (time: Instant) =>
      faultCodeOf(
        answerAuthorization(node.office, node.desk, {
          entity_id: 'https://370300.comity.example',
          authority_id: node.office.authority.iss,
          action: 'issue',
          resource: vctOf('title'),
          context: { time },
        }),
      )
    expect([await ask(after(99)), await ask(after(100))]).toEqual(['question-unknown', 'answer-unknown'])
  })

  it('the authority key is the one that was open', async () => {
    const { store } = node
    const [first] = (await listSigningKeys(store.read, {})).filter(({ use }) => use === 'authority')
    const next = makeTestKey('next')
    await store.atomically(async (tx) => {
      await closeSigningKey(tx, { kid: first!.kid, closedAt: secondsOf(after(100)), closedReason: 'superseded', compromisedSince: null })
      await insertSigningKeys(tx, [{ ...first!, kid: next.public.kid, jwk: next.jwk, createdAt: secondsOf(after(100)), no: 100 }])
    })
    node.advance(200)
    const keyAt = async (at: Instant) => (await heldAsOf(node.office, at)).anchors.authorities[0]?.authorityKey.x
    expect([await keyAt(after(-1)), await keyAt(testInstant), await keyAt(after(99)), await keyAt(after(100)), await keyAt(after(200))]).toEqual([
      undefined,
      first!.jwk['x'],
      first!.jwk['x'],
      next.jwk.x,
      next.jwk.x,
    ])
  })
})
