import { nodeOptions, type Command } from '../command.ts'
import { askNeighbours, withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

export const logRecoverCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: {
    ...nodeOptions,
    'accept-loss': {
      kind: 'text',
      value: 'REASON',
      text: { zh: '丢失的状态变更将重新录入：说明理由', en: 'Status changes that were lost will be entered again: say why going on is right' },
    },
  },
  notes: [
    {
      zh: '数据库由旧备份恢复后，从邻市的镜像补齐本市日志，然后恢复签发。丢失时段内的记录由持有人保存，仍然有效；其编号与状态位置跳过不用。',
      en: "After the database came back from an old backup: takes this city's log back from the neighbours' mirrors, and issuing goes on. Records of the lost time are with their holders and stay valid; their numbers and status places are passed over.",
    },
  ],
  run: (shell, given) =>
    withNode(shell, given, async ({ office, desk }) => {
      const { recoverLog } = await import('#registry/log/recover-log.ts')
      const { trust } = await desk.current()
      const recovery = await recoverLog(office, actorOf(given.text('as')), trust, await askNeighbours(), given.text('accept-loss'))
      const { size, taken, lostRecords, lostChanges } = recovery
      await shell.tell(
        recovery,
        shell.say({
          zh: `日志现有 ${size} 个条目，补回 ${taken} 个；其中 ${lostRecords} 条记录、${lostChanges} 次状态变更本节点已无内容`,
          en: `The log has ${size} entries, ${taken} of them taken back; of these this node no longer has ${lostRecords} records and ${lostChanges} status changes`,
        }),
      )
      return 'done'
    }),
}
