import { logFindingTexts } from '#core/log/log-finding-texts.ts'
import { dataOption, type Command } from '../command.ts'
import { exitOfTruth } from '../exit-codes.ts'
import { withNode } from '../open-here.ts'
import { openProgress } from '../progress.ts'

export const logCheckCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { data: dataOption },
  notes: [
    {
      zh: '逐条核对：每条记录与状态变更对日志条目，每个条目对分片与树根，每个已签检查点对当时的树。不一致时退出码为 1。',
      en: 'Holds every record and status change against its entry, every entry against the tiles and the root, every signed head against the tree of its size. Exit code 1 where they differ.',
    },
  ],
  run: (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const [{ sequenceLog }, { checkLog }] = await Promise.all([import('#registry/log/sequence-log.ts'), import('#registry/log/check-log.ts')])
      await sequenceLog(office)
      const progress = openProgress(shell, shell.say({ zh: '条', en: 'entries' }))
      const { leaves, records, findings } = await checkLog(office, progress.at)
      progress.end()
      const answer = findings.length === 0 ? 'yes' : 'no'
      const lines = findings.map(({ code, at }) => `✗ ${shell.say(logFindingTexts[code])}: ${at} [${code}]`)
      const summary = shell.say({
        zh: `${leaves} 个条目，${records} 条记录，${findings.length} 处不符`,
        en: `${leaves} entries, ${records} records, ${findings.length} findings`,
      })
      await shell.tell({ answer, leaves, records, findings: findings.map(({ code, at }) => ({ code, at })) }, [...lines, summary].join('\n'))
      return exitOfTruth[answer]
    }),
}
