import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { handOutCode, presentRecord } from '#contract/records.ts'
import { claimCodeAlphabet } from '#core/model/claim-code.ts'
import { listAudits, type AuditRow } from '#storage/audits.ts'
import { titleDraft } from '../support/examples.ts'
import { seededRandom } from '../support/make-alliance.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

// Ten thousand guesses at claim codes, from one address: eight thousand at a node whose limit is raised out of the way, the rest at one with the usual limit.

let raised: TestNode
let usual: TestNode

beforeAll(async () => {
  raised = await openTestNode({ limits: { claim: 1_000_000 } })
  usual = await openTestNode({ division: '370300' })
})
afterAll(async () => {
  await raised.close()
  await usual.close()
})

const lastSix = '192288'

async function handedOut(node: TestNode): Promise<{ readonly record: string; readonly text: string; readonly code: string }> {
  const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
  const { record } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
  const { text } = await node.call(presentRecord, { as: 'drafter', params: { record }, body: {} })
  const { code } = await node.call(handOutCode, { as: 'drafter', params: { record }, body: {} })
  return { record, text, code }
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: string
}

async function guess(node: TestNode, code: string, six: string): Promise<Answer> {
  const answer = await fetch(`${node.url}/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, lastSix: six }),
  })
  const headers = [...answer.headers].filter(([name]) => name !== 'date').map((pair) => pair.join(': '))
  return { status: answer.status, text: await answer.text(), headers: headers.join('\n') }
}

/** All of them, a hundred at a time: each kind of answer once, with how often it was given. */
async function guessAll(node: TestNode, guesses: readonly (readonly [code: string, six: string])[]): Promise<ReadonlyMap<string, number>> {
  const kinds = new Map<string, number>()
  const left = guesses.values()
  const guesser = async (): Promise<void> => {
    for (const [code, six] of left) {
      const kind = JSON.stringify(await guess(node, code, six))
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 100 }, guesser))
  return kinds
}

const audits = (node: TestNode): Promise<readonly AuditRow[]> => listAudits(node.office.store.read, { after: new Uint8Array(0), limit: 100_000 })

const random = seededRandom('claim guesses')
const anyCode = (): string => Array.from(random(16), (byte) => claimCodeAlphabet[byte % 32]).join('')

const codesOf = (kinds: ReadonlyMap<string, number>): readonly (readonly [number, string, number])[] =>
  [...kinds].map(([kind, count]) => {
    const { status, text } = JSON.parse(kind) as Answer // written above
    return [status, (JSON.parse(text) as { readonly code: string }).code, count] as const // a problem
  })

describe('ten thousand guesses at codes', () => {
  it('find none, are answered alike to the byte, and leave no row behind; a good claim then succeeds', async () => {
    const good = await handedOut(raised)
    const before = await audits(raised)
    // The six characters are right throughout, and a third of the codes differ from a good one in one character only.
    const near = (at: number): string => {
      const code = good.code.replaceAll('-', '')
      const other = claimCodeAlphabet[(claimCodeAlphabet.indexOf(code[at % 16]!) + 1 + (at % 31)) % 32]!
      return `${code.slice(0, at % 16)}${other}${code.slice((at % 16) + 1)}`
    }
    const kinds = await guessAll(
      raised,
      Array.from({ length: 6000 }, (_, index) => [index % 3 === 0 ? near(index) : anyCode(), lastSix]),
    )
    expect(codesOf(kinds)).toEqual([[403, 'claim-refused', 6000]])
    expect((await audits(raised)).length).toBe(before.length)
    const { status, text } = await guess(raised, good.code, lastSix)
    expect([status, JSON.parse(text)]).toEqual([200, { text: good.text }])
    // And a try with the same code, now used up, is answered like each of them.
    expect([...kinds.keys()]).toEqual([JSON.stringify(await guess(raised, good.code, lastSix))])
  })

  it('at one that exists end it with the fifth, note five of them, and leave the codes of others good', async () => {
    const victim = await handedOut(raised)
    const other = await handedOut(raised)
    const kinds = await guessAll(
      raised,
      Array.from({ length: 2000 }, (_, index) => [index % 10 === 0 ? victim.code : anyCode(), String(index + 100_000)]),
    )
    expect(codesOf(kinds)).toEqual([[403, 'claim-refused', 2000]])
    const noted = (await audits(raised)).filter(({ subject }) => subject === victim.record).map(({ actor, action, detail }) => [actor, action, detail])
    expect(noted.filter(([, action]) => action === 'claim-refused')).toEqual(Array.from({ length: 5 }, () => ['holder', 'claim-refused', null]))
    expect((await guess(raised, victim.code, lastSix)).status).toBe(403)
    expect((await guess(raised, other.code, lastSix)).status).toBe(200)
    // The bureau hands out another.
    const { code } = await raised.call(handOutCode, { as: 'drafter', params: { record: victim.record }, body: {} })
    expect(JSON.parse((await guess(raised, code, lastSix)).text)).toEqual({ text: victim.text })
  })

  it('from one address are cut short after thirty a minute, the good ones among them as well', async () => {
    const good = await handedOut(usual)
    const before = (await audits(usual)).length
    const kinds = await guessAll(
      usual,
      Array.from({ length: 2000 }, () => [anyCode(), lastSix]),
    )
    const told = codesOf(kinds).toSorted(([one], [two]) => one - two)
    expect(told.map(([status, code]) => [status, code])).toEqual([
      [403, 'claim-refused'],
      [429, 'requests-too-many'],
    ])
    // Thirty, and thirty more for each minute that the guessing went on.
    expect(told[0]![2] % 30).toBe(0)
    expect(told[0]![2] + told[1]![2]).toBe(2000)
    expect(JSON.parse([...kinds.keys()].find((kind) => kind.includes('requests-too-many'))!)).toMatchObject({
      headers: expect.stringContaining('retry-after: 60'),
    })
    expect((await guess(usual, good.code, lastSix)).status).toBe(429)
    expect((await audits(usual)).length).toBe(before)
  })
})

it('a refusal takes as long for a code that does not exist as for one that does', async () => {
  const { code } = await handedOut(raised)
  for (const [given, six] of [
    [anyCode(), lastSix],
    [code, '000000'],
  ] as const) {
    const started = performance.now()
    expect((await guess(raised, given, six)).status).toBe(403)
    expect(performance.now() - started).toBeGreaterThan(98)
  }
})
