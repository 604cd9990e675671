import { usage } from '../cli-fault.ts'
import { nodeOptions, type Command } from '../command.ts'
import { dryRunOption, effectLines } from '../key-effect.ts'
import { withNode } from '../open-here.ts'
import { custodyOption, readCustody } from '../read-options.ts'
import { actorOf } from '../shell.ts'

const uses = ['issue', 'status', 'token'] as const

export const keysRotateCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: {
    ...nodeOptions,
    use: { kind: 'text', value: uses.join('|'), required: true, text: { zh: '密钥用途', en: 'What the key is for' } },
    custody: custodyOption,
    'dry-run': dryRunOption,
  },
  notes: [{ zh: '旧密钥仍为其已签记录有效。', en: 'The old key stays in force for what it has signed.' }],
  run: async (shell, given) => {
    const use = uses.find((known) => known === given.need('use'))
    if (use === undefined) throw usage('--use', uses.join(', '))
    const wanted = readCustody(given)
    return withNode(shell, given, async ({ office }) => {
      const { effectOfRotation, rotateKey } = await import('#registry/rotate-key.ts')
      if (given.flag('dry-run')) {
        const effect = await effectOfRotation(office, use)
        await shell.tell({ dryRun: true, ...effect }, effectLines(effect, shell))
        return 'done'
      }
      const { kid, custody } = await rotateKey(office, actorOf(given.text('as')), use, wanted)
      await shell.tell({ dryRun: false, use, kid, custody }, `${use}  ${kid}  ${custody}`)
      return 'done'
    })
  },
}
