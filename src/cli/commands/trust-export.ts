import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import type { TrustFile } from '#core/trust/assemble-trust.ts'
import { anchorsFile, trustFolders } from '#registry/trust-folder.ts'
import { CliFault } from '../cli-fault.ts'
import { dataOption, type Command } from '../command.ts'
import { partialOf } from '../local-files.ts'
import { withNode } from '../open-here.ts'

export const trustExportCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: {
    data: dataOption,
    out: {
      kind: 'text',
      value: 'DIR',
      required: true,
      text: { zh: '输出目录；已有的信任数据目录会被整体替换', en: 'The folder to make; a trust folder that is there is replaced as a whole' },
    },
  },
  run: async (shell, given) => {
    const out = resolve(given.need('out'))
    await requireOwn(out)
    const files = await withNode(shell, given, async ({ office }) => {
      const { exportTrust } = await import('#registry/export-trust.ts')
      const { publishDue } = await import('#registry/keep-published.ts')
      // Where no server runs, nobody else renews what grows old.
      await publishDue(office)
      return exportTrust(office)
    })
    await writeFolder(out, files)
    const names = files.map(({ name }) => name)
    await shell.tell({ out, files: names }, [out, ...names.map((name) => `  ${name}`)].join('\n'))
    return 'done'
  },
}

/** A folder with anything in it that no trust folder has is somebody's: replacing it would destroy it. */
async function requireOwn(out: string): Promise<void> {
  const held = await readdir(out).catch((cause: NodeJS.ErrnoException): readonly string[] => {
    if (cause.code === 'ENOENT') return []
    throw new CliFault('output-failed', { at: out, cause })
  })
  const own: readonly string[] = [anchorsFile, ...Object.values(trustFolders)]
  if (held.length > 0 && !(held.includes(anchorsFile) && held.every((name) => own.includes(name)))) throw new CliFault('output-exists', { at: out })
}

/** Beside its place first, then there by renaming: whoever reads the folder finds the old one or the new one, and never half of each. */
async function writeFolder(out: string, files: readonly TrustFile[]): Promise<void> {
  const partial = partialOf(out)
  const old = partialOf(out)
  try {
    for (const folder of Object.values(trustFolders)) await mkdir(join(partial, folder), { recursive: true })
    for (const { name, bytes } of files) await writeFile(join(partial, name), bytes, { flush: true })
    const replaced = await rename(out, old).then(
      () => true,
      (cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') throw cause
        return false
      },
    )
    try {
      await rename(partial, out)
    } catch (cause) {
      if (replaced) await rename(old, out)
      throw cause
    }
    await rm(old, { recursive: true, force: true })
  } catch (cause) {
    await rm(partial, { recursive: true, force: true })
    throw new CliFault('output-failed', { at: out, cause })
  }
}
