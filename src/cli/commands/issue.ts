import { parseJson } from '#core/encoding/parse-json.ts'
import { nodeOptions, type Command } from '../command.ts'
import { readFamily } from '../read-options.ts'
import { readInput } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'
import { noteWarnings, toldFinding } from '../tell-fault.ts'

const mostBytes = 64 * 1024

export const issueCommand: Command = {
  words: 'DRAFT.json|-',
  takes: { least: 1, most: 1 },
  options: {
    ...nodeOptions,
    family: { kind: 'text', value: 'F', required: true, text: { zh: '记录类别，如 title', en: 'Family of the record, such as title' } },
  },
  notes: [{ zh: '草稿须由另一人以 comity approve 批准后才签发。', en: 'The draft is signed once somebody else has approved it: comity approve.' }],
  run: async (shell, given) => {
    const family = readFamily(given)
    const value = parseJson(await readInput(given.words[0]!, mostBytes))
    return withNode(shell, given, async ({ office }) => {
      const { draftRecord } = await import('#registry/draft-record.ts')
      const { draft, warnings } = await draftRecord(office, actorOf(given.text('as')), family, value)
      const told = warnings.map((warning) => toldFinding(warning, shell.language))
      await shell.tell({ draft, warnings: told }, shell.say({ zh: `草稿 ${draft}`, en: `Draft ${draft}` }))
      noteWarnings(shell, told)
      return 'done'
    })
  },
}
