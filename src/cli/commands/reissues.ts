import { dataOption, type Command } from '../command.ts'
import { everyPage } from '../every-page.ts'
import { withNode } from '../open-here.ts'

export const reissuesCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { data: dataOption },
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { reissuePage, reissueProgress } = await import('#registry/reissue-records.ts')
      for await (const row of everyPage((request) => reissuePage(office, request)))
        await shell.tell(row, [row.record, row.family, row.number, row.reason, row.draft ?? '-'].join('  '))
      const { waiting, drafted, done } = await reissueProgress(office)
      shell.note(
        shell.say({ zh: `待起草 ${waiting}，待批准 ${drafted}，已完成 ${done}`, en: `to be drafted ${waiting}, to be approved ${drafted}, done ${done}` }),
      )
      return 'done'
    }),
}
