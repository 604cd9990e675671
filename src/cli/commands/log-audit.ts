import { logFindingTexts } from '#core/log/log-finding-texts.ts'
import type { Shown } from '#registry/log/audit-neighbour.ts'
import { dataOption, type Command } from '../command.ts'
import { exitOfTruth } from '../exit-codes.ts'
import { readInput } from '../local-files.ts'
import { askNeighbours, withNode } from '../open-here.ts'
import { openProgress } from '../progress.ts'
import { readDivisionWord } from '../read-options.ts'

/** A record, or one signed trust file. */
const mostBytes = 8 * 1024 * 1024

export const logAuditCommand: Command = {
  words: 'DIVISION [FILE…]',
  takes: { least: 1, most: 100 },
  options: { data: dataOption },
  notes: [
    {
      zh: '读取邻市现在提供的整个日志，与其签名的检查点、本节点的镜像和本节点见证过的树根逐一核对，按序号指出被改动的条目。FILE 是该市出具的记录或信任文件，须在其日志中：出具后被改动的记录不在其中。不一致时退出码为 1。',
      en: "Reads a neighbour's whole log as it serves it now and holds it against its signed head, this node's mirror and the head that this node has cosigned; altered entries are named by index. FILE is a record or trust file that the city has handed out, which must stand in its log: a record that was altered in its register doesn't. Exit code 1 where they differ.",
    },
  ],
  run: (shell, given) =>
    withNode(shell, given, async ({ office, desk }) => {
      const [place, ...files] = given.words
      const division = readDivisionWord(place!) // as many as `takes` says
      const [{ auditCity }, { leafOfFile }, { leafBytes }] = await Promise.all([
        import('#registry/log/audit-neighbour.ts'),
        import('#registry/log/leaf-of-file.ts'),
        import('#core/log/leaf.ts'),
      ])
      const shown: Shown[] = []
      for (const name of files) {
        const { kind, digest } = leafOfFile(await readInput(name, mostBytes), office.engine)
        shown.push({ name, leaf: leafBytes(kind, digest) })
      }
      const progress = openProgress(shell, shell.say({ zh: '条', en: 'entries' }))
      const { trust } = await desk.current()
      const { origin, leaves, findings } = await auditCity(office, trust, division, await askNeighbours(), progress.at, shown)
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
