import type { TrustFile } from '#core/trust/assemble-trust.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import type { TakenFiles } from '#registry/held-trust.ts'
import { nodeOptions, type Command } from '../command.ts'
import type { Exit } from '../exit-codes.ts'
import { readInput } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { actorOf, type Shell } from '../shell.ts'
import { toldFault } from '../tell-fault.ts'

export const trustTakeCommand: Command = {
  words: 'FILE…',
  takes: { least: 1, most: 1000 },
  options: nodeOptions,
  notes: [
    {
      zh: '每个文件都须能追溯到信任锚；有文件被拒绝时退出 1，其余照收。',
      en: 'Each file must lead back to an anchor; exits 1 when one is refused, and takes the others all the same.',
    },
  ],
  run: async (shell, given) => {
    const files: TrustFile[] = []
    for (const path of given.words) files.push({ name: path, bytes: await readInput(path, generalLimits.bytes) })
    return withNode(shell, given, async ({ office }) => {
      const { takeTrustFiles } = await import('#registry/held-trust.ts')
      return tellTaken(shell, await takeTrustFiles(office, files, actorOf(given.text('as')).actor))
    })
  },
}

async function tellTaken(shell: Shell, { taken, known, refused }: TakenFiles): Promise<Exit> {
  for (const name of taken) await shell.tell({ file: name, outcome: 'taken' }, `✓ ${name}`)
  for (const name of known) await shell.tell({ file: name, outcome: 'known' }, `= ${name}`)
  for (const { name, fault } of refused) {
    const told = toldFault(fault, shell.language)! // a fault is always told
    await shell.tell({ file: name, outcome: 'refused', fault: told }, `✗ ${name}: ${told.message} [${told.code}] → ${told.remedy}`)
  }
  return refused.length > 0 ? 'no' : 'done'
}
