import { encodeBase64url } from '#core/encoding/base64url.ts'
import { makeKey } from '#custody/make-key.ts'
import { CliFault } from '../cli-fault.ts'
import type { Command } from '../command.ts'
import { existsSync } from 'node:fs'
import { writeWhole } from '../local-files.ts'

export const clientsNewKeyCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: {
    out: {
      kind: 'text',
      value: 'FILE',
      required: true,
      text: { zh: '私钥文件（权限 0600）；公钥写入 FILE.pub', en: 'File for the private key (mode 0600); the public one goes to FILE.pub' },
    },
  },
  notes: [{ zh: '私钥留在客户端；登记只需要 FILE.pub。', en: 'The private key stays with the client; registering takes FILE.pub.' }],
  run: async (shell, given) => {
    const out = given.need('out')
    const publicOut = `${out}.pub`
    // A key that is overwritten is lost for good.
    for (const path of [out, publicOut]) if (existsSync(path)) throw new CliFault('output-exists', { at: path })
    const { jwk, kid, seed } = makeKey()
    await writeWhole(out, `${JSON.stringify({ ...jwk, kid, d: encodeBase64url(seed) })}\n`)
    await writeWhole(publicOut, `${JSON.stringify({ ...jwk, kid })}\n`, 0o644)
    await shell.tell({ kid, file: out, publicFile: publicOut }, `${kid}\n${out}\n${publicOut}`)
    return 'done'
  },
}
