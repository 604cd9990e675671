import { nodeOptions, type Command } from '../command.ts'
import { readReference, readWhole, referenceOptions } from '../read-options.ts'
import { withNode } from '../open-here.ts'
import { actorOf } from '../shell.ts'

export const claimCodeCommand: Command = {
  words: 'ID | --number N --family F',
  takes: { least: 0, most: 1 },
  options: {
    ...nodeOptions,
    ...referenceOptions,
    days: { kind: 'text', value: 'N', text: { zh: '有效天数，默认 30', en: 'How many days it holds; 30 by default' } },
  },
  notes: [{ zh: '领取码只显示一次。', en: 'The code is shown once.' }],
  run: async (shell, given) => {
    const reference = readReference(given)
    const days = readWhole(given, 'days', 1, 365)
    return withNode(shell, given, async ({ office }) => {
      const { handOutClaimCode } = await import('#registry/claim-record.ts')
      const receipt = await handOutClaimCode(office, actorOf(given.text('as')), reference, days)
      await shell.tell(
        receipt,
        shell.say({ zh: `领取码  ${receipt.code}\n有效至  ${receipt.expiresOn}`, en: `Claim code  ${receipt.code}\nuntil       ${receipt.expiresOn}` }),
      )
      return 'done'
    })
  },
}
