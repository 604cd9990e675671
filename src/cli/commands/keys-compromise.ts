import { usage } from '../cli-fault.ts'
import { nodeOptions, type Command } from '../command.ts'
import { dryRunOption, effectLines } from '../key-effect.ts'
import { withNode } from '../open-here.ts'
import { custodyOption, readCustody, readInstant } from '../read-options.ts'
import { actorOf } from '../shell.ts'

export const keysCompromiseCommand: Command = {
  words: 'KID',
  takes: { least: 1, most: 1 },
  options: {
    ...nodeOptions,
    since: { kind: 'text', value: 'INSTANT', required: true, text: { zh: '失密时间', en: 'Since when others may have signed with it' } },
    custody: custodyOption,
    'dry-run': dryRunOption,
  },
  notes: [
    {
      zh: '失密之前已入日志的记录仍然有效；之后的须重新签发，见 comity reissues。',
      en: 'What was logged before stays valid; what came after has to be issued again: see comity reissues.',
    },
  ],
  run: async (shell, given) => {
    const kid = given.words[0]!
    const since = readInstant(given, 'since')
    if (since === undefined) throw usage('--since')
    const custody = readCustody(given)
    return withNode(shell, given, async ({ office }) => {
      const { compromiseKey, effectOfClosing } = await import('#registry/close-key.ts')
      const effect = await effectOfClosing(office, kid, { reason: 'compromised', compromisedSince: since }, true)
      const dryRun = given.flag('dry-run')
      const done = dryRun ? {} : await compromiseKey(office, actorOf(given.text('as')), kid, since, custody)
      await shell.tell({ dryRun, ...effect, ...done }, effectLines(effect, shell))
      return 'done'
    })
  },
}
