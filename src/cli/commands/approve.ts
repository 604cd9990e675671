import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

export const approveCommand: Command = {
  words: 'DRAFT-ID',
  takes: { least: 1, most: 1 },
  options: {
    ...nodeOptions,
    acknowledge: { kind: 'list', value: 'CODE', text: { zh: '已核实的提示代码', en: 'Codes of the warnings that were looked into' } },
  },
  notes: [{ zh: '不得批准本人起草的草稿。', en: 'Nobody approves their own draft.' }],
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { approveDraft } = await import('#registry/draft-record.ts')
      const receipt = await approveDraft(office, actorOf(given.text('as')), given.words[0]!, given.list('acknowledge'))
      const { record, number, registration } = receipt
      await shell.tell(
        receipt,
        shell.say({
          zh: `已签发 ${record}\n  证书编号  ${number}\n  登记序号  ${registration}`,
          en: `Issued ${record}\n  number        ${number}\n  registration  ${registration}`,
        }),
      )
      return 'done'
    }),
}
