import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { checkDraft } from '#core/credential/check-draft.ts'
import { families } from '#core/credential/families.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import type { PartialDate } from '#core/model/partial-date.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { enterRecords } from '#registry/enter-record.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { openTestOffice, type TestOffice } from '../support/open-test-office.ts'

let node: TestOffice
beforeAll(async () => {
  node = await openTestOffice()
})
afterAll(() => node.close())

const check = () => checkDraft(families.title, titleDraft(), { today: '2026-06-01' as PartialDate, scope: undefined, division: '370100' })
const envelope = {
  iss: 'https://370100.comity.example',
  iat: 1_780_000_000,
  division: '370100' as never, // a code of the table
  issuedBy: '济南市人力资源和社会保障局',
  number: '1',
  status: { status_list: { idx: 0, uri: 'https://370100.comity.example/status/1' } },
}

const issue = (checks: readonly ReturnType<typeof check>[]) => {
  const { issue: key } = node.office.keyring
  return key.issue(
    checks.map((checked) => ({ checked, envelope })),
    nodeEngine,
    node.office.random,
  )
}

/** Everything that can be reached from a value, functions called by nobody. */
function reachable(value: unknown, seen = new Set<unknown>()): Set<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return seen
  seen.add(value)
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key)!
    reachable('value' in descriptor ? descriptor.value : descriptor.get?.call(value), seen)
  }
  return seen
}

describe('the issuing key', () => {
  it('can be asked for nothing but its name and a checked record: no use case holds its signer', () => {
    const { issue } = node.office.keyring
    expect([Object.keys(issue).toSorted(), Object.isFrozen(issue), Object.getPrototypeOf(issue) === Object.prototype]).toEqual([['issue', 'kid'], true, true])
    const signers = [...reachable(issue)].filter((value) => typeof value === 'object' && value !== null && 'sign' in value)
    expect(signers).toEqual([])
  })

  it('signs for a check once, and for a copy of it, a made one or a spent one not at all, alone or among others', async () => {
    const sign = (...checks: readonly ReturnType<typeof check>[]) => faultCodeOf(issue(checks))
    const checked = check()
    expect(await sign({ ...checked })).toBe('draft-refused')
    expect(await sign({ family: families.title, draft: titleDraft(), warnings: [] })).toBe('draft-refused')
    expect(await sign(checked)).toBe('no fault')
    expect(await sign(checked)).toBe('draft-refused')
    expect(await sign(check(), checked)).toBe('draft-refused')
    const twice = check()
    expect(await sign(twice, twice)).toBe('draft-refused')
  })

  it('gives many in their order, each signed as it is alone', async () => {
    const drafts = ['a', 'b', 'c'].map((number) => ({ checked: check(), envelope: { ...envelope, number } }))
    const chance = (length: number) => new Uint8Array(length)
    const { issue: key } = node.office.keyring
    const together = await key.issue(drafts, nodeEngine, chance)
    const alone = await Promise.all(drafts.map((draft) => key.issue([{ ...draft, checked: check() }], nodeEngine, chance)))
    expect(together).toEqual(alone.flat())
    expect(together.map((text) => parseSdJwt(text, nodeEngine).claims['number'])).toEqual(['a', 'b', 'c'])
  })

  it('signs what was checked: nobody changes it in between', async () => {
    const checked = check()
    expect(() => Object.assign(checked.draft.body, { level: 'senior' })).toThrow(TypeError)
    expect(() => Object.assign(checked.draft.personal['name'] as object, { name: '他人' })).toThrow(TypeError)
    expect(() => Object.assign(checked, { draft: titleDraft() })).toThrow(TypeError)
    const [text] = await issue([checked])
    expect(parseSdJwt(text!, nodeEngine).header.kid).toBe(node.office.keyring.issue.kid)
  })

  it('is not reached through the register either: a spent check enters nothing', async () => {
    const checked = check()
    const entry = { checked, contentDigest: new Uint8Array(16) }
    const count = async () => (await node.audits()).length
    const before = await count()
    expect(await faultCodeOf(node.store.atomically((tx) => enterRecords(tx, node.office, [entry, entry])))).toBe('draft-refused')
    expect(await count()).toBe(before)
    expect(await faultCodeOf(node.store.atomically((tx) => enterRecords(tx, node.office, [{ ...entry, checked: { ...check() } }])))).toBe('draft-refused')
  })
})
