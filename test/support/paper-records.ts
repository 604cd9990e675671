import { families } from '#core/credential/families.ts'
import { checkDraft } from '#core/credential/check-draft.ts'
import type { Draft } from '#core/credential/family.ts'
import { issueRecord } from '#core/credential/issue-record.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import type { DivisionCode } from '#core/model/division-code.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import type { PartialDate } from '#core/model/partial-date.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { exampleDrafts, portrait } from './examples.ts'
import { makeTestKey, seededRandom } from './make-alliance.ts'

/** Records as they are printed: signed by a key of the tests, the name disclosed and the other groups withheld. Every person is invented. */

const digest = 'M9yTz8p3l1VqkPcW5m4gHn0uE7RZsAqX2oJbKfDw6Yc'
const clause = {
  zh: '省会经济圈人力资源一体化发展战略合作协议（2020-12-04）：推动专业技术人员证书互认',
  en: 'Strategic Cooperation Agreement on HR Integration of the Capital Economic Circle (4 December 2020): mutual recognition of certificates of professionals',
}
const registrationUnit = '山东泰岳恒达建筑安装工程有限公司'
const employer = '济南黄河生态智能装备制造有限公司'

const person = {
  name: { name: '阿卜杜拉·买买提', nameAsIssued: '阿卜杜拉.买买提' },
  identity: { kind: 'resident_id', number: '370113199604192288' },
  birth: { date: '1996-04-19', gender: 'female' },
  employer,
  photo: portrait,
}

/** Long, with all optional members: what has to fit on a sheet. Names of units have seventeen characters, as many real ones do. */
export const longDrafts: Readonly<Record<FamilyId, Draft>> = {
  title: exampleDrafts.title({
    number: '鲁工程高2021050001234',
    body: {
      title: '高级工程师',
      titleAsIssued: '高级工程师（正高级待遇）',
      level: 'associate_senior',
      major: '轨道交通机电设备安装',
      reviewCommittee: '山东省工程系列机电设备专业高级职称评审委员会',
      approvalDocumentNumber: '鲁人社职字〔2021〕117号',
    },
    personal: person,
  }),
  qualification: exampleDrafts.qualification({
    number: '鲁建20200001234567',
    body: {
      qualificationAsIssued: '注册建造师（一级）',
      major: '机电工程与市政公用工程',
      registration: { number: '鲁1372020202001234', unit: registrationUnit, from: '2020-06-01', until: '2029-05-31' },
    },
    personal: person,
  }),
  skill: exampleDrafts.skill({
    number: 'S000137010001222000123',
    body: {
      occupation: '工业机器人系统操作员',
      occupationCode: '6-30-99-00',
      workType: '弧焊与点焊机器人操作与维护',
      level: 'technician',
      evaluationBody: { name: '济南市智能制造行业职业技能评价中心', uscc: '52370100MJD610234Q', kind: 'socialOrganisation' },
    },
    personal: person,
  }),
  'work-injury': exampleDrafts['work-injury']({ number: '济工伤认字〔2025〕第0100112号', personal: { ...person, photo: undefined } }),
  'labour-capacity': exampleDrafts['labour-capacity']({
    number: '济劳鉴字〔2025〕第0100367号',
    body: { stage: 'review', supersedes: '济劳鉴字〔2023〕第0100215号', injuryDecisionNumber: '济工伤认字〔2023〕第0100112号' },
    personal: { ...person, photo: undefined },
  }),
  recognition: exampleDrafts.recognition({
    number: 'ZB-2026-HR-000123',
    body: {
      source: {
        iss: 'https://hrss.jinan.shandong.example',
        family: 'title',
        number: '鲁工程高2021050001234',
        digest,
        status: { status_list: { idx: 104_711, uri: 'https://hrss.jinan.shandong.example/status/12' } },
      },
      basis: { alliance: 'sd-capital-circle', ruleSet: 'sd-capital-circle/2021-1', version: 1, digest: portrait, rule: 't1', clause },
      effects: ['appointment', 'next_level_application', 'talent_services'],
      evidence: digest.replace('M9', 'Q7'),
    },
    personal: { name: person.name, identity: person.identity },
  }),
}

/** Of everyday length, and not the samples that the dictionary was made from. */
const usualDrafts: Readonly<Record<FamilyId, Draft>> = {
  title: exampleDrafts.title({
    number: '淄卫中2023040012345',
    body: {
      series: '04',
      track: '医疗',
      title: '主治医师',
      major: '心血管内科',
      reviewCommittee: '淄博市卫生系列中级职称评审委员会',
      approvalDocumentNumber: '淄人社字〔2023〕56号',
      scope: undefined,
    },
  }),
  qualification: exampleDrafts.qualification({
    number: 'BZ2021000872',
    body: { qualification: '注册安全工程师', qualificationLevel: '中级', major: '化工安全' },
  }),
  skill: exampleDrafts.skill({
    number: 'Y001237030001123000872',
    body: { occupation: '养老护理员', occupationCode: '4-10-01-05', workType: undefined, evaluationBody: { name: '滨州市颐康养老服务中心', kind: 'employer' } },
  }),
  'work-injury': exampleDrafts['work-injury']({ number: '德人社工伤认字〔2025〕第881号' }),
  'labour-capacity': exampleDrafts['labour-capacity']({
    number: '德劳鉴〔2025〕1027号',
    body: { appraisalCommittee: '德州市劳动能力鉴定委员会', injuryDecisionNumber: '德人社工伤认字〔2025〕第881号' },
  }),
  recognition: exampleDrafts.recognition({ number: 'TA-2026-000345', body: { evidence: digest } }),
}

const key = makeTestKey('paper')

/** The issuing key of every record here. */
export const paperKey = key.public

function sign(family: FamilyId, draft: Draft, iss: string, imported = {}): string {
  const checked = checkDraft(families[family], draft, { today: '2026-06-01' as PartialDate, scope: undefined, division: '370100' }) // a real day
  const envelope = {
    iss,
    iat: 1_780_286_400,
    status: { status_list: { idx: 98_304, uri: `${iss}/status/12` } },
    division: '370100' as DivisionCode, // Jinan
    issuedBy: '济南市人力资源和社会保障局',
    number: draft.number ?? 'JN2021050001234',
    ...imported,
  }
  return issueRecord(checked, envelope, key.signer, nodeEngine, seededRandom(`paper/${family}`))
}

const wholeOf = (drafts: (family: FamilyId) => Draft, iss: string): Readonly<Record<FamilyId, string>> =>
  Object.fromEntries(familyIds.map((family) => [family, sign(family, drafts(family), iss)])) as Record<FamilyId, string> // one for each id

/** All disclosures in them. */
const wholeUsualRecords = wholeOf((family) => usualDrafts[family], 'https://hrss.jinan.gov.example')
export const wholeLongRecords = wholeOf((family) => longDrafts[family], 'https://hrss.jinan.shandong.example')

const named = (records: Readonly<Record<FamilyId, string>>): Readonly<Record<FamilyId, string>> =>
  Object.fromEntries(familyIds.map((family) => [family, presentSdJwt(records[family], ['name'])])) as Record<FamilyId, string> // one for each id

/** The name disclosed. */
export const usualRecords = named(wholeUsualRecords)
export const longRecords = named(wholeLongRecords)

export const importedRecord = presentSdJwt(
  sign('title', usualDrafts.title, 'https://hrss.jinan.gov.example', {
    imported: { on: '2026-05-30', checked: ['identity-number', 'certificate-number', 'dates', 'codes', 'duplicates'] },
  }),
  ['name'],
)
