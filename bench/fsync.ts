import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

import { median } from './measure.ts'
import { makeDirectory } from './node-under-test.ts'

/** What one durable write costs on this machine, in microseconds: nothing durable is faster alone. */
export function probeFsync(): { readonly median: number; readonly slowest: number } {
  const file = openSync(join(makeDirectory(), 'probe'), 'w')
  const page = Buffer.alloc(4096)
  const taken: number[] = []
  for (let index = 0; index < 20; index++) {
    writeSync(file, page)
    const from = performance.now()
    fsyncSync(file)
    taken.push((performance.now() - from) * 1000)
  }
  closeSync(file)
  return { median: median(taken), slowest: Math.max(...taken) }
}
