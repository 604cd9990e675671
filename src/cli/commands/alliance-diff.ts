import { readProposal } from '#core/trust/proposal.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import type { Command } from '../command.ts'
import { readInput } from '../local-files.ts'
import { heldOptions, readHeld } from '../read-held.ts'
import { changeLines } from '../tell-proposal.ts'

export const allianceDiffCommand: Command = {
  words: 'FILE|-',
  takes: { least: 1, most: 1 },
  options: heldOptions,
  notes: [{ zh: '与所持现行名录或规则集比较。', en: 'Compared with the list or rule set that is held.' }],
  run: async (shell, given) => {
    const { changesOf } = await import('#registry/show-proposal.ts')
    const proposal = readProposal(await readInput(given.words[0]!, generalLimits.bytes), nodeEngine)
    const changes = changesOf(proposal, (await readHeld(shell, given))?.trust)
    if (shell.json) for (const change of changes) await shell.tell(change)
    else
      await shell.write(
        changeLines(shell, { changes })
          .map((line) => `${line}\n`)
          .join(''),
      )
    return 'done'
  },
}
