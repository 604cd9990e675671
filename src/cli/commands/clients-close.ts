import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

export const clientsCloseCommand: Command = {
  words: 'ID',
  takes: { least: 1, most: 1 },
  options: { ...nodeOptions, reason: { kind: 'text', value: 'TEXT', required: true, text: { zh: '停用理由', en: 'Why it is shut out' } } },
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { closeClient } = await import('#registry/register-client.ts')
      const receipt = await closeClient(office, actorOf(given.text('as')), given.words[0]!, given.need('reason'))
      await shell.tell(receipt, receipt.client)
      return 'done'
    }),
}
