import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'
import { outOption, unsignedOption, writeAndTell } from '../proposal-file.ts'
import { actorOf } from '../shell.ts'

export const allianceConfirmCommand: Command = {
  words: 'ALLIANCE',
  takes: { least: 1, most: 1 },
  options: { ...nodeOptions, out: outOption, unsigned: unsignedOption },
  notes: [
    {
      zh: '由秘书处签署即可采用；否则须达到名录所定的签署数。只续时效，不延长名录的失效日。',
      en: "The secretariat's signature is enough; else as many as the list asks for. It renews freshness and moves no expiry.",
    },
  ],
  run: (shell, given) =>
    withNode(shell, given, async ({ office, desk }) => {
      const { proposeStamp } = await import('#registry/propose.ts')
      const proposal = await proposeStamp(office, actorOf(given.text('as')), given.words[0]!, { sign: !given.flag('unsigned') })
      return writeAndTell(shell, given, proposal, (await desk.current()).trust)
    }),
}
