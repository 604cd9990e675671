import type { Command } from '../command.ts'
import { readDraft, signingOptions, signSharedFile } from '../sign-shared-file.ts'

export const trustProposeListCommand: Command = {
  words: 'DRAFT.json|-',
  takes: { least: 1, most: 1 },
  options: signingOptions,
  notes: [{ zh: '签发、生效和失效时间由本命令填写。', en: 'The times of signing and expiry are filled in.' }],
  run: (shell, given) =>
    signSharedFile(shell, given, async (office, request, input) => {
      const { proposeAllianceList } = await import('#registry/sign-trust-file.ts')
      return proposeAllianceList(office, request, readDraft(input))
    }),
}
