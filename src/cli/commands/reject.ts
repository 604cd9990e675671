import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

export const rejectCommand: Command = {
  words: 'DRAFT-ID',
  takes: { least: 1, most: 1 },
  options: { ...nodeOptions, reason: { kind: 'text', value: 'TEXT', required: true, text: { zh: '退回理由', en: 'The reason, which the author is owed' } } },
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { rejectDraft } = await import('#registry/draft-record.ts')
      const receipt = await rejectDraft(office, actorOf(given.text('as')), given.words[0]!, given.need('reason'))
      await shell.tell(receipt, shell.say({ zh: `已退回 ${receipt.draft}`, en: `Rejected ${receipt.draft}` }))
      return 'done'
    }),
}
