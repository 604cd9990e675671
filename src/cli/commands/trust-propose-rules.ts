import type { Command } from '../command.ts'
import { readDraft, signingOptions, signSharedFile } from '../sign-shared-file.ts'

export const trustProposeRulesCommand: Command = {
  words: 'RULES.json|-',
  takes: { least: 1, most: 1 },
  options: signingOptions,
  notes: [{ zh: '自相矛盾的规则集不予签署。', en: 'A rule set that contradicts itself is not signed.' }],
  run: (shell, given) =>
    signSharedFile(shell, given, async (office, request, input) => {
      const { proposeRuleSet } = await import('#registry/sign-trust-file.ts')
      return proposeRuleSet(office, request, readDraft(input))
    }),
}
