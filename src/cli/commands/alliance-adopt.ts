import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { nodeOptions, type Command } from '../command.ts'
import { readInput } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'
import { proposalLines, proposalRow } from '../tell-proposal.ts'

export const allianceAdoptCommand: Command = {
  words: 'FILE…',
  takes: { least: 1, most: 200 },
  options: nodeOptions,
  notes: [
    {
      zh: '同一提案的多份文件，各由不同成员签署，在此合并。现行与拟议名录的门槛都达到才采用；未达到时逐一指明尚缺的成员，已到的签署予以保留。',
      en: 'Copies of one proposal, signed by different members, are put together here. The thresholds of the list in force and of the proposed one must both be met; else the members missing for each are named, and what has come in is kept.',
    },
  ],
  run: async (shell, given) => {
    const files: Uint8Array[] = []
    for (const path of given.words) files.push(await readInput(path, generalLimits.bytes))
    return withNode(shell, given, async ({ office, desk }) => {
      const [{ adoptProposal }, { viewProposal }] = await Promise.all([import('#registry/adopt-proposal.ts'), import('#registry/show-proposal.ts')])
      const { proposal, outcome } = await adoptProposal(office, actorOf(given.text('as')), files)
      desk.changed()
      const view = viewProposal(proposal, 'adopted', (await desk.current()).trust, office.engine)
      await shell.tell({ ...proposalRow(view), outcome }, `${outcome === 'adopted' ? '✓' : '='} ${proposalLines(shell, view)}`)
      return 'done'
    })
  },
}
