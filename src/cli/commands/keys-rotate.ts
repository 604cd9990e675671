import { usage } from '../cli-fault.ts'
import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

const uses = ['issue', 'status', 'token'] as const

export const keysRotateCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { ...nodeOptions, use: { kind: 'text', value: uses.join('|'), required: true, text: { zh: '密钥用途', en: 'What the key is for' } } },
  notes: [{ zh: '旧密钥仍为其已签记录有效。', en: 'The old key stays in force for what it has signed.' }],
  run: async (shell, given) => {
    const use = uses.find((known) => known === given.need('use'))
    if (use === undefined) throw usage('--use', uses.join(', '))
    return withNode(shell, given, async ({ office }) => {
      const { rotateKey } = await import('#registry/rotate-key.ts')
      const { kid } = await rotateKey(office, actorOf(given.text('as')), use)
      await shell.tell({ use, kid }, `${use}  ${kid}`)
      return 'done'
    })
  },
}
