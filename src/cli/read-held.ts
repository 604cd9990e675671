import { instantOf } from '#core/model/instant.ts'
import type { RefusedFile, Trust } from '#core/trust/assemble-trust.ts'
import { usage } from './cli-fault.ts'
import type { Given, Option } from './command.ts'
import { withNode } from './open-here.ts'
import type { Shell } from './shell.ts'
import { readTrust, tellBundle, trustOptions } from './verify/read-trust.ts'

/** Trust data of a node, or of a folder or bundle that a node has made. */
export const heldOptions = {
  data: { kind: 'text', value: 'DIR', text: { zh: '节点目录', en: "A node's directory" } },
  ...trustOptions,
} as const satisfies Record<string, Option>

export interface Held {
  readonly trust: Trust
  readonly refused: readonly RefusedFile[]
}

/** Undefined where no option was given; a node and files together are a usage error. */
export async function readHeld(shell: Shell, given: Given): Promise<Held | undefined> {
  const fromFiles = given.text('trust') !== undefined || given.text('bundle') !== undefined
  if (given.text('data') === undefined) return fromFiles ? ofFiles(shell, given) : undefined
  if (fromFiles) throw usage('--data | --trust | --bundle')
  return withNode(shell, given, ({ desk }) => desk.current())
}

async function ofFiles(shell: Shell, given: Given): Promise<Held> {
  const { openJudge } = await import('./verify/open-judge.ts')
  const { shippedPolicy } = await import('#core/verify/verdict.ts')
  const at = instantOf(Math.floor(Date.now() / 1000))
  const read = await readTrust(shell, given)
  const { trust, refused } = openJudge(read.files, { at, policy: shippedPolicy })
  return { trust, refused: [...read.refused, ...refused, ...tellBundle(shell, read, trust, at)] }
}
