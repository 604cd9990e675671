import { dataOption, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'

export const keysListCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { data: dataOption },
  run: async (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const { signingKeysOf } = await import('#registry/signing-keys-of.ts')
      for (const key of await signingKeysOf(office)) {
        const closed = key.closed === null ? '' : `  ${shell.say({ zh: '已关闭', en: 'closed' })} ${key.closed.at} (${key.closed.reason})`
        await shell.tell(key, `${key.use.padEnd(9)}  ${key.kid}  ${key.from} – ${key.until}${closed}`)
      }
      return 'done'
    }),
}
