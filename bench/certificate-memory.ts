import { setTimeout } from 'node:timers/promises'

import { issueSome } from './issued-records.ts'
import type { Line } from './line.ts'
import { load, requestBytes } from './load.ts'
import { makeNode } from './node-under-test.ts'
import { startServer } from './server-process.ts'

const connections = 8
const sheets = 600

/** Longer than a thread that renders waits for its next sheet before it ends. Milliseconds. */
const idleFor = 65_000

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`

/** What a whole node holds of memory while it makes certificates over HTTP, and once its threads have had nothing to do and are gone. */
export async function certificateMemory(): Promise<readonly Line[]> {
  const { place, office, close } = await makeNode()
  const bodies = (await issueSome(office, 64)).map((record) => JSON.stringify({ record, identity: 'masked' }))
  await close()
  const node = await startServer({ kind: 'node', place, worker: false })
  const before = (await node.usage()).rss
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
    peak = Math.max(peak, (await node.usage()).rss)
    await Promise.race([done, setTimeout(50)])
  }
  const { answered } = await done
  await setTimeout(idleFor)
  const after = (await node.usage()).rss
  await node.close()
  const line = (work: string, bytes: number): Line => ({ work, limit: `before ${megabytes(before)}`, ours: megabytes(bytes), value: bytes / 2 ** 20 })
  return [line(`node memory, most of it while ${answered} certificates are made`, peak), line('node memory, idle again', after)]
}
