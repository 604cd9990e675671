import { describe, expect, it } from 'vitest'

import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { familyIds } from '#core/model/family-id.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { basisOf } from '#core/verify/check-basis.ts'
import { namesIn, noNames } from '#core/verify/trust-names.ts'
import { shippedPolicy, type Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { nodeEngine } from '#custody/engine-node.ts'

import { resign } from '../../support/craft-record.ts'
import { exampleDrafts } from '../../support/examples.ts'
import { makeAlliance } from '../../support/make-alliance.ts'
import { ask, proofOf, trustWith } from './logged-world.ts'

const circle = makeAlliance({ cities: ['370100', '370300'] })
const jinan = circle.city('370100')
const record = circle.issue('370100', 'title', exampleDrafts.title(), { idx: 5 })
const kid = jinan.issue.public.kid
const judged = (evidence: string, trust: Trust = circle.trust): Verdict =>
  verify(encodeUtf8(evidence), trust, circle.rules, circle.at, shippedPolicy, nodeEngine)

/** Check by check: its id, what it looked at (in Chinese), and its source's kind, id, version, time and age. */
const told = (verdict: Verdict, names = namesIn(circle.trust)) =>
  verdict.checks.map((check) => {
    const { datum, source } = basisOf(check, verdict, names)
    const { kind, id, version, issuedAt, ageSeconds } = source ?? {}
    const from = source === undefined ? [] : [[kind, id, version, issuedAt, ageSeconds].filter((part) => part !== undefined).join(' ')]
    return [check.id, typeof datum === 'object' ? datum.zh : datum, ...from]
  })

const manifest = 'manifest https://370100.comity.example 1 2026-06-01T03:00:00Z 3600'
const list = 'alliance-list circle 1 2026-06-01T03:00:00Z 3600'
const statusList = 'status-list https://370100.comity.example/status/1 2026-06-01T03:00:00Z 3600'

describe('every check', () => {
  it('says what it looked at, and which version of what it believed, and how old that was', () => {
    const verdict = judged(record)
    const itself = `record ${verdict.evidence.digest} 2026-06-01T03:00:00Z 3600`
    expect(told(verdict)).toEqual([
      ['form', 'application/dc+sd-jwt', itself],
      ['issuer', 'https://370100.comity.example', list],
      ['key', kid, manifest],
      ['signature', kid, manifest],
      ['content', '专业技术职称', itself],
      ['time', '2026年6月1日 11:00（北京时间）', itself],
      ['key-in-force', kid, manifest],
      ['key-scope', '专业技术职称，山东省济南市', manifest],
      ['authorised', '专业技术职称，山东省济南市', list],
      ['validity', '记录没有失效日', itself],
      ['status', 'https://370100.comity.example/status/1#5', statusList],
    ])
  })

  it.each(familyIds)('does so for a %s record', (family) => {
    const text = circle.issue(family === 'recognition' ? '370300' : '370100', family, exampleDrafts[family]())
    const checks = told(judged(text))
    expect(checks.filter((check) => check.length < 3 || check.some((part) => part === undefined || part === ''))).toEqual([])
    expect(checks.length).toBe(family === 'recognition' ? 12 : 11)
  })

  it('says until when a record holds that ends', () => {
    const ending = resign(record, jinan.issue.signer, { payload: { exp: 1_800_000_000 } })
    expect(told(judged(ending)).find(([id]) => id === 'validity')![1]).toBe('2027年1月15日 16:00（北京时间）')
  })

  it('says by whose word a time is proven', () => {
    const verdict = ask(proofOf({ cosigned: { '370300': 100, '371600': 200 } }))
    const [, datum] = told(verdict, namesIn(trustWith())).find(([id]) => id === 'time')!
    expect(datum).toMatch(/^不晚于 2026年6月1日 11:03（北京时间）；日志 370100\.comity\.example\/log，第 \d+ 条；见证：/)
  })
})

describe('a check that failed', () => {
  it('says what it compared with: a changed record, and nothing that the record says of itself', () => {
    const [header, payload, ...rest] = record.split('.') as [string, string, ...string[]] // a JWS and what follows it
    const claims = Buffer.from(payload, 'base64url').toString('utf8')
    const verdict = judged([header, Buffer.from(claims.replace('2021-03-05', '2011-03-05')).toString('base64url'), ...rest].join('.'))
    expect(claims).toContain('2021-03-05')
    expect(told(verdict)).toEqual([
      ['form', 'application/dc+sd-jwt', `record ${verdict.evidence.digest}`],
      ['issuer', 'https://370100.comity.example', list],
      ['key', kid, manifest],
      ['signature', kid, manifest],
    ])
  })

  it('names neither issuer nor file where no list names the issuer', () => {
    const stranger = makeAlliance({ cities: ['420100'], seed: 'strangers' }).issue('420100', 'title', exampleDrafts.title())
    const verdict = judged(stranger)
    expect(told(verdict)).toEqual([
      ['form', 'application/dc+sd-jwt', `record ${verdict.evidence.digest}`],
      ['issuer', undefined],
    ])
  })

  it('keeps the place that it names itself', () => {
    expect(told(judged(`${record}WyJzYWx0IiwieCIsMV0~`)).map(([id, datum]) => [id, datum])).toEqual([['form', 'disclosures/5']])
    expect(told(judged('hello'))).toEqual([['form', undefined]])
  })
})

it('where no names are at hand, the list that authorises the issuer is what named it', () => {
  expect(told(judged(record), noNames)[1]).toEqual(['issuer', 'https://370100.comity.example', list])
})
