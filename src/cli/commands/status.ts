import { reasonsOf, statusChanges } from '#core/status/status-reasons.ts'
import { nodeOptions, type Command } from '../command.ts'
import { usage } from '../cli-fault.ts'
import { readInstant, readReference, referenceOptions } from '../read-options.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

export const statusCommand: Command = {
  words: 'ID | --number N --family F',
  takes: { least: 0, most: 1 },
  options: {
    ...nodeOptions,
    ...referenceOptions,
    change: { kind: 'text', value: statusChanges.join('|'), required: true, text: { zh: '变更种类', en: 'What befalls it' } },
    reason: { kind: 'text', value: 'CODE', required: true, text: { zh: '原因代码', en: 'Reason code' } },
    note: { kind: 'text', value: 'TEXT', text: { zh: '备注，不公开', en: 'For the file, never published' } },
    effective: { kind: 'text', value: 'INSTANT', text: { zh: '生效时间，默认现在', en: 'Since when it counts; now by default' } },
  },
  notes: statusChanges.map((change) => ({ zh: `${change}：${reasonsOf(change).join('、')}`, en: `${change}: ${reasonsOf(change).join(', ')}` })),
  run: async (shell, given) => {
    const reference = readReference(given)
    const change = statusChanges.find((known) => known === given.need('change'))
    if (change === undefined) throw usage('--change', statusChanges.join(', '))
    const effectiveOn = readInstant(given, 'effective')
    return withNode(shell, given, async ({ office }) => {
      const { changeStatus } = await import('#registry/change-status.ts')
      const receipt = await changeStatus(office, actorOf(given.text('as')), reference, {
        change,
        reason: given.need('reason'),
        effectiveOn,
        note: given.text('note'),
      })
      await shell.tell(receipt, `${receipt.record}  ${receipt.number}  ${receipt.change} (${receipt.reason})  ${receipt.effectiveOn}`)
      return 'done'
    })
  },
}
