import type { Draft } from '#core/credential/family.ts'
import type { FamilyId } from '#core/model/family-id.ts'

/**
 * One complete, realistic draft of each family, as an officer would hand it in. Every person is invented; identity numbers have sound
 * check characters and days of birth. Members given replace those of the example.
 */

type Members = Readonly<Record<string, unknown>>

interface Changes {
  readonly number?: string
  readonly exp?: number
  readonly body?: Members
  readonly personal?: Members
}

const draft = (body: Members, personal: Members, { body: bodyChanges, personal: personalChanges, ...rest }: Changes): Draft => ({
  ...rest,
  body: definedOf({ ...body, ...bodyChanges }),
  personal: definedOf({ ...personal, ...personalChanges }),
})

/** A member changed to `undefined` is left out. */
const definedOf = (members: Members): Members => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

export const sun = {
  name: { name: '孙远敏' },
  identity: { kind: 'resident_id', number: '370113199604192288' },
  birth: { date: '1996-04-19', gender: 'female' },
  employer: '济南第三机床厂',
} as const

export const portrait = 'LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564'

export const titleDraft = (changes: Changes = {}): Draft =>
  draft(
    {
      series: '05',
      track: '工程',
      title: '工程师',
      level: 'intermediate',
      major: '建筑施工',
      method: 'review',
      scope: 'nationwide',
      reviewCommittee: '济南市工程技术职务中级评审委员会',
      approvalDocumentNumber: '济人社职〔2021〕17号',
      obtainedOn: '2021-03-05',
      documentOn: '2021-04-12',
      issuedOn: '2021-05-29',
    },
    { ...sun, photo: portrait },
    changes,
  )

export const qualificationDraft = (changes: Changes = {}): Draft =>
  draft(
    {
      qualification: '建造师',
      qualificationLevel: '一级',
      major: '建筑工程',
      managementNumber: '20190903437000000123',
      approvalDocumentNumber: '鲁人社字〔2020〕8号',
      obtainedOn: '2019-09',
      issuedOn: '2020-01-15',
      registration: { number: '鲁1372020202001234', unit: '济南第三建筑工程有限公司', from: '2020-06-01', until: '2029-05-31' },
    },
    sun,
    changes,
  )

export const skillDraft = (changes: Changes = {}): Draft =>
  draft(
    {
      occupation: '电工',
      occupationCode: '6-31-01-03',
      workType: '低压电工',
      level: 'senior',
      regime: 'skillLevelRecognition',
      evaluationBody: { name: '济南市电工行业协会', kind: 'socialOrganisation' },
      filedInOsta: true,
      obtainedOn: '2022-07-18',
      issuedOn: '2022-08-01',
    },
    sun,
    changes,
  )

export const workInjuryDraft = (changes: Changes = {}): Draft =>
  draft(
    { insuredPlace: '370100', acceptedOn: '2025-03-10', decidedOn: '2025-04-21', deliveredOn: '2025-04-25', appealWindowClosed: true },
    { ...sun, injury: { outcome: 'recognised', clause: '《工伤保险条例》第十四条第（一）项', accidentOn: '2025-02-26', injury: '右手食指末节骨折' } },
    changes,
  )

export const labourCapacityDraft = (changes: Changes = {}): Draft =>
  draft(
    {
      stage: 'first',
      insuredPlace: '370100',
      appraisalCommittee: '济南市劳动能力鉴定委员会',
      injuryDecisionNumber: '济工伤认字〔2025〕112号',
      concludedOn: '2025-09-17',
      deliveredOn: '2025-09-22',
    },
    { ...sun, appraisal: { disabilityGrade: 10, careGrade: 0, clause: 'GB/T 16180—2014 5.10.2' } },
    changes,
  )

export const recognitionDraft = (changes: Changes = {}): Draft =>
  draft(
    {
      source: {
        iss: 'https://370100.comity.example',
        family: 'title',
        number: 'JN2021050001234',
        digest: 'LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564',
        status: { status_list: { idx: 4711, uri: 'https://370100.comity.example/status/1' } },
      },
      basis: {
        alliance: 'sd-capital-circle',
        ruleSet: 'sd-capital-circle/2021-1',
        version: 1,
        digest: 'LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564',
        rule: 'title-mutual',
        clause: { zh: '专业技术职称互认', en: 'Mutual recognition of titles' },
      },
      mode: 'direct',
      effects: ['appointment', 'next_level_application'],
      conditions: ['按规定办理聘任手续'],
      recognisedFor: '370300',
      purpose: 'appointment',
      appliedOn: '2026-05-28',
      decidedOn: '2026-05-29',
      evidence: 'LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564',
    },
    { name: sun.name, identity: sun.identity },
    changes,
  )

export const exampleDrafts: Readonly<Record<FamilyId, (changes?: Changes) => Draft>> = {
  title: titleDraft,
  qualification: qualificationDraft,
  skill: skillDraft,
  'work-injury': workInjuryDraft,
  'labour-capacity': labourCapacityDraft,
  recognition: recognitionDraft,
}
