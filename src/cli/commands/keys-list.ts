import type { Localised } from '#core/model/localised.ts'
import type { KeyState } from '#registry/signing-keys-of.ts'
import { dataOption, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'

const states = {
  'in-force': { zh: '在期', en: 'in force' },
  ending: { zh: '即将到期', en: 'ends soon' },
  ended: { zh: '已到期', en: 'ended' },
  closed: { zh: '已关闭', en: 'closed' },
} as const satisfies Record<KeyState, Localised>

export const keysListCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { data: dataOption },
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { signingKeysOf } = await import('#registry/signing-keys-of.ts')
      for (const key of await signingKeysOf(office)) {
        const closed = key.closed === null ? '' : ` ${key.closed.at} (${key.closed.reason})`
        const signed = key.records === null ? '' : `  ${key.records} ${shell.say({ zh: '份记录', en: 'records' })}`
        await shell.tell(
          key,
          `${key.use.padEnd(9)}  ${key.kid}  ${key.custody.padEnd(6)}  ${key.from} – ${key.until}  ${shell.say(states[key.state])}${closed}${signed}`,
        )
      }
      return 'done'
    }),
}
