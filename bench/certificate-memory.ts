import { setTimeout } from 'node:timers/promises'

import { childrensUsage } from './childrens-usage.ts'
import { issueSome } from './issued-records.ts'
import type { Line } from './line.ts'
import { load, requestBytes } from './load.ts'
import { makeNode } from './node-under-test.ts'
import { startServer } from './server-process.ts'

const connections = 8
const sheets = 600

/** Longer than a process that renders waits for its next sheet before it ends. Milliseconds. */
const idleFor = 65_000

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`

/** What a whole node holds of memory while it makes certificates over HTTP, together with the processes that render, and once those have had nothing to do and are gone. */
export async function certificateMemory(): Promise<readonly Line[]> {
  const { place, office, close } = await makeNode()
  const bodies = (await issueSome(office, 64)).map((record) => JSON.stringify({ record, identity: 'masked' }))
  await close()
  const node = await startServer({ kind: 'node', place, worker: false })
  const held = async (): Promise<number> => (await node.usage()).rss + (childrensUsage(node.pid)?.rss ?? 0)
  const before = await held()
  let sent = 0
  const making = load({
    port: node.port,
    connections,
    // Each from another address, as if a proxy spoke for many: of one, the node would refuse all but the first.
    next: () => {
      if (sent >= sheets) return undefined
      const address = `10.0.${sent >> 8}.${sent & 255}`
      return requestBytes('POST', '/certificates', bodies[sent++ % bodies.length]!, { 'x-forwarded-for': address })
    },
  })
  let made = false
  const done = making.finally(() => (made = true))
  let peak = before
  while (!made) {
    peak = Math.max(peak, await held())
    await Promise.race([done, setTimeout(50)])
  }
  const { answered } = await done
  await setTimeout(idleFor)
  const after = await held()
  await node.close()
  const line = (work: string, bytes: number): Line => ({ work, limit: `before ${megabytes(before)}`, ours: megabytes(bytes), value: bytes / 2 ** 20 })
  return [line(`memory of node and renderers, most while ${answered} certificates are made`, peak), line('memory of node and renderers, idle again', after)]
}
