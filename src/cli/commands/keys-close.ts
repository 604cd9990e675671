import { usage } from '../cli-fault.ts'
import { nodeOptions, type Command } from '../command.ts'
import { dryRunOption, effectLines } from '../key-effect.ts'
import { withNode } from '../open-here.ts'
import { readInstant } from '../read-options.ts'
import { actorOf } from '../shell.ts'

const reasons = ['superseded', 'ceased', 'compromised'] as const

export const keysCloseCommand: Command = {
  words: 'KID',
  takes: { least: 1, most: 1 },
  options: {
    ...nodeOptions,
    reason: { kind: 'text', value: reasons.join('|'), required: true, text: { zh: '关闭原因', en: 'Why it is closed' } },
    'compromised-since': {
      kind: 'text',
      value: 'INSTANT',
      text: { zh: '失密时间（原因为 compromised 时必填）', en: 'Since when others may have signed with it; required for compromised' },
    },
    'dry-run': dryRunOption,
  },
  notes: [{ zh: '关闭后不能再启用。', en: 'A closed key is never opened again.' }],
  run: async (shell, given) => {
    const reason = reasons.find((known) => known === given.need('reason'))
    if (reason === undefined) throw usage('--reason', reasons.join(', '))
    const compromisedSince = readInstant(given, 'compromised-since')
    if ((reason === 'compromised') !== (compromisedSince !== undefined)) throw usage('--compromised-since')
    return withNode(shell, given, async ({ office }) => {
      const { closeKey, effectOfClosing } = await import('#registry/close-key.ts')
      const effect = await effectOfClosing(office, given.words[0]!, { reason, compromisedSince })
      const dryRun = given.flag('dry-run')
      if (!dryRun) await closeKey(office, actorOf(given.text('as')), given.words[0]!, { reason, compromisedSince })
      await shell.tell({ dryRun, reason, ...effect }, effectLines(effect, shell))
      return 'done'
    })
  },
}
