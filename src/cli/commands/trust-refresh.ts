import { nodeOptions, type Command } from '../command.ts'
import { askNeighbours, withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

export const trustRefreshCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: nodeOptions,
  notes: [
    {
      zh: '只向已接受的联盟名录所载的地址取文件。有节点无法联系时退出 2，有文件被拒绝时退出 1。',
      en: 'Asks only the addresses that accepted alliance lists name. Exits 2 when a neighbour cannot be reached, 1 when a file is refused.',
    },
  ],
  run: async (shell, given) =>
    withNode(shell, given, async ({ office, desk }) => {
      const [{ openTrustRefresher }, { openTrustShelf }] = await Promise.all([import('#registry/refresh-trust.ts'), import('#registry/trust-shelf.ts')])
      const shelf = openTrustShelf(office, () => performance.now())
      const reports = await openTrustRefresher(office, desk, shelf, await askNeighbours()).refresh(actorOf(given.text('as')).actor)
      for (const report of reports) {
        const { division, iss, outcome, taken, refused, problem } = report
        const words = [division, iss, outcome, `+${taken}`, problem ?? '', ...refused.map(({ path, code }) => `✗ ${path} [${code}]`)]
        await shell.tell(report, words.filter((word) => word !== '').join('  '))
      }
      const outcomes = reports.map(({ outcome }) => outcome)
      return outcomes.includes('refused') ? 'no' : outcomes.includes('unreachable') ? 'cannot-tell' : 'done'
    }),
}
