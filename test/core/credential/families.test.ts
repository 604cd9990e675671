import { describe, expect, it } from 'vitest'

import { checkDraft, spend } from '#core/credential/check-draft.ts'
import { envelope } from '#core/credential/envelope.ts'
import { families, familyOfCode, familyOfVct } from '#core/credential/families.ts'
import type { Draft } from '#core/credential/family.ts'
import { issueRecord } from '#core/credential/issue-record.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { Fault } from '#core/fault.ts'
import type { DivisionCode } from '#core/model/division-code.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import { findingTexts } from '#core/model/finding-texts.ts'
import type { PartialDate } from '#core/model/partial-date.ts'
import { shippedPolicy } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import {
  exampleDrafts,
  labourCapacityDraft,
  qualificationDraft,
  recognitionDraft,
  skillDraft,
  sun,
  titleDraft,
  workInjuryDraft,
} from '../../support/examples.ts'
import { faultOf } from '../../support/fault-of.ts'
import { makeAlliance, makeTestKey, seededRandom } from '../../support/make-alliance.ts'

const policy = { today: '2026-06-01' as PartialDate, scope: undefined, division: '370100' }
const city = makeAlliance({ cities: ['370100', '370300'] })

describe.each(familyIds)('the family %s', (id) => {
  const family = families[id]
  const example = exampleDrafts[id]()

  it('issues, parses and verifies a complete example, and hides everything personal', () => {
    const record = city.issue('370100', id, example)
    const verdict = verify(Buffer.from(record), city.trust, city.rules, city.at, shippedPolicy, nodeEngine)
    expect(verdict.answer).toBe('yes')
    expect(verdict.record?.family).toBe(id)
    expect(verdict.record?.disclosed).toEqual(example.personal)
    expect(verdict.record?.claims).toMatchObject({ vct: family.vct, ...example.body })
    const visible = Buffer.from(record.split('.')[1]!, 'base64url').toString('utf8')
    for (const secret of [sun.name.name, sun.identity.number, sun.birth.date, sun.employer, '骨折', 'disabilityGrade', 'recognised"'])
      expect(visible).not.toContain(secret)
  })

  it('is clean under its own lint', () => {
    expect(checkDraft(family, example, policy).warnings).toEqual([])
  })

  it('lets a document end on a day only where such a document can', () => {
    const check = () => checkDraft(family, exampleDrafts[id]({ exp: 1_900_000_000 }), policy)
    if (id === 'qualification' || id === 'recognition') expect(check().warnings).toEqual([])
    else expect(check).toThrow(expect.objectContaining({ code: 'draft-refused', findings: [{ at: 'exp', code: 'document-without-end' }] }))
  })

  it('has a label in both languages for every member and every group, and for nothing else', () => {
    expect(Object.keys(family.labels).toSorted()).toEqual([...family.members, ...family.groups].toSorted())
    for (const { zh, en } of Object.values(family.labels)) expect([zh.length > 0, en.length > 0]).toEqual([true, true])
  })

  it('never gives a disclosure the name of a claim', () => {
    const visible = [...Object.keys(envelope), 'vct', ...family.members]
    expect(new Set([...visible, ...family.groups]).size).toBe(visible.length + family.groups.length)
  })

  it('refuses members that it does not know, wherever they stand', () => {
    const refusedAt = (draft: unknown): string | undefined => {
      try {
        checkDraft(family, draft, policy)
      } catch (fault) {
        return fault instanceof Fault ? `${fault.code} ${fault.at}` : undefined
      }
      return undefined
    }
    expect(refusedAt({ ...example, extra: 1 })).toBe('draft-malformed draft/extra')
    expect(refusedAt({ ...example, body: { ...example.body, extra: 1 } })).toBe('draft-malformed draft/body/extra')
    expect(refusedAt({ ...example, personal: { ...example.personal, extra: 1 } })).toBe('draft-malformed draft/personal/extra')
    expect(refusedAt({ ...example, body: { ...example.body, name: sun.name } })).toBe('draft-malformed draft/body/name')
  })
})

it('vct and code name one family each', () => {
  expect(Object.fromEntries(familyIds.map((id) => [id, [families[id].vct, families[id].code]]))).toEqual({
    title: ['https://comity.example/vct/title/1', 1],
    qualification: ['https://comity.example/vct/qualification/1', 2],
    skill: ['https://comity.example/vct/skill/1', 3],
    'work-injury': ['https://comity.example/vct/work-injury/1', 4],
    'labour-capacity': ['https://comity.example/vct/labour-capacity/1', 5],
    recognition: ['https://comity.example/vct/recognition/1', 6],
  })
  for (const id of familyIds) expect([familyOfVct(families[id].vct)?.id, familyOfCode(families[id].code)?.id]).toEqual([id, id])
  expect(familyOfVct('https://comity.example/vct/title/2')).toBeUndefined()
  expect(familyOfCode(7)).toBeUndefined()
})

it('health data are never among the visible members', () => {
  const visible = (id: FamilyId): readonly string[] => families[id].members
  expect(visible('work-injury')).toEqual(['insuredPlace', 'acceptedOn', 'decidedOn', 'deliveredOn', 'appealWindowClosed'])
  expect(visible('labour-capacity')).toEqual([
    'stage',
    'insuredPlace',
    'appraisalCommittee',
    'injuryDecisionNumber',
    'supersedes',
    'concludedOn',
    'deliveredOn',
  ])
  expect(families['work-injury'].groups).toContain('injury')
  expect(families['labour-capacity'].groups).toContain('appraisal')
})

describe('the lint', () => {
  /** Findings of a draft, refusals and warnings alike. */
  const findings = (id: FamilyId, draft: Draft): readonly string[] =>
    families[id].lint(draft, policy).map(({ member, code, severity }) => `${severity} ${member} ${code}`)

  const of = (id: FamilyId, changes: Parameters<typeof titleDraft>[0]): readonly string[] => findings(id, exampleDrafts[id](changes))

  it.each<readonly [string, FamilyId, Parameters<typeof titleDraft>[0], readonly string[]]>([
    ['a name of blanks', 'title', { personal: { name: { name: '\u3000' } } }, ['refusal name name-blank']],
    ['a name whose separator has another form', 'skill', { personal: { name: { name: '阿依古丽•买买提' } } }, ['refusal name name-not-canonical']],
    ['a name that no person has', 'work-injury', { personal: { name: { name: '孙，远敏' } } }, ['refusal name name-character']],
    [
      'an identity number with a wrong check character',
      'title',
      { personal: { identity: { kind: 'resident_id', number: '370113199604192289' } } },
      ['refusal identity person-id-check-digit'],
    ],
    [
      'an identity number with a small x',
      'title',
      { personal: { identity: { kind: 'resident_id', number: '37010219800101100x' }, birth: undefined } },
      ['refusal identity identity-not-canonical'],
    ],
    [
      'an identity number of a district that no table knows',
      'skill',
      { personal: { identity: { kind: 'resident_id', number: '370199199604192288' }, birth: undefined } },
      ['warning identity person-id-area-unknown'],
    ],
    [
      'a gender that the number contradicts',
      'skill',
      { personal: { birth: { date: '1996-04-19', gender: 'male' } } },
      ['warning birth gender-contradicts-identity'],
    ],
    [
      'a birth date that the number contradicts',
      'title',
      { personal: { birth: { date: '1996-05', gender: 'female' } } },
      ['warning birth birth-contradicts-identity'],
    ],
    ['a date in the future', 'title', { body: { issuedOn: '2026-06-02' } }, ['refusal issuedOn date-in-future']],
    ['today is not the future', 'title', { body: { issuedOn: '2026-06-01' } }, []],
    ['dates out of order', 'title', { body: { documentOn: '2021-03-04' } }, ['warning documentOn date-out-of-order']],
    ['dates out of order past an imprecise one', 'title', { body: { documentOn: '2021', issuedOn: '2021-03-01' } }, ['warning issuedOn date-out-of-order']],
    ['dates whose order is not known', 'title', { body: { obtainedOn: '2021', documentOn: '2021-04', issuedOn: '2021' } }, []],
    ['obtained before birth', 'title', { body: { obtainedOn: '1996-04-18', documentOn: undefined } }, ['refusal obtainedOn date-before-birth']],
    ['obtained the day before the sixteenth birthday', 'title', { body: { obtainedOn: '2012-04-18' } }, ['refusal obtainedOn holder-too-young']],
    ['obtained on the sixteenth birthday', 'title', { body: { obtainedOn: '2012-04-19' } }, []],
    ['obtained in the year of the sixteenth birthday', 'title', { body: { obtainedOn: '2012' } }, []],
    ['a series that is not one of the 27', 'title', { body: { series: '99' } }, ['refusal series series-unknown']],
    ['a title of another series', 'title', { body: { title: '主治医师' } }, ['refusal title title-not-in-series']],
    ['a level that is not the title’s', 'title', { body: { level: 'assistant' } }, ['refusal level level-title-mismatch']],
    [
      'a qualification outside the catalogue',
      'qualification',
      { body: { qualification: '珠宝玉石质检员', qualificationLevel: undefined } },
      ['warning qualification qualification-not-in-catalogue'],
    ],
    ['a qualification obtained before birth', 'qualification', { body: { obtainedOn: '1995' } }, ['refusal obtainedOn date-before-birth']],
    ['a skill number of another level', 'skill', { number: 'S000037010011224000123' }, ['refusal number number-level-mismatch']],
    ['a skill number of its own level', 'skill', { number: 'S000037010011223000123' }, []],
    [
      'an accident after the decision',
      'work-injury',
      { personal: { injury: { outcome: 'recognised', accidentOn: '2025-05-01' } } },
      ['warning acceptedOn date-out-of-order', 'warning decidedOn date-out-of-order', 'warning deliveredOn date-out-of-order'],
    ],
    ['a delivery before the decision', 'work-injury', { body: { deliveredOn: '2025-04-20' } }, ['warning deliveredOn date-out-of-order']],
    [
      'a first conclusion that supersedes another',
      'labour-capacity',
      { body: { supersedes: '济劳鉴〔2024〕1号' } },
      ['refusal supersedes first-conclusion-supersedes'],
    ],
    ['a conclusion delivered tomorrow', 'labour-capacity', { body: { deliveredOn: '2026-06-02' } }, ['refusal deliveredOn date-in-future']],
    ['a name with a character of an old register', 'title', { personal: { name: { name: '王\ue863' } } }, ['warning name name-private-use']],
    [
      'the older edition of a card under the name of the newer',
      'title',
      { personal: { identity: { kind: 'foreign_permanent_resident_2023', number: 'USA370088120501' }, birth: undefined } },
      ['refusal identity person-id-kind-mismatch'],
    ],
    [
      'obtained at fifteen, by the identity number alone',
      'skill',
      { personal: { birth: undefined }, body: { obtainedOn: undefined, issuedOn: '2011-08-01' } },
      ['refusal issuedOn holder-too-young'],
    ],
    [
      'a code whose check character is wrong',
      'skill',
      { body: { evaluationBody: { name: '某协会', uscc: '91350203M0001QAY9B' } } },
      ['warning evaluationBody uscc-check'],
    ],
    ['a code whose check characters are right', 'skill', { body: { evaluationBody: { name: '某协会', uscc: '91350100M000100Y43' } } }, []],
    [
      'a document number in other brackets',
      'title',
      { body: { approvalDocumentNumber: '济人社职[2021]17号' } },
      ['refusal approvalDocumentNumber document-number-not-canonical'],
    ],
    [
      'a document number of a form of its own',
      'qualification',
      { body: { approvalDocumentNumber: '济职改字81第17号' } },
      ['warning approvalDocumentNumber document-number-form-unknown'],
    ],
    ['a place of insurance that there is not', 'work-injury', { body: { insuredPlace: '370199' } }, ['warning insuredPlace place-unknown']],
    ['one that there was no more', 'labour-capacity', { body: { insuredPlace: '371202' } }, ['warning insuredPlace place-unknown']],
    ['one that there still was then', 'labour-capacity', { body: { insuredPlace: '371202', concludedOn: '2018-09-17', deliveredOn: '2018-09-22' } }, []],
    ['a soft hyphen in a line', 'title', { body: { major: '建筑\u00ad施工' } }, ['refusal major text-character']],
    ['an Arabic letter mark inside a member', 'skill', { body: { evaluationBody: { name: '协会\u061c' } } }, ['refusal evaluationBody text-character']],
    ['a tag character in what is personal', 'work-injury', { personal: { employer: '济南\u{e0041}' } }, ['refusal employer text-character']],
    ['a variant of a character, which is seen', 'title', { body: { major: '建\u{e0100}筑' } }, []],
    ['a name as issued with whatever stands there', 'title', { personal: { name: { name: '孙远敏', nameAsIssued: '孙\u00ad远敏' } } }, []],
    ['a number in full width', 'title', { number: 'JN２０２１' }, ['refusal number number-not-canonical']],
    ['a number with a mark that nobody sees', 'title', { number: 'JN2021\u200b' }, ['refusal number number-character']],
    ['the holder’s identity number as certificate number', 'title', { number: sun.identity.number }, ['refusal number identity-number-visible']],
    ['the same as it was before 1999', 'title', { number: '证370113960419228号' }, ['refusal number identity-number-visible']],
    [
      'another identity number, with blanks, within a line',
      'title',
      { body: { major: '建筑施工 110105 19491231 002x' } },
      ['refusal major identity-number-visible'],
    ],
    [
      'an identity number in full width inside a member',
      'skill',
      { body: { evaluationBody: { name: '协会３７０１０２１９９００３０７００１６' } } },
      ['refusal evaluationBody identity-number-visible'],
    ],
    [
      'a passport number as management number',
      'qualification',
      { personal: { identity: { kind: 'passport', number: 'E12345678' }, birth: undefined }, body: { managementNumber: 'e 1234-5678' } },
      ['refusal managementNumber identity-number-visible'],
    ],
    ['a long number that holds the digits of an identity number', 'qualification', { body: { managementNumber: '20370102199003070016' } }, []],
    ['a recognition that recognises nothing', 'recognition', { body: { mode: 'not_recognized' } }, ['refusal mode mode-recognises-nothing']],
    ['a recognition left to an officer', 'recognition', { body: { mode: 'manual_review' } }, ['refusal mode mode-recognises-nothing']],
    ['a recognition decided before it was applied for', 'recognition', { body: { decidedOn: '2026-05-27' } }, ['warning decidedOn date-out-of-order']],
  ])('%s (%s)', (_what, id, changes, expected) => {
    expect(of(id, changes)).toEqual(expected)
  })

  it('has a text for every finding', () => {
    const drafts = [titleDraft, qualificationDraft, skillDraft, workInjuryDraft, labourCapacityDraft, recognitionDraft]
    expect(drafts).toHaveLength(Object.keys(families).length)
    for (const code of ['holder-too-young', 'number-level-mismatch', 'outside-issuing-scope', 'date-out-of-order'] as const)
      expect(findingTexts[code].message.zh).not.toBe('')
  })
})

describe('the way to the key', () => {
  const key = makeTestKey('a key')
  const signed = { count: 0 }
  const signer = { kid: key.signer.kid, sign: (message: Uint8Array) => (signed.count++, key.signer.sign(message)) }
  const envelopeOf = {
    iss: 'https://370100.comity.example',
    iat: 1_780_000_000,
    division: '370100' as DivisionCode,
    issuedBy: '济南',
    number: '1',
    status: { status_list: { idx: 0, uri: 'https://370100.comity.example/status/1' } },
  }
  const issue = (checked: ReturnType<typeof checkDraft>) => issueRecord(checked, envelopeOf, signer, nodeEngine, seededRandom('salts'))

  it('cannot be walked without a check', () => {
    signed.count = 0
    const forged = { family: families.title, draft: titleDraft(), warnings: [] }
    expect(faultOf(() => issue(forged))).toBe('draft-refused')
    expect(faultOf(() => issue({ ...checkDraft(families.title, titleDraft(), policy) }))).toBe('draft-refused')
    expect(signed.count).toBe(0)
  })

  it('is open once for each check', () => {
    signed.count = 0
    const checked = checkDraft(families.title, titleDraft(), policy)
    expect(parseSdJwt(issue(checked), nodeEngine).header.kid).toBe(key.signer.kid)
    expect(faultOf(() => issue(checked))).toBe('draft-refused')
    expect(faultOf(() => spend(checked))).toBe('draft-refused')
    expect(signed.count).toBe(1)
  })

  it('leads to what was checked: nobody changes it in between', () => {
    const given = structuredClone(titleDraft()) as { body: Record<string, unknown> }
    const checked = checkDraft(families.title, given, policy)
    given.body['level'] = 'full_senior'
    const held = checked as unknown as { draft: { body: Record<string, unknown>; personal: Record<string, Record<string, unknown>> } } // what a careless or hostile caller makes of it
    for (const change of [
      () => (held.draft = structuredClone(held.draft)),
      () => (held.draft.body = {}),
      () => (held.draft.body['level'] = 'full_senior'),
      () => (held.draft.personal['name']!['name'] = '别人'),
    ])
      expect(change).toThrow(TypeError)
    const { claims, disclosed } = parseSdJwt(issue(checked), nodeEngine)
    expect([claims['level'], disclosed['name']]).toEqual(['intermediate', sun.name])
  })

  it('is closed to what the key may not issue', () => {
    const scope = { families: ['title' as const], levels: ['assistant', 'intermediate'] }
    const refusal = (draft: Draft, id: FamilyId = 'title', division = '370100'): readonly string[] => {
      try {
        checkDraft(families[id], draft, { ...policy, division, scope: { ...scope, divisions: ['370100' as DivisionCode] } })
      } catch (fault) {
        if (fault instanceof Fault) return fault.findings.map(({ code }) => code)
      }
      return []
    }
    expect(refusal(titleDraft())).toEqual([])
    expect(refusal(titleDraft({ body: { title: '高级工程师', level: 'associate_senior' } }))).toEqual(['outside-issuing-scope'])
    expect(refusal(skillDraft(), 'skill')).toEqual(['outside-issuing-scope'])
    expect(refusal(titleDraft(), 'title', '370300')).toEqual(['outside-issuing-scope'])
  })

  it('tells all refusals at once', () => {
    try {
      checkDraft(families.title, titleDraft({ body: { level: 'assistant', issuedOn: '2026-06-02' } }), policy)
      expect.unreachable()
    } catch (fault) {
      expect(fault instanceof Fault && [fault.code, fault.findings]).toEqual([
        'draft-refused',
        [
          { at: 'level', code: 'level-title-mismatch' },
          { at: 'issuedOn', code: 'date-in-future' },
        ],
      ])
    }
  })
})
