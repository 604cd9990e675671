import { readProposal } from '#core/trust/proposal.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { usage } from '../cli-fault.ts'
import type { Command } from '../command.ts'
import { readInput } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { heldOptions, readHeld } from '../read-held.ts'
import { proposalLines, proposalRow } from '../tell-proposal.ts'

const mostShown = 200

export const allianceShowCommand: Command = {
  words: '[FILE|-]',
  takes: { least: 0, most: 1 },
  options: heldOptions,
  notes: [
    {
      zh: '不给文件：列出本节点收到的提案。不给目录：只按文件自身显示，不与现行名录比较。',
      en: 'Without a file: the proposals that came in at this node. Without a directory: what the file itself says, compared with nothing.',
    },
  ],
  run: async (shell, given) => {
    const { keptProposals, stateIn, viewProposal } = await import('#registry/show-proposal.ts')
    const [path] = given.words
    if (path === undefined) {
      if (given.text('data') === undefined) throw usage('--data')
      return withNode(shell, given, async ({ office, desk }) => {
        for (const view of await keptProposals(office, (await desk.current()).trust, mostShown))
          await shell.tell({ ...proposalRow(view), proposedBy: view.proposedBy, proposedAt: view.proposedAt }, proposalLines(shell, view))
        return 'done'
      })
    }
    const proposal = readProposal(await readInput(path, generalLimits.bytes), nodeEngine)
    const trust = (await readHeld(shell, given))?.trust
    const view = viewProposal(proposal, trust === undefined ? 'open' : stateIn(trust, proposal), trust, nodeEngine)
    await shell.tell(proposalRow(view), proposalLines(shell, view))
    return 'done'
  },
}
