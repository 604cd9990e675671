import { instantOf } from '#core/model/instant.ts'
import { dataOption, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'

export const clientsListCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { data: dataOption },
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { clientsOf } = await import('#registry/register-client.ts')
      for (const { id, name, kind, duties, state, createdAt } of await clientsOf(office))
        await shell.tell({ client: id, name, kind, duties, state, createdAt: instantOf(createdAt) }, [id, name, kind, state, duties.join(',')].join('  '))
      return 'done'
    }),
}
