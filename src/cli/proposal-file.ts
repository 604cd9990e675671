import type { Trust } from '#core/trust/assemble-trust.ts'
import { writeProposal, type Proposal } from '#core/trust/proposal.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import type { Given, Option } from './command.ts'
import type { Exit } from './exit-codes.ts'
import { writeWhole } from './local-files.ts'
import type { Shell } from './shell.ts'
import { proposalLines, proposalRow } from './tell-proposal.ts'

export const outOption = {
  kind: 'text',
  value: 'FILE',
  required: true,
  text: { zh: '写入提案文件，供其他成员签署', en: 'Where the file goes that the other members sign' },
} as const satisfies Option

export const unsignedOption = {
  kind: 'flag',
  text: { zh: '暂不签署：主管密钥在别处', en: 'Do not sign yet: the authority key is elsewhere' },
} as const satisfies Option

/** Writes the file for the next member, and tells how the proposal stands with it. */
export async function writeAndTell(shell: Shell, given: Given, proposal: Proposal, trust: Trust | undefined): Promise<Exit> {
  const { viewProposal } = await import('#registry/show-proposal.ts')
  const out = given.need('out')
  await writeWhole(out, writeProposal(proposal), 0o644)
  const view = viewProposal(proposal, 'open', trust, nodeEngine)
  await shell.tell({ file: out, ...proposalRow(view) }, `${out}\n${proposalLines(shell, view)}`)
  return 'done'
}
