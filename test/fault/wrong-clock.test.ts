import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { callRoute } from '#contract/client.ts'
import { listDraftsRoute } from '#contract/drafts.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { secondsOf } from '#core/model/instant.ts'
import { shippedPolicy } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { changeStatus } from '#registry/change-status.ts'
import { approveDraft, draftRecord } from '#registry/draft-record.ts'
import { holdTrust } from '#registry/held-trust.ts'
import { publishDue } from '#registry/keep-published.ts'
import { checkLog } from '#registry/log/check-log.ts'
import { timeProofOf } from '#registry/log/prove-record.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { publishStatusLists } from '#registry/publish.ts'
import { findWitnessedLog } from '#storage/witnessed-logs.ts'

import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, drafter, issueRecordAt, repeatable, takeFrom } from '../support/open-test-office.ts'
import { openTestNode } from '../support/open-test-node.ts'
import { openGround, openStrikes, type City, type Ground, type World } from './crash-world.ts'

/*
 * What a node does while its clock is wrong, and what is left of it when it is right again.
 *
 * |                                  | a day back                                | four hundred days on                      | right again
 * | issuing, status changes, files,  | refused (clock-differs) as soon as most of the neighbours' cosignatures say   | goes on by itself; whoever was
 * | the own log                      | so: at the start, within a minute of a new head, else within ten minutes      | refused asks again
 * | a record signed before that      | dated a day early; the log says when it   | from the future: no, until that day       | the former is good; the latter
 * |                                  | was, and that is what counts              |                                           | is voided and issued anew
 * | a record older than its key      | refused (key-outside-window)              | refused                                   |
 * | cosigning for others             | refused once it knows; before that never  | refused once it knows; before that a time | cosigns with the right time,
 * |                                  | a time before its last                    | that counts for nobody                    | also where it had said a later
 * | cosignatures for its own log     | none of theirs is kept: each is ahead     | kept, if the head is from before          | the same head is cosigned
 * | manifest                         | as it was                                 | dated in the future, at most once         | made anew, accepted by all
 * | status lists                     | each dated after the one before           | dated in the future, and taken by nobody  | dated by the right clock: no revocation waits
 * | imports, and forgetting what    | wait as soon as most of the neighbours' cosignatures say so                                   | go on by themselves
 * | has served its purpose           |                                           |                                           |
 * | tokens                           | those given before end                    | those given before have ended             | those given then are refused
 * | verdicts of its own              | new records are from the future           | what it holds of others has expired       | as everybody's
 * | one neighbour whose clock is wrong, or two that differ: nothing of all this; its own cosignatures are not kept
 */

const minute = 60
const day = 24 * 3600

let ground: Ground
let world: World
let jinan: City
let zibo: City
let binzhou: City
beforeAll(async () => {
  ground = await openGround()
})
afterAll(() => ground.clear())
beforeEach(async () => {
  world = await ground.open(openStrikes())
  ;[jinan, zibo, binzhou] = ['370100', '370300', '371600'].map((division) => world.city(division)) as [City, City, City] // three were asked for
  // Keys are older than a day by now, and files have been renewed.
  world.pass(10 * day)
  for (const city of [jinan, zibo, binzhou]) await jobs(city)
  await exchange()
})
afterEach(() => world.close())

/** What a node does by itself within a minute. The witnesses' outcomes, by city. */
async function jobs(city: City): Promise<Readonly<Record<string, string>>> {
  world.pass(minute)
  await publishDue(city.office())
  await sequenceLog(city.office())
  return cosign(city)
}
const cosign = async (city: City) =>
  Object.fromEntries((await city.cosigner().round()).map(({ iss, outcome, detail = '' }) => [/\d{6}/.exec(iss)![0], `${outcome} ${detail}`.trim()]))

/** Everybody takes everybody's files; what was not taken of somebody's own, and why. */
async function exchange(): Promise<readonly string[]> {
  const refused: string[] = []
  for (const city of world.cities)
    for (const other of world.cities.filter((each) => each !== city)) {
      const taken = await takeFrom(city.office(), other.office())
      refused.push(...taken.refused.filter(({ name }) => name.includes(other.division)).map(({ name, fault }) => `${name} ${fault.code}`))
    }
  return refused
}

const issue = (city: City) => issueRecordAt(city.office(), 'title', titleDraft())
const refusalOfIssuing = (city: City) => faultCodeOf(issue(city))
const bothSay = (detail: string) => ({ '370300': expect.stringMatching(detail), '371600': expect.stringMatching(detail) })

/** What another city says of a record, by its own clock, with the proof that the issuing city gives of it. */
async function verdictAt(city: City, text: string): Promise<readonly (string | undefined)[]> {
  const own = jinan.office()
  const proof = (await timeProofOf(own, (await holdTrust(own)).trust, text))?.text
  const { trust, rules } = await holdTrust(city.office())
  const evidence = { record: encodeUtf8(text), proof: proof === undefined ? undefined : encodeUtf8(proof) }
  const { answer, checks, logged } = verify(evidence, trust, rules, city.office().clock(), shippedPolicy, nodeEngine)
  return [answer, checks.find((check) => check.answer !== 'yes')?.reason, logged?.at]
}

describe('a node whose clock is a day back', () => {
  it('issues nothing once its neighbours have said so, and goes on when it is right', async () => {
    world.setClock('370100', -day)
    const early = await issue(jinan)
    expect(await jobs(jinan)).toEqual(bothSay('^unusable its clock says'))
    const { draft } = await draftRecord(jinan.office(), drafter, 'title', titleDraft())
    const approve = () => approveDraft(jinan.office(), repeatable(approver.actor, 'late', draft), draft)
    expect(await faultCodeOf(approve())).toBe('clock-differs')
    expect(await faultCodeOf(changeStatus(jinan.office(), approver, { id: early.id }, { change: 'suspended', reason: 'investigation' }))).toBe('clock-differs')
    expect(await faultCodeOf(publishStatusLists(jinan.office(), 'all'))).toBe('clock-differs')
    expect(await faultCodeOf(sequenceLog(jinan.office()))).toBe('clock-differs')
    // It vouches for nobody's time meanwhile.
    await issue(zibo)
    expect(await jobs(zibo)).toEqual({ '370100': 'refused status 503', '371600': 'cosigned' })

    world.setClock('370100', 0)
    expect(await cosign(jinan)).toEqual(bothSay('^cosigned$'))
    const { record } = await approve()
    expect((await approve()).record).toBe(record)
    expect(await jobs(jinan)).toEqual(bothSay('^cosigned$'))
    expect(await cosign(zibo)).toEqual({ '370100': 'cosigned', '371600': 'has-it' })
    expect(await exchange()).toEqual([])
    // What it had signed a day early is dated so, and stood in the log when others saw it.
    const [answer, reason, logged] = await verdictAt(zibo, early.text)
    expect([answer, reason]).toEqual(['yes', undefined])
    expect(secondsOf(zibo.office().clock()) - secondsOf(logged as never)).toBeLessThan(10 * minute) // an instant, as the verdict has it
    expect((await checkLog(jinan.office(), () => undefined)).findings).toEqual([])
  })

  it('signs no record that would be older than its key', async () => {
    world.setClock('370100', -30 * day)
    expect(await refusalOfIssuing(jinan)).toBe('key-outside-window')
  })

  it('vouches for no time before its last, whether it has heard its neighbours or not', async () => {
    const origin = '370100.comity.example/log'
    const lastOf = async () => (await findWitnessedLog(zibo.office().store.read, { origin }))!.cosignedAt
    const last = await lastOf()
    expect(zibo.office().gate.clockIsRight(secondsOf(zibo.office().clock()))).toBe(true)
    world.setClock('370300', -day)
    await issue(jinan)
    expect(await jobs(jinan)).toEqual(bothSay('^cosigned$'))
    expect(await lastOf()).toBe(last)
  })
})

describe('a node whose clock is four hundred days on', () => {
  it('issues nothing once its neighbours have said so, and everything works when it is right', async () => {
    const before = await issue(jinan)
    await jobs(jinan)
    await exchange()
    expect((await verdictAt(zibo, before.text)).slice(0, 2)).toEqual(['yes', undefined])

    world.setClock('370100', 400 * day)
    const late = await issue(jinan)
    // Asked before it has heard anybody, it vouches for a time to come, which nobody keeps and which stops nobody.
    await issue(zibo)
    expect(await jobs(zibo)).toEqual({ '370100': expect.stringMatching('^unusable its clock says'), '371600': 'cosigned' })
    await issue(zibo)
    expect(await jobs(jinan)).toEqual(bothSay('^unusable its clock says'))
    expect(await refusalOfIssuing(jinan)).toBe('clock-differs')
    // A list of a time to come would bar the way to those of today: the neighbours keep the one that they have.
    expect(await exchange()).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(/^status\/370100.* trust-from-future$/)))
    expect((await verdictAt(zibo, late.text)).slice(0, 2)).toEqual(['no', 'record-from-future'])
    expect((await verdictAt(zibo, before.text)).slice(0, 2)).toEqual(['yes', undefined])

    world.setClock('370100', 0)
    // The head that it had signed in the future is cosigned now; and a log that it had vouched for in the future is cosigned again.
    expect(await cosign(jinan)).toEqual(bothSay('^cosigned$'))
    await jobs(jinan)
    expect(await jobs(zibo)).toEqual({ '370100': 'cosigned', '371600': 'cosigned' })
    const witnessed = await findWitnessedLog(jinan.office().store.read, { origin: '370300.comity.example/log' })
    expect(witnessed!.cosignedAt).toBe(secondsOf(jinan.office().clock()))
    const after = await issue(jinan)
    await changeStatus(jinan.office(), approver, { id: late.id }, { change: 'voided', reason: 'misprint' })
    await changeStatus(jinan.office(), approver, { id: before.id }, { change: 'revoked', reason: 'fraud' })
    expect(await jobs(jinan)).toEqual(bothSay('^cosigned$'))
    expect(await exchange()).toEqual([])
    expect((await verdictAt(zibo, after.text)).slice(0, 2)).toEqual(['yes', undefined])
    expect((await verdictAt(zibo, before.text)).slice(0, 2)).toEqual(['no', 'status-revoked'])
    const manifest = (await holdTrust(zibo.office())).trust.authorities.get('https://370100.comity.example')!.manifest!
    expect(manifest.payload.iat).toBeLessThanOrEqual(secondsOf(zibo.office().clock()))
    expect((await checkLog(jinan.office(), () => undefined)).findings).toEqual([])
  })

  it('is told so when it starts, before it has signed anything', async () => {
    world.setClock('370100', 400 * day)
    await jinan.restart()
    await cosign(jinan)
    expect(await refusalOfIssuing(jinan)).toBe('clock-differs')
  })

  it('is told so within ten minutes though nothing is signed meanwhile', async () => {
    expect(await cosign(jinan)).toEqual(bothSay('^has-it$'))
    world.setClock('370100', 400 * day)
    await cosign(jinan)
    expect(await refusalOfIssuing(jinan)).toBe('clock-differs')
    // Set right, it is asked again in the next round.
    world.setClock('370100', 0)
    expect(await cosign(jinan)).toEqual(bothSay('^cosigned$'))
    await issue(jinan)
  })

  it('can tell nothing of others meanwhile, and the same as before afterwards', async () => {
    const { text } = await issue(jinan)
    await jobs(jinan)
    await exchange()
    world.setClock('370300', 400 * day)
    expect((await verdictAt(zibo, text)).slice(0, 2)).toEqual(['cannot-tell', 'manifest-expired'])
    world.setClock('370300', 0)
    expect((await verdictAt(zibo, text)).slice(0, 2)).toEqual(['yes', undefined])
  })

  it('gives tokens that are refused when the clock is right', async () => {
    const node = await openTestNode()
    try {
      node.pass(400 * day)
      const token = await node.token('approver')
      const asked = () => callRoute(listDraftsRoute, { base: node.url, token, query: {} }, fetch)
      await asked()
      node.pass(-400 * day)
      expect(await faultCodeOf(asked())).toBe('token-refused')
    } finally {
      await node.close()
    }
  })
})

describe('a neighbour whose clock is wrong', () => {
  it('stops nobody by itself, nor when the other one is not there', async () => {
    world.setClock('370300', 400 * day)
    await issue(jinan)
    expect(await jobs(jinan)).toEqual({ '370300': expect.stringMatching('^unusable its clock'), '371600': 'cosigned' })
    await issue(jinan)
    binzhou.process().down = true
    expect(await jobs(jinan)).toEqual({ '370300': expect.stringMatching('^unusable its clock'), '371600': expect.stringMatching('^(refused|unreachable)') })
    await issue(jinan)
  })

  it('stops nobody together with one whose clock is wrong the other way', async () => {
    world.setClock('370300', 400 * day)
    world.setClock('371600', -400 * day)
    await issue(jinan)
    await jobs(jinan)
    await issue(jinan)
  })
})
