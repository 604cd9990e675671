import { describe, expect, it } from 'vitest'

import { acceptAllianceList, type AllianceList } from '#core/trust/alliance-list.ts'
import { compareLists } from '#core/trust/compare-lists.ts'
import { compareRules } from '#core/trust/compare-rules.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import { draftList } from '#core/trust/draft-list.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import { alliancePayload, anchorOf, makeCity, makeTestKey, memberOf, signAllianceList } from '../../support/make-alliance.ts'

const iat = 1_780_000_000
const [jinan, zibo, taian] = [makeCity('370100'), makeCity('370300'), makeCity('370900')]
const payload = alliancePayload('circle', [memberOf(jinan), memberOf(zibo)], iat, {
  thresholds: { list: 1, rules: 1 },
  chair: jinan.division,
  terms: [{ chair: jinan.division, from: '2026-01-01', until: '2027-01-01' }],
})
const file = signAllianceList(payload, [jinan.authority.signer])
const held = acceptAllianceList(file, anchorOf(payload, file), nodeEngine)
const times = { iat: iat + 60, ttl: 10, exp: iat + 1000 }
const next = (...changes: readonly object[]): AllianceList => draftList({ alliance: 'circle', changes }, held, times)
const refused = (draft: object, on: typeof held | undefined = held): string => faultOf(() => draftList(draft, on, times))
const told = (list: AllianceList) => compareLists(payload, list).map(({ code, at, text }) => `${code} ${at}: ${text.zh} | ${text.en}`)

describe('a draft of changes', () => {
  it('leaves everything as it is that it does not name', () => {
    expect(next({ change: 'set', name: payload.name })).toEqual({ ...payload, ...times, version: 2, prev: held.digest })
  })

  it('lets a member join, and come back into the place that it had', () => {
    const joined = next({ change: 'join', member: memberOf(taian) })
    expect(joined.members.map(({ division, state }) => [division, state])).toEqual([
      ['370100', 'active'],
      ['370300', 'active'],
      ['370900', 'active'],
    ])
    expect(told(joined)).toEqual([
      `member-joins ${taian.iss}: 泰安市人力资源和社会保障局（370900）加入，成员，自 2020-12-04；可签发：专业技术职称、专业技术人员职业资格、职业技能等级、工伤认定、劳动能力鉴定、互认确认（地区：370900） | ` +
        'Tai’an HRSS Bureau (370900) joins as member from 2020-12-04; may issue: Professional title, Professional qualification, Vocational skill level, Work-injury determination, Labour-capacity appraisal, Recognition record (divisions: 370900)',
    ])
    const back = next({ change: 'leave', iss: zibo.iss, until: '2026-06-01' }, { change: 'join', member: memberOf(zibo, { from: '2027-01-01' }) })
    expect(back.members.map(({ division, from }) => [division, from])).toEqual([
      ['370100', '2020-12-04'],
      ['370300', '2027-01-01'],
    ])
    expect(refused({ alliance: 'circle', changes: [{ change: 'join', member: memberOf(zibo) }] })).toBe('request-malformed')
  })

  it('lets a member leave from a day on: it stays in the list, so that what it issued before can be told', () => {
    const left = next({ change: 'leave', iss: zibo.iss, until: '2026-06-01' })
    expect(left.members[1]).toEqual({ ...memberOf(zibo), state: 'left', until: '2026-06-01' })
    expect(told(left)).toEqual([
      `member-leaves ${zibo.iss}: 淄博市人力资源和社会保障局（370300）退出，自 2026-06-01 起不再是成员 | Zibo HRSS Bureau (370300) leaves, no member from 2026-06-01 on`,
    ])
  })

  it('suspends a member from a day on and reinstates it', () => {
    const suspended = next({ change: 'suspend', iss: zibo.iss, from: '2026-06-01' })
    expect(suspended.members[1]).toMatchObject({ state: 'suspended', until: '2026-06-01' })
    expect(next({ change: 'suspend', iss: zibo.iss }).members[1]).toEqual({ ...memberOf(zibo), state: 'suspended' })
    expect(next({ change: 'suspend', iss: zibo.iss, from: '2026-06-01' }, { change: 'reinstate', iss: zibo.iss }).members[1]).toEqual(memberOf(zibo))
    expect([...told(suspended), ...compareLists(suspended, payload).map(({ text }) => text.zh)]).toEqual([
      `member-suspended ${zibo.iss}: 淄博市人力资源和社会保障局（370300）暂停 | Zibo HRSS Bureau (370300) is suspended`,
      '淄博市人力资源和社会保障局（370300）恢复',
    ])
  })

  it('amends what a member may issue and which key speaks for it, and says so in words', () => {
    const key = makeTestKey('new authority').jwk
    const authorised = [{ families: ['title' as const], levels: ['intermediate'], series: ['05'], ranks: ['prefecture' as const, 'county' as const] }]
    const amended = next({ change: 'amend', iss: zibo.iss, authorised, authorityKey: key, role: 'associate', addresses: ['https://zibo.example'] })
    expect(amended.members[1]).toEqual({ ...memberOf(zibo), authorised, authorityKey: key, role: 'associate', addresses: ['https://zibo.example'] })
    const all = '专业技术职称、专业技术人员职业资格、职业技能等级、工伤认定、劳动能力鉴定、互认确认（地区：370300）'
    expect(compareLists(payload, amended).map(({ code, text }) => [code, text.zh])).toEqual([
      ['member-key', '淄博市人力资源和社会保障局（370300）更换主管密钥（请当面或电话核对）'],
      ['member-scope', `淄博市人力资源和社会保障局（370300）可签发：${all} → 专业技术职称（系列：工程技术人员；级别：中级；层级：地市级、县级）`],
      ['member-role', '淄博市人力资源和社会保障局（370300）：成员 → 无表决权单位'],
      ['member-amended', '淄博市人力资源和社会保障局（370300）其他变更：addresses'],
    ])
    expect(compareLists(payload, amended)[1]!.text.en).toMatch(/→ Professional title \(series: [^;]+; levels: Intermediate; ranks: prefecture, county\)$/)
  })

  it('sets thresholds, terms, offices and organs, and takes offices away', () => {
    const council = { kind: 'council' as const, name: { zh: '理事会', en: 'Council' }, seats: [{ iss: jinan.iss, seats: 2 }] }
    const set = next({
      change: 'set',
      thresholds: { list: 2, rules: 1, cosigners: 1 },
      terms: [...payload.terms!, { chair: zibo.division, from: '2027-01-01', until: '2028-01-01' }],
      chair: null,
      secretariat: zibo.division,
      organs: [council],
    })
    expect([Object.hasOwn(set, 'chair'), set.secretariat, set.thresholds]).toEqual([false, '370300', { list: 2, rules: 1, cosigners: 1 }])
    expect(told(set)).toEqual([
      'threshold list: 名录签署门槛：1 → 2 | signatures for a list: 1 → 2',
      "threshold cosigners: 日志见证数：— → 1 | cosignatures on a log's head: — → 1",
      'term-added 2027-01-01: 新增轮值任期：370300，2027-01-01 至 2028-01-01（不含） | new term: 370300 chairs from 2027-01-01 until 2028-01-01',
      'chair chair: 主席：370100 → 无 | chair: 370100 → none',
      'secretariat secretariat: 秘书处：无 → 370300 | secretariat: none → 370300',
      `organ-added council/理事会: 设立理事会“理事会”：${jinan.iss} 2 席 | new council “Council”: ${jinan.iss} 2`,
    ])
    expect(compareLists(set, payload).map(({ code }) => code)).toEqual(['threshold', 'threshold', 'term-removed', 'chair', 'secretariat', 'organ-removed'])
  })

  it('is refused where it names nobody, or says what it may not', () => {
    const of = (...changes: readonly object[]) => refused({ alliance: 'circle', changes })
    expect(of({ change: 'leave', iss: taian.iss, until: '2026-06-01' })).toBe('request-malformed')
    expect(of({ change: 'leave', iss: zibo.iss })).toBe('request-malformed')
    expect(of({ change: 'amend', iss: zibo.iss, division: '370301' })).toBe('request-malformed')
    expect(of({ change: 'set', version: 9 })).toBe('request-malformed')
    expect(of()).toBe('request-malformed')
    expect(faultOf(() => draftList({ alliance: 'circle', changes: [{ change: 'suspend', iss: zibo.iss }] }, undefined, times))).toBe('trust-missing')
  })
})

describe('a draft of a whole list', () => {
  const { iat: _iat, ttl: _ttl, exp: _exp, version: _version, prev: _prev, ...content } = payload

  it('follows the list in force, or is the first', () => {
    expect(draftList(content, held, times)).toEqual({ ...payload, ...times, version: 2, prev: held.digest })
    expect(draftList(content, undefined, times)).toEqual({ ...payload, ...times, version: 1, prev: null })
    expect(draftList({ ...content, version: 7, prev: 'A'.repeat(43) }, held, times)).toMatchObject({ version: 7, prev: 'A'.repeat(43) })
  })

  it('does not choose its own times', () => {
    expect(refused({ ...content, iat: 1 })).toBe('request-malformed')
  })

  it('that leaves a member out is told as dropping it', () => {
    const dropped = draftList({ ...content, members: [memberOf(jinan)] }, held, times)
    expect(compareLists(payload, dropped)).toEqual([
      {
        code: 'member-dropped',
        at: zibo.iss,
        text: {
          zh: '淄博市人力资源和社会保障局（370300）从名录中删除：其以往记录将无法判断（应改为“退出”）',
          en: 'Zibo HRSS Bureau (370300) is dropped from the list: of its records nobody can tell any more (it should leave instead)',
        },
      },
    ])
    expect(compareLists(undefined, payload).map(({ code }) => code)).toEqual(['member-joins', 'member-joins', 'threshold', 'threshold', 'term-added', 'chair'])
  })
})

it('says what changes from one version of a rule set to the next', () => {
  const rule = (id: string, mode: 'direct' | 'review') => ({ id, families: ['title'], kind: 'grant', when: [], mode, origin: 'sample' })
  const set = (version: number, from: string, rules: readonly object[]) =>
    RuleSet.parse({ id: 'circle/1', version, alliance: 'circle', from, origin: 'sample', defaultMode: 'manual_review', rules })
  const changes = compareRules(
    set(1, '2021-01-01', [rule('a', 'direct'), rule('b', 'direct')]),
    set(2, '2026-01-01', [rule('a', 'review'), rule('c', 'direct')]),
  )
  expect(changes.map(({ code, at, text }) => [code, at, text.en])).toEqual([
    ['rules-date', 'from', 'holds from: 2021-01-01 → 2026-01-01'],
    ['rule-changed', 'a', expect.stringMatching(/^rule a changes: /)],
    ['rule-added', 'c', expect.stringMatching(/^rule c is new: /)],
    ['rule-removed', 'b', expect.stringMatching(/^rule b goes: /)],
  ])
})
