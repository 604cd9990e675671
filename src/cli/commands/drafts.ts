import { nodeOptions, type Command } from '../command.ts'
import { everyPage } from '../every-page.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

export const draftsCommand: Command = {
  words: '[DRAFT-ID]',
  takes: { least: 0, most: 1 },
  options: nodeOptions,
  notes: [
    {
      zh: '给出编号则显示全文，供批准前核对；查看个人信息会留下审计记录。',
      en: 'With an id it shows the whole draft, to be looked at before it is approved; seeing what is personal is audited.',
    },
  ],
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { draftPage, readDraft } = await import('#registry/list-drafts.ts')
      const [id] = given.words
      if (id !== undefined) {
        const draft = await readDraft(office, id, { ...actorOf(given.text('as')), approves: true })
        await shell.tell(draft, JSON.stringify(draft, undefined, 2))
        return 'done'
      }
      for await (const draft of everyPage((request) => draftPage(office, 'open', request)))
        await shell.tell(draft, [draft.draft, draft.createdAt, draft.family, draft.createdBy].join('  '))
      return 'done'
    }),
}
