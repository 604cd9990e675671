import { dataOption, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'
import { everyPage } from '../every-page.ts'

export const jobsCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { data: dataOption },
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { importPage } = await import('#registry/import-results.ts')
      for await (const job of everyPage((request) => importPage(office, request))) {
        const { family, state, dryRun, done, total, createdAt, requestedBy, error } = job
        const words = [
          job.job,
          createdAt,
          family,
          dryRun ? 'dry-run' : 'import',
          state,
          total === undefined ? String(done) : `${done}/${total}`,
          requestedBy,
          error ?? '',
        ]
        await shell.tell(job, words.join('  ').trimEnd())
      }
      return 'done'
    }),
}
