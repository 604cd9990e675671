import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { nodeOptions, type Command } from '../command.ts'
import { readInput } from '../local-files.ts'
import { withSignatory } from '../open-here.ts'
import { outOption, writeAndTell } from '../proposal-file.ts'
import { actorOf } from '../shell.ts'

export const allianceSignCommand: Command = {
  words: 'FILE|-',
  takes: { least: 1, most: 1 },
  options: { ...nodeOptions, out: outOption },
  notes: [
    {
      zh: '只打开主管密钥，无须联网，也无须其他密钥。签署前请用 comity alliance show 核对内容与摘要。',
      en: 'Opens the authority key alone: no network, no other key. Look at it with comity alliance show before you sign.',
    },
  ],
  run: async (shell, given) => {
    const input = await readInput(given.words[0]!, generalLimits.bytes)
    return withSignatory(shell, given, async (signatory) => {
      const { signProposal } = await import('#registry/sign-proposal.ts')
      return writeAndTell(shell, given, await signProposal(signatory, actorOf(given.text('as')), input), undefined)
    })
  },
}
