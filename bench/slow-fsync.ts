import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { makeDirectory } from './node-under-test.ts'

/** Of the disks that this stands for: a network volume, or a hard disk with a small cache. Microseconds. */
export const delay = 2_000

export interface SlowDisk {
  /** For processes whose every fsync shall take so much longer. */
  readonly env: Readonly<Record<string, string>>
  /** What an fsync takes there, probed: median, in microseconds. */
  readonly fsync: number
}

/** Undefined where it cannot be had: without a C compiler, or on a system that does not preload. */
export function slowDisk(): SlowDisk | undefined {
  const library = join(makeDirectory(), 'slow-fsync.so')
  const source = fileURLToPath(new URL('./slow-fsync.c', import.meta.url))
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) return undefined
  const env = { LD_PRELOAD: library, BENCH_FSYNC_DELAY: String(delay) }
  const probe = execFileSync(process.execPath, [fileURLToPath(new URL('./fsync-main.ts', import.meta.url))], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  const fsync = Number(probe)
  return fsync < delay ? undefined : { env, fsync }
}
