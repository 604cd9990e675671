import { asObject, parseJson } from '#core/encoding/parse-json.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { nodeOptions, type Command } from '../command.ts'
import { readInput } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { outOption, unsignedOption, writeAndTell } from '../proposal-file.ts'
import { actorOf } from '../shell.ts'

export const allianceProposeCommand: Command = {
  words: 'DRAFT.json|-',
  takes: { least: 1, most: 1 },
  options: { ...nodeOptions, out: outOption, unsigned: unsignedOption },
  notes: [
    {
      zh: '草案可为规则集、完整名录，或 {"alliance", "changes": […]}：join、leave、suspend、reinstate、amend、set。版本、前版摘要和时间由本命令填写。',
      en: 'A draft is a rule set, a whole list, or {"alliance", "changes": […]}: join, leave, suspend, reinstate, amend, set. Version, link and times are filled in.',
    },
    { zh: '现在就能看出永远不能采用的提案不予提出。', en: 'What could never be adopted is refused now.' },
  ],
  run: async (shell, given) => {
    const draft = asObject(parseJson(await readInput(given.words[0]!, generalLimits.bytes), generalLimits), 'request-malformed', 'draft')
    return withNode(shell, given, async ({ office, desk }) => {
      const { propose } = await import('#registry/propose.ts')
      const proposal = await propose(office, actorOf(given.text('as')), draft, { sign: !given.flag('unsigned') })
      return writeAndTell(shell, given, proposal, (await desk.current()).trust)
    })
  },
}
