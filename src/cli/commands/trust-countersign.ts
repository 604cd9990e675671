import type { Command } from '../command.ts'
import { signingOptions, signSharedFile } from '../sign-shared-file.ts'

export const trustCountersignCommand: Command = {
  words: 'FILE|-',
  takes: { least: 1, most: 1 },
  options: signingOptions,
  notes: [{ zh: '签署前请核对内容与摘要。', en: 'Compare content and digest before signing.' }],
  run: (shell, given) =>
    signSharedFile(shell, given, async (office, request, input) => {
      const { countersignFile } = await import('#registry/sign-trust-file.ts')
      return countersignFile(office, request, input)
    }),
}
