import { nodeOptions, type Command } from '../command.ts'
import { withNode } from '../open-here.ts'

export const logVkeyCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: { data: nodeOptions.data },
  notes: [{ zh: '一行验证密钥（C2SP signed-note），供他人的日志审计程序使用。', en: "One verifier key line (C2SP signed-note), for other people's auditors." }],
  run: (shell, given) =>
    withNode(shell, given, async ({ office }) => {
      const [{ ownLogKey }, { verifierKeyText }] = await Promise.all([import('#registry/log/own-keys.ts'), import('#core/log/signed-note.ts')])
      const key = await ownLogKey(office.store.read, office)
      const vkey = verifierKeyText(key, office.engine.sha256)
      await shell.tell({ origin: key.name, vkey }, vkey)
      return 'done'
    }),
}
