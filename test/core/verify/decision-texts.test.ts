import { describe, expect, it } from 'vitest'

import { standingOf, type Decision } from '#core/rules/decision.ts'
import type { FactName } from '#core/rules/facts.ts'
import { knownCodes } from '#core/rules/lint-rules.ts'
import { failureText, mappingTexts, timeLimitText, valueText, wayText } from '#core/verify/decision-texts.ts'
import { describeDecision } from '#core/verify/describe-decision.ts'
import { noNames, ruleText, sourceName, type TrustNames } from '#core/verify/trust-names.ts'
import { checkAnswerTexts, markOfCheck, markOfStanding } from '#core/verify/verdict-texts.ts'
import { ask, sampleAlliances, sampleRuleSets, secondClass, senior, title, without } from '../rules/sample-rules.ts'

const names: TrustNames = { ...noNames, alliances: new Map(sampleAlliances.map(({ id, name }) => [id, name])) }
const unconfirmed = ask(without(title, 'holderDishonestyRecordActive'), '370100', '370300')

describe('a recognition that takes a fact for granted', () => {
  it('stands on condition, and is marked as neither a yes nor a no', () => {
    const standing = (decision: Decision): string => `${standingOf(decision)} ${markOfStanding(standingOf(decision))}`
    expect(standing(unconfirmed)).toBe('on-condition attention')
    expect(standing(ask(title, '370100', '370300'))).toBe('yes yes')
    expect(standing(ask({ ...title, scope: 'grassroots' }, '370100', '370300'))).toBe('no no')
    expect(standing(ask(title, '370100', '370200'))).toBe('cannot-tell cannot-tell')
  })

  it('is told in whole words: what is open as a question, no code without its text', () => {
    expect(describeDecision(unconfirmed, 'title', names, 'zh')).toEqual([
      '! 互认：有条件认可，核验备案 [verify_and_record]',
      '  理由：符合联盟互认规则 [RULE_MATCHED]；结论以经办人员确认待核事项为前提 [STANDS_ON_CONDITION]',
      '  待核事项：持证人诚信档案是否有有效失信记录 [holderDishonestyRecordActive]',
      '  依据：山东省会经济圈人力资源一体化发展联盟（sd-capital-circle/2021-1 v1 · t2）；示例规则，待联盟确定',
      '  条款：省会经济圈人力资源一体化发展战略合作协议（2020-12-04）：推动专业技术人员证书互认',
      '  可用于：聘任（用）；申报高一级',
      '  材料：申请表',
      '  办理时限：5 个工作日',
      '  · 山东省会经济圈人力资源一体化发展联盟（sd-capital-circle/2021-1 v1 · deny-dishonesty）：无法判断 (转人工审核；尚不知道：持证人诚信档案是否有有效失信记录)',
      '  · 山东省会经济圈人力资源一体化发展联盟（sd-capital-circle/2021-1 v1 · t2）：适用 (核验备案)',
    ])
    expect(describeDecision(unconfirmed, 'title', names, 'en')).toEqual([
      '! Recognition: Recognised on condition, Verification and filing for the record [verify_and_record]',
      '  Why: A rule of the alliance covers it [RULE_MATCHED]; Stands on condition that an officer confirms the open questions [STANDS_ON_CONDITION]',
      '  Open questions: Whether the holder has an active dishonesty record [holderDishonestyRecordActive]',
      '  Under: Shandong Provincial-Capital Economic Circle HR Integration Alliance (sd-capital-circle/2021-1 v1 · t2); Sample, to be set by the alliance',
      '  Clause: Strategic cooperation agreement on HR integration of the provincial-capital economic circle (2020-12-04): promote mutual recognition of technical personnel’s certificates',
      '  Good for: Appointment; Application for the next level',
      '  Materials: Application form',
      '  Time limit: 5 working days',
      '  · Shandong Provincial-Capital Economic Circle HR Integration Alliance (sd-capital-circle/2021-1 v1 · deny-dishonesty): cannot tell (Manual review; not known: whether the holder has an active dishonesty record)',
      '  · Shandong Provincial-Capital Economic Circle HR Integration Alliance (sd-capital-circle/2021-1 v1 · t2): applies (Verification and filing for the record)',
    ])
  })
})

describe('a refusal', () => {
  it('is said once', () => {
    expect(describeDecision(ask({ ...title, status: 'revoked' }, '370100', '370200'), 'title', names, 'en')[0]).toBe(
      '✗ Recognition: Not recognised [not_recognized]',
    )
  })
})

describe('an alliance', () => {
  const source = { kind: 'alliance-list', id: 'sd-capital-circle' } as const

  it('is called as its list calls it, with its id beside, and by its id alone where no list is held', () => {
    expect(sourceName(source, names)).toEqual({
      zh: '山东省会经济圈人力资源一体化发展联盟（sd-capital-circle）',
      en: 'Shandong Provincial-Capital Economic Circle HR Integration Alliance (sd-capital-circle)',
    })
    expect(sourceName(source, noNames)).toEqual({ zh: 'sd-capital-circle', en: 'sd-capital-circle' })
    // A rule set may well have an alliance's id for its own.
    expect(sourceName({ kind: 'rule-set', id: 'sd-capital-circle' }, names)).toEqual({ zh: 'sd-capital-circle', en: 'sd-capital-circle' })
  })

  it('is told from the country and from the own territory', () => {
    const rule = { alliance: null, ruleSet: 'national', version: 2, rule: null }
    expect(ruleText(rule, names)).toEqual({ zh: '国家规定（national v2）', en: 'National rule (national v2)' })
    expect(ruleText({ ...rule, alliance: 'elsewhere', rule: 'r1' }, names).zh).toBe('elsewhere（national v2 · r1）')
    expect(ruleText({ alliance: null, ruleSet: null, version: null, rule: null }, names).en).toBe('Records of its own territory')
  })
})

describe('codes', () => {
  it('have words in both languages, every one that a rule can ask for', () => {
    for (const [fact, codes] of Object.entries(knownCodes))
      for (const code of codes) {
        const { zh, en } = valueText(fact as FactName, code) // a key of the table
        expect([fact, code, /\p{Script=Han}/u.test(zh), en !== code || /^[a-z]+$/.test(code)]).toEqual([fact, code, true, true])
      }
  })

  it('of one spelling mean what they mean in the record’s family', () => {
    expect([valueText('level', 'intermediate', 'title').zh, valueText('level', 'intermediate', 'skill').zh]).toEqual(['中级', '中级工'])
  })

  it('of what a record counts as are told whole', () => {
    const deemed = ask({ ...secondClass, qualificationName: '低压电工作业', target: 'skillLevel' }, '370100', '370200')
    expect(mappingTexts(deemed.mapping)).toEqual([{ zh: '职业技能等级：初级工', en: 'Vocational skill level: junior worker (Level 5)' }])
    const exempted = ask({ ...secondClass, qualificationName: '低压电工作业', target: 'constructionElectrician' }, '370100', '370200')
    expect(mappingTexts(exempted.mapping).map(({ en }) => en)).toEqual([
      'Special-operation certificate, construction electrician',
      'Exempt from: Safety training',
    ])
    expect([timeLimitText({ value: 1, unit: 'workday' }), timeLimitText({ value: 30, unit: 'day' })]).toEqual([
      { zh: '1 个工作日', en: '1 working day' },
      { zh: '30 天', en: '30 days' },
    ])
  })

  it('of every path and way of the sample rules stand in no sentence', () => {
    const codes = Object.values(knownCodes).flatMap((known) => known.filter((code) => /[_A-Z]/.test(code)))
    const bare = new RegExp(`(?<![\\\\w/-])(?:${codes.join('|')})(?![\\\\w/-])`)
    expect(sampleRuleSets.length).toBeGreaterThan(5)
    for (const facts of [title, senior, { ...title, status: 'revoked' }, { ...title, scope: 'grassroots' }, { ...title, method: 'exam' }])
      for (const place of ['370200', '370300', '310118', '500000'])
        for (const language of ['zh', 'en'] as const)
          for (const line of describeDecision(ask(facts, '370100', place), 'title', names, language).slice(1))
            expect(line.replaceAll(/\[\w+\]/g, '')).not.toMatch(bare)
  })
})

describe('what would make it a yes', () => {
  const rule = (): { readonly zh: string; readonly en: string } => ({ zh: '规则', en: 'the rule' })
  const ways = (decision: Decision): readonly (readonly [string, string])[] =>
    decision.whatWouldMakeItYes.map((way) => {
      const { zh, en } = wayText(way, rule, 'title')
      return [zh, en]
    })

  it('is said in sentences', () => {
    expect(ways(ask({ ...title, status: 'revoked' }, '370100', '370200'))).toEqual([
      ['证书状态须为有效，现为撤销。依据：规则', 'The status of the record would have to be valid; it is revoked. Under: the rule'],
    ])
    expect(ways(ask(senior, '370100', '370300'))).toEqual([
      [
        '级别须为员级、助理级或中级，现为副高级。依据：规则',
        'The level would have to be entry level, assistant level or intermediate; it is associate senior. Under: the rule',
      ],
      ['发证地须为山东省，现为山东省济南市。依据：规则', 'The issuing place would have to be Shandong; it is Jinan, Shandong. Under: the rule'],
      ['由当地经办人员人工审核', 'An officer of that place decides'],
    ])
    expect(ways(ask(without(title, 'method'), '370100', '370300'))[0]).toEqual(['须查明：以何种方式取得', 'To be established: how it was obtained'])
    expect(ways(ask(title, '370100', '370300', '2020-12-31'))[0]).toEqual(['规则自2021年1月1日起生效', 'the rule comes into force on 1 January 2021'])
    expect(ways(ask({ ...title, seriesInNational27: false }, '370100', '370300'))[0]).toEqual([
      '须属于国家27个职称系列。依据：规则',
      'It would have to be so that its series is one of the national 27. Under: the rule',
    ])
    expect(ways(ask({ ...title, scope: 'grassroots' }, '370100', '370300'))[0]).toEqual([
      '有效范围须不是限基层、限本县（市、区）或限本单位，现为限基层。依据：规则',
      'The scope of validity would have to be other than the grass roots only, this county only or this unit only; it is the grass roots only. Under: the rule',
    ])
  })

  it('and so is why a rule does not cover the case', () => {
    expect(failureText({ fact: 'status', expected: { in: ['valid'] }, found: 'expired' })).toEqual({
      zh: '证书状态为过期，规则要求有效',
      en: 'The status of the record is expired; by the rule it would have to be valid',
    })
    expect(failureText({ fact: 'obtainedOn', expected: { onOrAfter: '2021-06' as never }, found: '2020' })).toEqual({
      zh: '取得时间为2020年，规则要求不早于2021年6月',
      en: 'The date on which it was obtained is 2020; by the rule it would have to be on or after June 2021',
    })
    expect(failureText({ fact: 'superseded', expected: { is: false }, found: true })).toEqual({
      zh: '已被新结论取代',
      en: 'A later conclusion has superseded it',
    })
    expect(failureText({ fact: 'issuer', expected: { members: true }, found: '320400' })).toEqual({
      zh: '发证地江苏省常州市不是该联盟的成员',
      en: 'The issuing place, Changzhou, Jiangsu, is not a member of the alliance',
    })
  })
})

describe('a check that passed with a reason', () => {
  it('has neither the mark nor the word of a plain yes', () => {
    expect(markOfCheck({ answer: 'yes' })).toBe('yes')
    expect(markOfCheck({ answer: 'yes', reason: 'time-unproven' })).toBe('attention')
    expect(markOfCheck({ answer: 'cannot-tell', reason: 'time-unproven' })).toBe('cannot-tell')
    expect(checkAnswerTexts.attention).toEqual({ zh: '通过，有须知', en: 'passed, with a note' })
  })
})
