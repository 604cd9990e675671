import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'
import { workBatches } from '../reissue-batches.ts'
import { actorOf } from '../shell.ts'

export const reissuesDraftCommand: Command = {
  words: '[RECORD-ID]',
  takes: { least: 0, most: 1 },
  options: nodeOptions,
  notes: [{ zh: '不给编号则处理整个队列；中断后可再次运行。', en: 'Without an id it works through the whole queue; broken off, it may be run again.' }],
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { draftReissues, reissueProgress } = await import('#registry/reissue-records.ts')
      const { waiting } = await reissueProgress(office)
      return workBatches(shell, given, waiting, (plan) => draftReissues(office, actorOf(given.text('as')), plan))
    }),
}
