import { basename, join } from 'node:path'
import { mkdir } from 'node:fs/promises'

import { nodeOptions, type Command } from '../command.ts'
import { readInput, writeWhole } from '../local-files.ts'
import { withNode } from '../open-here.ts'

/** A record, or one signed trust file. */
const mostBytes = 8 * 1024 * 1024

export const logProofCommand: Command = {
  words: 'FILE',
  takes: { least: 1, most: 1 },
  options: {
    data: nodeOptions.data,
    out: { kind: 'text', value: 'DIR', required: true, text: { zh: '输出目录', en: 'The folder to write to' } },
  },
  notes: [
    {
      zh: 'FILE 是本节点签发的记录、公钥清单、状态列表、名录或规则集。写出 FILE.tlog-proof（C2SP tlog-proof）和 FILE.leaf（日志条目原文）。',
      en: 'FILE is a record, manifest, status list, alliance list or rule set of this node. Writes FILE.tlog-proof (C2SP tlog-proof) and FILE.leaf (the bytes of the log entry).',
    },
  ],
  run: async (shell, given) => {
    const [path] = given.words as readonly [string] // as many as `takes` says
    const bytes = await readInput(path, mostBytes)
    const out = given.need('out')
    return withNode(shell, given, async ({ office, desk }) => {
      const [{ sequenceLog }, { leafOfFile }, { proveLogged }] = await Promise.all([
        import('#registry/log/sequence-log.ts'),
        import('#registry/log/leaf-of-file.ts'),
        import('#registry/log/prove-logged.ts'),
      ])
      // Where no server runs, nobody else takes up what waits.
      await sequenceLog(office)
      const leaf = leafOfFile(bytes, office.engine)
      const proven = await proveLogged(office, leaf, (await desk.current()).trust)
      const { Fault } = await import('#core/fault.ts')
      if (proven === undefined) throw new Fault('log-leaf-unknown', { at: path })
      await mkdir(out, { recursive: true })
      const place = join(out, basename(path))
      await writeWhole(`${place}.tlog-proof`, proven.proof)
      await writeWhole(`${place}.leaf`, proven.leaf)
      const told = { index: proven.index, cosigners: proven.cosigners, proof: `${place}.tlog-proof`, leaf: `${place}.leaf` }
      await shell.tell(told, [told.proof, told.leaf].join('\n'))
      return 'done'
    })
  },
}
