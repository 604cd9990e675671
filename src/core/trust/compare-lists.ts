import { canonicalJson } from '../encoding/canonical-json.ts'
import type { Localised } from '../model/localised.ts'
import type { AllianceList } from './alliance-list.ts'
import type { AllianceMember } from './alliance-member.ts'
import { organTexts, type Organ, type Term } from './alliance-organs.ts'
import { describeScope } from './describe-scope.ts'

/** One thing that is otherwise in the new version: a stable code, whom or what it concerns, and the sentence that members read before they sign. */
export interface Difference {
  readonly code: string
  /** Issuer of a member, a threshold, a day, a rule's id. */
  readonly at: string
  readonly text: Localised
}

const difference = (code: string, at: string, zh: string, en: string): Difference => ({ code, at, text: { zh, en } })

/** What changes from one list to the next: members first, then who must sign, then offices. @param before undefined for the first list */
export function compareLists(before: AllianceList | undefined, after: AllianceList): readonly Difference[] {
  return [
    ...compareMembers(before?.members ?? [], after.members),
    ...compareThresholds(before?.thresholds, after.thresholds),
    ...compareTerms(before?.terms ?? [], after.terms ?? []),
    ...(['chair', 'secretariat'] as const).flatMap((office) => compareOffice(office, before?.[office], after[office])),
    ...compareOrgans(before?.organs ?? [], after.organs ?? []),
    ...(after.ruleSets ?? []).map(({ id, version, digest }) =>
      difference('rules-carried', id, `规则集 ${id} v${version} 继续有效（${digest}）`, `rule set ${id} v${version} stays in force (${digest})`),
    ),
    ...(before !== undefined && !same(before.name, after.name)
      ? [difference('name', after.alliance, `联盟名称：${before.name.zh} → ${after.name.zh}`, `name: ${before.name.en} → ${after.name.en}`)]
      : []),
  ]
}

const same = (one: unknown, other: unknown): boolean => canonicalJson(one ?? null) === canonicalJson(other ?? null)

function compareMembers(before: readonly AllianceMember[], after: readonly AllianceMember[]): readonly Difference[] {
  const old = new Map(before.map((member) => [member.iss, member]))
  const now = new Set(after.map(({ iss }) => iss))
  return [
    ...after.flatMap((member) => compareMember(old.get(member.iss), member)),
    ...before
      .filter(({ iss }) => !now.has(iss))
      .map((member) =>
        difference(
          'member-dropped',
          member.iss,
          `${zhName(member)}从名录中删除：其以往记录将无法判断（应改为“退出”）`,
          `${enName(member)} is dropped from the list: of its records nobody can tell any more (it should leave instead)`,
        ),
      ),
  ]
}

const zhName = ({ name, division }: AllianceMember): string => `${name.zh}（${division}）`
const enName = ({ name, division }: AllianceMember): string => `${name.en} (${division})`
const zhScopes = ({ authorised }: AllianceMember): string => authorised.map((scope) => describeScope(scope).zh).join('；') || '无'
const enScopes = ({ authorised }: AllianceMember): string => authorised.map((scope) => describeScope(scope).en).join('; ') || 'nothing'

const roleTexts: Readonly<Record<AllianceMember['role'], Localised>> = {
  member: { zh: '成员', en: 'member' },
  guidance: { zh: '指导单位', en: 'guidance' },
  accepted: { zh: '认可的签发机关', en: 'accepted issuer' },
  associate: { zh: '无表决权单位', en: 'associate without a vote' },
}

function compareMember(before: AllianceMember | undefined, after: AllianceMember): readonly Difference[] {
  const [zh, en] = [zhName(after), enName(after)]
  const said = (code: string, textZh: string, textEn: string) => difference(code, after.iss, `${zh}${textZh}`, `${en} ${textEn}`)
  if (before === undefined || (before.state === 'left' && after.state !== 'left')) {
    const role = roleTexts[after.role]
    return [
      said(
        'member-joins',
        `加入，${role.zh}，自 ${after.from}；可签发：${zhScopes(after)}`,
        `joins as ${role.en} from ${after.from}; may issue: ${enScopes(after)}`,
      ),
    ]
  }
  const differences: Difference[] = []
  if (before.state !== after.state) {
    const until = after.until === undefined ? '' : after.until
    if (after.state === 'left')
      differences.push(
        said('member-leaves', `退出${until === '' ? '' : `，自 ${until} 起不再是成员`}`, `leaves${until === '' ? '' : `, no member from ${until} on`}`),
      )
    else if (after.state === 'suspended') differences.push(said('member-suspended', '暂停', 'is suspended'))
    else differences.push(said('member-reinstated', '恢复', 'is reinstated'))
  } else if (before.until !== after.until)
    differences.push(
      said('member-until', `期限：${before.until ?? '无'} → ${after.until ?? '无'}`, `until: ${before.until ?? 'open'} → ${after.until ?? 'open'}`),
    )
  if (!same(before.authorityKey, after.authorityKey))
    differences.push(said('member-key', '更换主管密钥（请当面或电话核对）', 'has another authority key (have it confirmed by word of mouth)'))
  if (!same(before.authorised, after.authorised))
    differences.push(said('member-scope', `可签发：${zhScopes(before)} → ${zhScopes(after)}`, `may issue: ${enScopes(before)} → ${enScopes(after)}`))
  if (before.role !== after.role)
    differences.push(
      said('member-role', `：${roleTexts[before.role].zh} → ${roleTexts[after.role].zh}`, `: ${roleTexts[before.role].en} → ${roleTexts[after.role].en}`),
    )
  const others = otherMembers.filter((name) => !same(before[name], after[name]))
  if (others.length > 0) differences.push(said('member-amended', `其他变更：${others.join('、')}`, `is amended: ${others.join(', ')}`))
  return differences
}

const otherMembers = ['division', 'name', 'kind', 'coversSubordinates', 'from', 'addresses', 'logKey', 'witnessKey'] as const

const thresholdNames: Readonly<Record<keyof AllianceList['thresholds'], Localised>> = {
  list: { zh: '名录签署门槛', en: 'signatures for a list' },
  rules: { zh: '规则集签署门槛', en: 'signatures for a rule set' },
  cosigners: { zh: '日志见证数', en: "cosignatures on a log's head" },
  freshness: { zh: '时效确认签署门槛', en: 'signatures that a list is still the newest' },
}

const compareThresholds = (before: AllianceList['thresholds'] | undefined, after: AllianceList['thresholds']): readonly Difference[] =>
  (Object.keys(thresholdNames) as (keyof typeof thresholdNames)[]) // the keys of the table above
    .filter((name) => before?.[name] !== after[name])
    .map((name) => {
      const change = `${before?.[name] ?? '—'} → ${after[name] ?? '—'}`
      return difference('threshold', name, `${thresholdNames[name].zh}：${change}`, `${thresholdNames[name].en}: ${change}`)
    })

function compareTerms(before: readonly Term[], after: readonly Term[]): readonly Difference[] {
  const told = (code: string, zh: string, en: string, { chair, from, until }: Term) =>
    difference(code, from, `${zh}轮值任期：${chair}，${from} 至 ${until}（不含）`, `${en}: ${chair} chairs from ${from} until ${until}`)
  const among = (terms: readonly Term[], term: Term): boolean => terms.some((other) => same(other, term))
  return [
    ...before.filter((term) => !among(after, term)).map((term) => told('term-removed', '取消', 'term taken back', term)),
    ...after.filter((term) => !among(before, term)).map((term) => told('term-added', '新增', 'new term', term)),
  ]
}

function compareOffice(office: 'chair' | 'secretariat', before: string | undefined, after: string | undefined): readonly Difference[] {
  if (before === after) return []
  const zh = office === 'chair' ? '主席' : '秘书处'
  return [difference(office, office, `${zh}：${before ?? '无'} → ${after ?? '无'}`, `${office}: ${before ?? 'none'} → ${after ?? 'none'}`)]
}

function compareOrgans(before: readonly Organ[], after: readonly Organ[]): readonly Difference[] {
  const label = ({ kind, name }: Organ) => `${kind}/${name.zh}`
  const told = (code: string, zh: string, en: string, organ: Organ) =>
    difference(
      code,
      label(organ),
      `${zh}${organTexts[organ.kind].zh}“${organ.name.zh}”：${organ.seats.map(({ iss, seats }) => `${iss} ${seats} 席`).join('、')}`,
      `${en} ${organTexts[organ.kind].en} “${organ.name.en}”: ${organ.seats.map(({ iss, seats }) => `${iss} ${seats}`).join(', ')}`,
    )
  const old = new Map(before.map((organ) => [label(organ), organ]))
  const now = new Set(after.map(label))
  return [
    ...before.filter((organ) => !now.has(label(organ))).map((organ) => told('organ-removed', '撤销', 'no more', organ)),
    ...after
      .filter((organ) => !same(old.get(label(organ)), organ))
      .map((organ) => (old.has(label(organ)) ? told('organ-changed', '调整', 'changed', organ) : told('organ-added', '设立', 'new', organ))),
  ]
}
