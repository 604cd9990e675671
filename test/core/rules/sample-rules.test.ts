import { describe, expect, it } from 'vitest'

import type { Facts } from '#core/rules/facts.ts'
import { appraisal, ask, secondClass, senior, skill, sound, title, told, without } from './sample-rules.ts'

const circle = 'sd-capital-circle/2021-1@1'
const jiaodong = 'jiaodong-blue-zone/2022-1@1'
const metro = 'nanjing-metro/2020-1@1'
const chuanYu = 'chuan-yu/2021-1@1'
const demoZone = 'yangtze-delta-demo-zone/2020-1@1'
const nobody = ['cannot-tell manual_review', '-', 'NO_COMMON_ALLIANCE', '']
const unmatched = ['cannot-tell manual_review', '-', 'NOTHING_MATCHED', '']
const revoked = ['no not_recognized', 'national/standing@1 n-status', 'STATUS_NOT_VALID', '']

type Case = readonly [what: string, facts: Facts, issuer: string, verifier: string, expected: readonly string[], on?: string]

const cases: readonly Case[] = [
  ['an intermediate title by review, Jinan to Zibo', title, '370100', '370300', ['yes verify_and_record', `${circle} t2`, 'RULE_MATCHED', '']],
  ['the same to Qingdao, which shares no alliance with Jinan', title, '370100', '370200', nobody],
  ['Binzhou to Qingdao', title, '371600', '370200', ['yes verify_and_record', `${jiaodong} t1`, 'RULE_MATCHED', '']],
  ['Binzhou to Jinan', title, '371600', '370100', ['yes verify_and_record', `${circle} t2`, 'RULE_MATCHED', '']],
  ['Dongying to Qingdao', title, '370500', '370200', ['yes verify_and_record', `${jiaodong} t1`, 'RULE_MATCHED', '']],
  ['Dongying to Jinan', title, '370500', '370100', ['yes verify_and_record', `${circle} t2`, 'RULE_MATCHED', '']],
  [
    'Binzhou to Dongying, both in both',
    { ...title, method: 'exam' },
    '371600',
    '370500',
    ['yes verify_and_record', `${jiaodong} t1`, 'RULE_MATCHED MOST_FAVOURABLE_OF_SEVERAL', ''],
  ],
  ['a title by examination, Jinan to Zibo', { ...title, method: 'exam' }, '370100', '370300', unmatched],
  ['a senior title by the province, to Zibo', senior, '370000', '370300', ['yes direct', `${circle} t1`, 'RULE_MATCHED', '']],
  ['a senior title by the province, to Qingdao', senior, '370000', '370200', unmatched],
  ['a senior title by Jinan itself, to Zibo', senior, '370100', '370300', unmatched],
  [
    'a self-evaluated title, Jinan to Zibo',
    { ...title, method: 'selfEvaluation' },
    '370100',
    '370300',
    ['cannot-tell manual_review', `${circle} t3`, 'SELF_EVALUATION_NEEDS_FILING_CHECK', ''],
  ],
  [
    'a grassroots title, although t2 has more conditions',
    { ...title, scope: 'grassroots' },
    '370100',
    '370300',
    ['no not_recognized', `${circle} deny-local-scope`, 'LOCAL_SCOPE_TITLE', ''],
  ],
  [
    'a title outside the national series',
    { ...title, seriesInNational27: false },
    '370100',
    '370300',
    ['no not_recognized', `${circle} deny-outside-27`, 'SERIES_OUTSIDE_NATIONAL', ''],
  ],
  [
    'an integrity file nobody has looked at',
    without(title, 'holderDishonestyRecordActive'),
    '370100',
    '370300',
    ['yes verify_and_record', `${circle} t2`, 'RULE_MATCHED STANDS_ON_CONDITION', 'holderDishonestyRecordActive'],
  ],
  [
    'an active dishonesty record',
    { ...title, holderDishonestyRecordActive: true },
    '370100',
    '370300',
    ['cannot-tell manual_review', `${circle} deny-dishonesty`, 'DISHONESTY_RECORD', ''],
  ],
  ['how it was obtained is not known', without(title, 'method'), '370100', '370300', ['cannot-tell manual_review', '-', 'FACTS_MISSING', '']],
  [
    'how it was obtained is not known, but another alliance does not ask',
    without(title, 'method'),
    '371600',
    '370500',
    ['yes verify_and_record', `${jiaodong} t1`, 'RULE_MATCHED MOST_FAVOURABLE_OF_SEVERAL', ''],
  ],
  ['a status nobody could tell', without(title, 'status'), '370100', '370300', ['cannot-tell manual_review', '-', 'FACTS_MISSING', '']],
  ['a revoked title where an agreement covers it', { ...title, status: 'revoked' }, '370100', '370300', revoked],
  ['a revoked title where none does', { ...title, status: 'revoked' }, '370100', '370200', revoked],
  ['a revoked title at its own issuer', { ...title, status: 'revoked' }, '370100', '370100', revoked],
  ['a suspended skill certificate, otherwise nationwide', { ...skill, status: 'suspended' }, '370100', '440100', revoked],
  [
    'a record that is not authentic',
    { ...title, authentic: false },
    '370100',
    '370300',
    ['no not_recognized', 'national/standing@1 n-signature', 'NOT_AUTHENTIC', ''],
  ],
  ['a title at its own issuer', title, '370200', '370200', ['yes direct', '-', 'OWN_RECORD', '']],
  ['the day before the circle’s rules', title, '370100', '370300', ['cannot-tell manual_review', '-', 'RULES_NOT_IN_FORCE', ''], '2020-12-31'],
  ['their first day', title, '370100', '370300', ['yes verify_and_record', `${circle} t2`, 'RULE_MATCHED', ''], '2021-01-01'],
  ['before the circle was founded', title, '370100', '370300', ['cannot-tell manual_review', '-', 'MEMBERSHIP_NOT_IN_FORCE', ''], '2020-12-03'],
  ['a district under a member that does not cover its districts', title, '370102', '370300', nobody],
  [
    'a district of Chongqing, which does cover them, to Chengdu',
    title,
    '500103',
    '510100',
    ['cannot-tell delegated_to_city', `${chuanYu} t2`, 'CITY_DECIDES', ''],
  ],
  ['a senior title by Chongqing, to a county of Sichuan', senior, '500000', '510105', ['yes direct', `${chuanYu} t1`, 'RULE_MATCHED', '']],
  ['a provincial qualification of Chengdu, to Chongqing', secondClass, '510100', '500000', ['yes map_to_title', `${chuanYu} q1`, 'RULE_MATCHED', '']],
  ['a title by Sichuan in its own capital', title, '510000', '510100', ['yes direct', '-', 'OWN_RECORD', '']],
  [
    'a county-only title one level up is no own record',
    { ...title, scope: 'county_only' },
    '510105',
    '510000',
    ['no not_recognized', `${chuanYu} deny-local-scope`, 'LOCAL_SCOPE_TITLE', ''],
  ],
  [
    'an appraisal by Changzhou for somebody insured in Jintan',
    { ...appraisal, insuredPlace: '320413' },
    '320400',
    '320413',
    ['yes direct', `${metro} l1`, 'RULE_MATCHED MOST_FAVOURABLE_OF_SEVERAL', ''],
  ],
  [
    'an appraisal by Changzhou, place of insurance not known',
    appraisal,
    '320400',
    '320413',
    ['yes direct', `${metro} l1`, 'RULE_MATCHED MOST_FAVOURABLE_OF_SEVERAL STANDS_ON_CONDITION', 'insuredPlace'],
  ],
  [
    'an appraisal by Changzhou for its own people',
    { ...appraisal, insuredPlace: '320404' },
    '320400',
    '320100',
    ['cannot-tell manual_review', `${metro} deny-insured-elsewhere`, 'INSURED_OUTSIDE_MEMBERS', ''],
  ],
  ['an appraisal by a member', appraisal, '320100', '340500', ['yes direct', `${metro} l1`, 'RULE_MATCHED MOST_FAVOURABLE_OF_SEVERAL', '']],
  ['a superseded appraisal', { ...appraisal, superseded: true }, '320100', '340500', unmatched],
  [
    'a work injury whose outcome was not disclosed',
    { ...sound, family: 'work-injury', appealWindowClosed: true },
    '320100',
    '340500',
    ['cannot-tell manual_review', '-', 'FACTS_MISSING', ''],
  ],
  [
    'a work injury',
    { ...sound, family: 'work-injury', outcome: 'deemed', appealWindowClosed: true },
    '320100',
    '340500',
    ['yes verify_and_record', `${metro} l2`, 'RULE_MATCHED MOST_FAVOURABLE_OF_SEVERAL', ''],
  ],
  ['Changzhou, accepted for appraisals, is no member for titles', title, '320400', '340500', unmatched],
  ['a title inside one province is not the metropolitan area’s matter', title, '320100', '321100', unmatched],
  ['a title across the provinces', title, '320100', '340500', ['yes verify_and_record', `${metro} t1`, 'RULE_MATCHED MOST_FAVOURABLE_OF_SEVERAL', '']],
  ['a senior title by Jiangsu, to Ma’anshan', senior, '320000', '340500', ['yes direct', `${metro} t2`, 'RULE_MATCHED MOST_FAVOURABLE_OF_SEVERAL', '']],
  ['a provincial qualification, to Qingpu in the demonstration zone', secondClass, '330000', '310118', ['yes direct', `${demoZone} q1`, 'RULE_MATCHED', '']],
  ['the same to a district outside the zone', secondClass, '330000', '310101', unmatched],
  [
    'one registered in Suzhou, to Jiashan',
    { ...secondClass, registeredAtIssuer: true },
    '320500',
    '330421',
    ['yes verify_and_record', `${demoZone} q2`, 'RULE_MATCHED', ''],
  ],
  [
    'a title that meets the national standard, to Qingpu',
    { ...title, meetsNationalBasicStandard: true },
    '330000',
    '310118',
    ['yes direct', `${demoZone} t1`, 'RULE_MATCHED', ''],
  ],
  ['a title of which nobody has said so', title, '330000', '310118', ['cannot-tell manual_review', '-', 'FACTS_MISSING', '']],
  ['a skill certificate on the last day before the national rule', skill, '370100', '370200', nobody, '2025-12-31'],
  ['a skill certificate on its first day', skill, '370100', '370200', ['yes direct', 'national/2026-1@1 s-nationwide', 'NATIONAL_LAW', ''], '2026-01-01'],
  [
    'a skill certificate not looked up yet',
    without(skill, 'skillFiledInOsta'),
    '370100',
    '370200',
    ['yes direct', 'national/2026-1@1 s-nationwide', 'NATIONAL_LAW STANDS_ON_CONDITION', 'skillFiledInOsta'],
  ],
  ['a skill certificate before 2026 inside the circle', skill, '370100', '370300', ['yes direct', `${circle} s1`, 'RULE_MATCHED', ''], '2025-12-31'],
  [
    'a national qualification, where no agreement covers it',
    { ...secondClass, qualificationName: '一级建造师', nationallyValid: true },
    '370100',
    '370200',
    ['yes direct', 'national/standing@1 n-qualification', 'NATIONAL_LAW', ''],
  ],
  [
    'a low-voltage electrician who wants the construction certificate',
    { ...secondClass, qualificationName: '低压电工作业', target: 'constructionElectrician' },
    '370100',
    '370200',
    ['yes exempt_part', 'national/2026-1@1 e-electrician-to-construction', 'NATIONAL_LAW', ''],
  ],
  [
    'the same, who wants a skill level',
    { ...secondClass, qualificationName: '低压电工作业', target: 'skillLevel' },
    '370100',
    '370200',
    ['yes deemed_level', 'national/2026-1@1 d-junior', 'NATIONAL_LAW', ''],
  ],
  [
    'the same, who has not said what for',
    { ...secondClass, qualificationName: '低压电工作业' },
    '370100',
    '370200',
    ['cannot-tell manual_review', '-', 'FACTS_MISSING NO_COMMON_ALLIANCE', ''],
  ],
]

describe('the sample rule sets', () => {
  it.each(cases.map(([what, ...rest]) => ({ what, rest })))('decide $what', ({ rest: [facts, issuer, verifier, expected, on] }) => {
    expect(told(ask(facts, issuer, verifier, on))).toEqual(expected)
  })
})
