import { instantOf } from '#core/model/instant.ts'
import type { RefusedFile, Trust } from '#core/trust/assemble-trust.ts'
import { usage } from './cli-fault.ts'
import type { Given, Option } from './command.ts'
import { withNode } from './open-here.ts'
import type { Shell } from './shell.ts'

/** Trust data of a node, or of a folder that a node has exported. */
export const heldOptions = {
  data: { kind: 'text', value: 'DIR', text: { zh: '节点目录', en: "A node's directory" } },
  trust: { kind: 'text', value: 'DIR', text: { zh: '或信任数据目录', en: 'Or a folder of trust data' } },
} as const satisfies Record<string, Option>

export interface Held {
  readonly trust: Trust
  readonly refused: readonly RefusedFile[]
}

/** Undefined where neither option was given; both are a usage error. */
export async function readHeld(shell: Shell, given: Given): Promise<Held | undefined> {
  const folder = given.text('trust')
  if (given.text('data') === undefined) return folder === undefined ? undefined : fromFolder(folder)
  if (folder !== undefined) throw usage('--data | --trust')
  return withNode(shell, given, ({ desk }) => desk.current())
}

async function fromFolder(folder: string): Promise<Held> {
  const { readTrustFolder } = await import('./verify/read-trust-folder.ts')
  const { openJudge } = await import('./verify/open-judge.ts')
  const { shippedPolicy } = await import('#core/verify/verdict.ts')
  const { files, refused: unreadable } = await readTrustFolder(folder)
  const { trust, refused } = openJudge(files, { at: instantOf(0), policy: shippedPolicy })
  return { trust, refused: [...unreadable, ...refused] }
}
