import { logFindingTexts } from '#core/log/log-finding-texts.ts'
import { dataOption, type Command } from '../command.ts'
import { exitOfTruth } from '../exit-codes.ts'
import { askNeighbours, withNode } from '../open-here.ts'
import { openProgress } from '../progress.ts'
import { readDivisionWord } from '../read-options.ts'

export const logAuditCommand: Command = {
  words: 'DIVISION',
  takes: { least: 1, most: 1 },
  options: { data: dataOption },
  notes: [
    {
      zh: '读取邻市现在提供的整个日志，与其签名的检查点、本节点的镜像和本节点见证过的树根逐一核对，按序号指出被改动的条目。不一致时退出码为 1。',
      en: "Reads a neighbour's whole log as it serves it now and holds it against its signed head, this node's mirror and the head that this node has cosigned; altered entries are named by index. Exit code 1 where they differ.",
    },
  ],
  run: (shell, given) =>
    withNode(shell, given, async ({ office, desk }) => {
      const division = readDivisionWord(given.words[0]!)
      const { auditCity } = await import('#registry/log/audit-neighbour.ts')
      const progress = openProgress(shell, shell.say({ zh: '条', en: 'entries' }))
      const { trust } = await desk.current()
      const { origin, leaves, findings } = await auditCity(office, trust, division, await askNeighbours(), progress.at)
      progress.end()
      const answer = findings.length === 0 ? 'yes' : 'no'
      const lines = findings.map(({ code, at }) => `✗ ${shell.say(logFindingTexts[code])}: ${at} [${code}]`)
      const summary = shell.say({
        zh: `${origin}：${leaves} 个条目，${findings.length} 处不符`,
        en: `${origin}: ${leaves} entries, ${findings.length} findings`,
      })
      await shell.tell({ answer, origin, leaves, findings: findings.map(({ code, at }) => ({ code, at })) }, [...lines, summary].join('\n'))
      return exitOfTruth[answer]
    }),
}
