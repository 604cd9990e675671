import alliances from '../../schema/codes/alliances.json' with { type: 'json' }
import catalogue from '../../schema/codes/qualification-catalogue.json' with { type: 'json' }
import divisions from '../../schema/codes/divisions.json' with { type: 'json' }
import series from '../../schema/codes/title-series.json' with { type: 'json' }
import { condenseRecord } from '../../src/core/paper/condense-record.ts'
import { readCharacter } from '../../src/core/paper/condensed-characters.ts'
import { signOf } from '../../src/core/paper/paper-dictionary.ts'
import { vctOf } from '../../src/core/credential/family.ts'
import type { FamilyId } from '../../src/core/model/family-id.ts'
import { conditionTexts, effectTexts } from '../../src/core/rules/outcome-texts.ts'
import { modes } from '../../src/core/rules/rule-set.ts'
import type { RuleSet } from '../../src/core/rules/rule-set.ts'
import { nodeEngine } from '../../src/custody/engine-node.ts'
import { injuryPhrases, majorPhrases, occupationPhrases, officialPhrases } from './phrases.ts'

type Members = Readonly<Record<string, unknown>>

const digest = 'LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564'
const day = '2021-03-05'
const zhList = (texts: readonly string[]): string => texts.join('、')

/** A text as the condensed text has it, its placeholders as signs: what a record's text is looked up as. */
function signs(text: string): string {
  const { text: bytes } = condenseRecord({ disclosures: [], header: '', payload: text }, nodeEngine)
  let shown = ''
  for (let at = 1; at < bytes.length;) {
    const byte = bytes[at]!
    if (byte < 0x20) {
      shown += signOf(byte)
      at++
    } else {
      const { code, length } = readCharacter(bytes, at)
      shown += String.fromCodePoint(code)
      at += length
    }
  }
  return shown
}

/** A payload as an issuer writes it (`issueRecord`): envelope, body in the order of its schema, digests. */
function payload(family: FamilyId, body: Members, mark: Members = {}): string {
  const iss = 'https://hrss.jinan.gov.cn'
  const claims = { iss, vct: vctOf(family), iat: 1780000000, status: { status_list: { idx: 12345, uri: `${iss}/status/1` } }, division: '370100' }
  return signs(
    JSON.stringify({ ...claims, issuedBy: '济南市人力资源和社会保障局', number: 'JN2021050001234', ...mark, ...body, _sd: [digest], _sd_alg: 'sha-256' }),
  )
}

const imported = { imported: { on: day, checked: ['identity-number', 'certificate-number', 'dates', 'codes', 'duplicates'] } }

const titleBody = (named: { readonly track: string; readonly title: string; readonly level: string }, changes: Members = {}): Members => ({
  series: '05',
  ...named,
  major: '建筑工程',
  method: 'review',
  scope: 'nationwide',
  reviewCommittee: '济南市工程技术职务中级评审委员会',
  approvalDocumentNumber: '济人社职〔2021〕17号',
  obtainedOn: day,
  documentOn: day,
  issuedOn: day,
  ...changes,
})

const registration = { number: '鲁1372020202001234', unit: '济南建筑工程有限公司', from: day, until: day }

/** Whole payloads of every family, the families that are issued most at the end. */
const payloads: readonly string[] = [
  payload('recognition', {
    source: {
      iss: 'https://hrss.jinan.gov.cn',
      family: 'title',
      number: 'JN2021050001234',
      digest,
      status: { status_list: { idx: 1, uri: 'https://hrss.jinan.gov.cn/status/1' } },
    },
    basis: {
      alliance: 'sd-capital-circle',
      ruleSet: 'sd-capital-circle/2021-1',
      version: 1,
      digest,
      rule: 'title-mutual',
      clause: { zh: '互认', en: 'Mutual recognition' },
    },
    mode: 'direct',
    effects: ['appointment', 'next_level_application'],
    conditions: ['按规定办理聘任手续'],
    recognisedFor: '370300',
    purpose: 'appointment',
    appliedOn: day,
    decidedOn: day,
    evidence: digest,
  }),
  payload('labour-capacity', {
    stage: 'first',
    insuredPlace: '370100',
    appraisalCommittee: '济南市劳动能力鉴定委员会',
    injuryDecisionNumber: '济工伤认字〔2025〕112号',
    supersedes: '济劳鉴字〔2024〕112号',
    concludedOn: day,
    deliveredOn: day,
  }),
  payload('work-injury', { insuredPlace: '370100', acceptedOn: day, decidedOn: day, deliveredOn: day, appealWindowClosed: true }),
  payload('skill', {
    occupation: '电工',
    occupationCode: '6-31-01-03',
    workType: '电工',
    level: 'senior',
    regime: 'skillLevelRecognition',
    evaluationBody: { name: '济南市电工行业协会', uscc: '51370100MJD6', kind: 'socialOrganisation' },
    filedInOsta: true,
    obtainedOn: day,
    issuedOn: day,
  }),
  payload('qualification', {
    qualification: '建造师',
    qualificationAsIssued: '一级建造师',
    qualificationLevel: '一级',
    major: '建筑工程',
    managementNumber: '20190903437000000123',
    approvalDocumentNumber: '鲁人社字〔2020〕8号',
    obtainedOn: day,
    issuedOn: day,
    registration,
  }),
  payload(
    'title',
    titleBody({ track: '工程', title: '高级工程师', level: 'associate_senior' }, { reviewCommittee: '山东省工程系列高级职称评审委员会' }),
    imported,
  ),
  payload('title', titleBody({ track: '工程', title: '工程师', level: 'intermediate' })),
]

/** What stands beside a member's name when it has another value than in the payloads above. */
const values: readonly string[] = [
  '"appealWindowClosed":false,"filedInOsta":false,',
  '"stage":"second","stage":"review","supersedes":"',
  ...['apprentice', 'chief_technician', 'special_technician', 'senior_technician', 'technician', 'junior', 'intermediate'].map(
    (level) => `","level":"${level}","regime":"`,
  ),
  '"kind":"employer"}',
  ...['selfEvaluation', 'convert', 'direct', 'confirm', 'examPlusReview', 'exam', 'initialRecognition'].map((method) => `","method":"${method}","`),
  ...['grassroots', 'unit_only', 'county_only', 'city', 'province'].map((scope) => `"scope":"${scope}","reviewCommittee":"`),
  '"titleAsIssued":"',
  '"method":"review","reviewCommittee":"',
  signs(`,"exp":1780000000,"status":{"status_list":{"idx":1,`),
  signs('"obtainedOn":"2019-09","issuedOn":"2020-01"'),
  signs(
    '"photo",,"employer","identity",{"kind":"resident_id","number":"370100199001010000","birth",{"date":"1990-01-01","gender":"male"}","gender":"female"}]',
  ),
  signs('["injury",{"outcome":"recognised","clause":"","accidentOn":"2025-02-26","injury":"","outcome":"deemed","outcome":"notRecognised"'),
  signs('["appraisal",{"disabilityGrade":10,"careGrade":0,"clause":"'),
  '","nameAsIssued":"',
]

function ruleTexts(ruleSets: readonly RuleSet[]): readonly string[] {
  const rules = ruleSets.flatMap((set) => set.rules.filter(({ kind }) => kind === 'grant').map((rule) => ({ set, rule })))
  const own = rules.flatMap(({ rule }) => (rule.conditions ?? []).flatMap((condition) => (typeof condition === 'string' ? [] : [condition.zh])))
  const clauses = rules.flatMap(({ rule }) => (rule.clause === undefined ? [] : [JSON.stringify({ clause: rule.clause }).slice(1, -1)]))
  return [
    ...new Set(own),
    ...Object.values(conditionTexts).map(({ zh }) => zh),
    ...new Set(clauses.map(signs)),
    ...new Set(rules.map(({ rule }) => `},"mode":"${rule.mode}","effects":${JSON.stringify(rule.effects ?? [])},"`)),
    `["${Object.keys(effectTexts).join('","')}"],"conditions":["`,
    ...modes.map((mode) => `"mode":"${mode}",`),
    ...ruleSets.map((set) => signs(`{"alliance":${JSON.stringify(set.alliance)},"ruleSet":"${set.id}","version":1,"digest":"${digest}","rule":"`)),
    ...new Set(rules.map(({ rule }) => `"rule":"${rule.id}","clause":{"zh":"`)),
  ]
}

const placeNames = Object.entries(divisions.places)
  .filter(([code]) => code.endsWith('00'))
  .map(([, name]) => name)

/** Whose whole entry stands in the dictionary, level and all; of the others only the names do. */
const commonQualifications = ['注册城乡规划师', '注册安全工程师', '造价工程师', '建造师']
const commonSeries = ['会计人员', '经济专业人员', '农业技术人员', '卫生技术人员', '中小学教师', '工程技术人员']

interface NamedEntry {
  readonly zh: string
  readonly levels?: readonly string[]
}
const catalogued: readonly NamedEntry[] = catalogue.entries

const qualificationNames: readonly string[] = [
  zhList(catalogued.map(({ zh }) => zh)),
  ...catalogued
    .filter(({ zh }) => commonQualifications.includes(zh))
    .flatMap(({ zh, levels = [] }) => levels.map((level) => `"qualification":"${zh}","qualificationLevel":"${level}","`)),
  ...['初级', '高级', '中级', '二级', '一级'].map((level) => `","qualificationLevel":"${level}","major":"`),
]

interface TitleEntry {
  readonly zh: string
  readonly variants?: readonly string[]
}

const tracks = series.series.flatMap(({ zh: seriesName, tracks: named }) =>
  named.map(({ zh, levels }) => ({
    zh,
    common: commonSeries.includes(seriesName),
    // A level that the track does not have is left out.
    titles: Object.entries(levels as Readonly<Record<string, TitleEntry | undefined>>).flatMap(([level, title]) =>
      title === undefined ? [] : (title.variants ?? [title.zh]).map((name) => ({ title: name, level })),
    ),
  })),
)

const titleNames: readonly string[] = [
  zhList(tracks.filter(({ common }) => !common).flatMap(({ zh, titles }) => [zh, ...titles.map(({ title }) => title)])),
  ...tracks
    .filter(({ common }) => common)
    .map(({ zh, titles }) => `"track":"${zh}","title":"${titles.map(({ title, level }) => `${title}","level":"${level}","major":"`).join('')}`),
  ...['entry', 'full_senior', 'assistant', 'associate_senior', 'intermediate'].map((level) => `","level":"${level}","major":"`),
]

const members = alliances.alliances.flatMap((alliance) => alliance.members)
const bureaus = [...new Set(members.map(({ organization }) => `,"issuedBy":"${organization}","number":"`))]
const hosts = [...new Set(members.map(({ name }) => name.en.toLowerCase().replaceAll(/[^a-z]/g, '')))]

/** The dictionary as it is published, one entry a line: what is rare first, since deflate says a near place in fewer bits. */
export const dictionaryLines = (ruleSets: readonly RuleSet[]): readonly string[] => [
  zhList(placeNames),
  ...occupationPhrases,
  ...officialPhrases,
  ...injuryPhrases,
  ...ruleTexts(ruleSets),
  ...qualificationNames,
  ...majorPhrases,
  ...titleNames,
  `.${hosts.join('.')}.gov.cn`,
  ...bureaus,
  '农业、经济、会计、教师系列、中小学教师系列、卫生技术、工程技术职务高级评审委员会、工程系列中级职称评审委员会、市卫生系列高级职称评审委员会、市卫生系列中级职称评审委员会","approvalDocumentNumber":"',
  signs('职改办〔2021〕人社职字〔2021〕人社发〔2021〕人社字〔2021〕17号","obtainedOn":"'),
  ...values,
  '"iss":"https://rsj.,"iss":"https://hrss.,"iss":"https://hr.,"iss":"https://www.',
  ...payloads,
  signs(`["AAAAAAAAAAAAAAAAAAAAAA","name",{"name":"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗·"}]`).replace('["AAAAAAAAAAAAAAAAAAAAAA"', `["${signOf(3)}"`) +
    signOf(1) +
    signs(`{"typ":"dc+sd-jwt","alg":"Ed25519","kid":"${digest}"}`) +
    signOf(1) +
    '{"iss":"https://',
]
