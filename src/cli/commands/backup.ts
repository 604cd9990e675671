import { constants, existsSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { CliFault } from '../cli-fault.ts'
import { dataOption, type Command } from '../command.ts'
import { placeOf, requireNode } from '../open-here.ts'

export const backupCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: {
    data: dataOption,
    out: { kind: 'text', value: 'FILE', required: true, text: { zh: '备份文件（不得已存在）', en: 'The file to make; nothing may be there yet' } },
  },
  notes: [{ zh: '节点可同时运行。PostgreSQL 请用其自带工具备份。', en: 'The node may run meanwhile. PostgreSQL is backed up by its own tools.' }],
  run: async (shell, given) => {
    const place = placeOf(shell, given)
    const out = resolve(given.need('out'))
    if (existsSync(out)) throw new CliFault('output-exists', { at: out })
    await requireNode(place)
    // Said of the place of the output, before the database could say it of its own.
    await access(dirname(out), constants.W_OK | constants.X_OK).catch((cause: unknown) => {
      throw new CliFault('output-failed', { at: out, cause })
    })
    const { openParts, passphraseFileOf } = await import('../../main.ts')
    const parts = await openParts(place)
    try {
      await parts.store.backup(out)
    } finally {
      await parts.store.close()
    }
    await shell.tell({ file: out }, out)
    const passphraseFile = passphraseFileOf(place)
    shell.note(
      shell.say({
        zh: `口令文件 ${passphraseFile} 不在备份中：请另存于别处。没有它备份无法打开；与备份放在一起，则等于没有口令。`,
        en: `The passphrase file ${passphraseFile} is not in the backup: keep it elsewhere. Without it the backup does not open; beside it the backup is not sealed.`,
      }),
    )
    return 'done'
  },
}
