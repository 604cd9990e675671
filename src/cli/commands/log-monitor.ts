import { oddityTexts } from '#core/log/oddity-texts.ts'
import { dataOption, type Command } from '../command.ts'
import { exitOfTruth } from '../exit-codes.ts'
import { withNode } from '../open-here.ts'

export const logMonitorCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { data: dataOption },
  notes: [
    {
      zh: '列出值得督查的情形：缺号、倒填日期、一人夜间成批签发。它们都可能有正当理由，须由人查明。有则退出码为 2。',
      en: 'Lists what a supervisor should look at: missing numbers, back-dating, bulk at night. Each may have its reason, which a person must find out. Exit code 2 where there is any.',
    },
  ],
  run: (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { monitorLog } = await import('#registry/log/monitor-log.ts')
      const odd = await monitorLog(office)
      const lines = odd.map(({ code, at, detail }) => `! ${shell.say(oddityTexts[code])}: ${at} (${detail}) [${code}]`)
      await shell.tell({ oddities: [...odd] }, odd.length === 0 ? shell.say({ zh: '未见异常', en: 'Nothing odd' }) : lines.join('\n'))
      return exitOfTruth[odd.length === 0 ? 'yes' : 'cannot-tell']
    }),
}
