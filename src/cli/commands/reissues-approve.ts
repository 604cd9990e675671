import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'
import { workBatches } from '../reissue-batches.ts'
import { actorOf } from '../shell.ts'

export const reissuesApproveCommand: Command = {
  words: '[RECORD-ID]',
  takes: { least: 0, most: 1 },
  options: {
    ...nodeOptions,
    acknowledge: { kind: 'list', value: 'CODE', text: { zh: '已核实的提示代码', en: 'Codes of the warnings that were looked into' } },
  },
  notes: [{ zh: '不得批准本人起草的草稿；不给编号则处理整个队列。', en: 'Nobody approves their own draft; without an id it works through the whole queue.' }],
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { approveReissues, reissueProgress } = await import('#registry/reissue-records.ts')
      const { drafted } = await reissueProgress(office)
      return workBatches(shell, given, drafted, (plan) =>
        approveReissues(office, actorOf(given.text('as')), { ...plan, acknowledged: given.list('acknowledge') }),
      )
    }),
}
