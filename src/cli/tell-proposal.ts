import type { Localised } from '#core/model/localised.ts'
import { thresholdTexts, type Threshold, type Voter } from '#core/trust/weigh-proposal.ts'
import type { ProposalView } from '#registry/show-proposal.ts'
import type { Shell } from './shell.ts'

const kindTexts: Readonly<Record<ProposalView['proposal']['kind'], Localised>> = {
  alliance: { zh: '联盟名录', en: 'alliance list' },
  rules: { zh: '规则集', en: 'rule set' },
  freshness: { zh: '时效确认', en: 'still the newest' },
}

const stateTexts: Readonly<Record<ProposalView['state'], Localised>> = {
  open: { zh: '待签署', en: 'open' },
  adopted: { zh: '已采用', en: 'adopted' },
  superseded: { zh: '已被取代', en: 'superseded' },
}

/** A proposal as programs read it. */
export const proposalRow = ({ proposal, state, met, thresholds, changes }: ProposalView) => ({
  kind: proposal.kind,
  alliance: proposal.alliance,
  subject: proposal.subject,
  version: proposal.version,
  digest: proposal.digest,
  state,
  met,
  thresholds,
  changes,
})

/** A proposal as members read it before they sign: what it is, its digest, who has signed, who is missing, what changes. */
export function proposalLines(shell: Shell, view: ProposalView): string {
  const { proposal, state, thresholds, changes } = view
  return [
    `${shell.say(kindTexts[proposal.kind])}  ${proposal.subject}  v${proposal.version}  ${shell.say(stateTexts[state])}`,
    `  ${proposal.digest}`,
    ...thresholds.flatMap((threshold) => thresholdLines(shell, threshold)),
    ...changeLines(shell, view),
    ...(changes.length === 0 ? [] : [`  ${shell.say({ zh: '签署前请与其他成员核对摘要', en: 'Compare the digest with the other members before you sign' })}`]),
  ].join('\n')
}

export const changeLines = (shell: Shell, { changes }: Pick<ProposalView, 'changes'>): readonly string[] => changes.map(({ text }) => `  · ${shell.say(text)}`)

function thresholdLines(shell: Shell, { of, version, needed, met, signed, missing }: Threshold): readonly string[] {
  const count = shell.say({ zh: `${signed.length}/${needed} 已签`, en: `${signed.length} of ${needed} signed` })
  const named = (label: Localised, voters: readonly Voter[]): readonly string[] =>
    voters.length === 0 ? [] : [`      ${shell.say(label)}${voters.map(({ division, name }) => `${division} ${shell.say(name)}`).join(', ')}`]
  return [
    `  ${met ? '✓' : '…'} ${shell.say(thresholdTexts[of])} v${version}: ${count}`,
    ...named({ zh: '已签：', en: 'signed: ' }, signed),
    ...(met ? [] : named({ zh: '未签：', en: 'missing: ' }, missing)),
  ]
}
