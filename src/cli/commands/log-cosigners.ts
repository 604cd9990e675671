import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'

export const logCosignersCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { data: nodeOptions.data },
  notes: [
    {
      zh: '见证人的验证密钥，一行一把：本节点所知的联盟各市。本市自己的见证密钥在首行，只为别市的日志见证。',
      en: "Verifier keys of the witnesses, one a line: the cities that this node knows. This city's own comes first; it only cosigns the logs of others.",
    },
  ],
  run: (shell, given) =>
    withNode(shell, given, async ({ office, desk }) => {
      const { cosignersOf } = await import('#registry/log/cosigners-of.ts')
      const cosigners = await cosignersOf(office, (await desk.current()).trust)
      await shell.tell({ cosigners }, cosigners.map(({ vkey }) => vkey).join('\n'))
      return 'done'
    }),
}
