import { recordLimits } from '#core/encoding/parse-json.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { modeTexts } from '#core/rules/outcome-texts.ts'
import type { Mode } from '#core/rules/rule-set.ts'
import { nodeOptions, type Command } from '../command.ts'
import { readInput } from '../local-files.ts'
import { questionOptions, readDay, readPurpose, readStated } from '../read-options.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'
import { noteWarnings, toldFinding } from '../tell-fault.ts'

export const recogniseCommand: Command = {
  words: 'FILE|-',
  takes: { least: 1, most: 1 },
  options: {
    ...nodeOptions,
    ...questionOptions,
    'stale-reason': { kind: 'text', value: 'TEXT', text: { zh: '信任数据较旧仍出具的理由', en: 'Why it is issued although trust data are stale' } },
  },
  notes: [{ zh: '互认记录也须由另一人以 comity approve 批准。', en: 'A recognition record, too, is approved by somebody else: comity approve.' }],
  run: async (shell, given) => {
    const asked = { purpose: readPurpose(given), appliedOn: readDay(given, 'applied-on'), stated: readStated(given), staleReason: given.text('stale-reason') }
    const record = decodeUtf8(await readInput(given.words[0]!, recordLimits.bytes), given.words[0]).trim()
    return withNode(shell, given, async ({ office, desk }) => {
      const { draftRecognition } = await import('#registry/recognise-record.ts')
      const { draft, mode, warnings } = await draftRecognition(office, desk, actorOf(given.text('as')), { record, ...asked })
      const told = warnings.map((warning) => toldFinding(warning, shell.language))
      const words = modeTexts[mode as Mode] // the decision's own mode
      await shell.tell(
        { draft, mode, warnings: told },
        shell.say({ zh: `互认草稿 ${draft}\n  方式  ${words.zh}`, en: `Draft of the recognition ${draft}\n  mode  ${words.en}` }),
      )
      noteWarnings(shell, told)
      return 'done'
    })
  },
}
