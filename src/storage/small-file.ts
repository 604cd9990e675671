import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

import { Fault } from '#core/fault.ts'

/** The text of a file beside the database; undefined where there is none. Fault: `storage-failed`. */
export function readSmallFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new Fault('storage-failed', { at: path, cause: error })
  }
}

/** On disk when it returns; a crash leaves what was there before, or this. */
export function writeSmallFile(path: string, text: string): void {
  // Processes over one database may share a directory.
  const partial = `${path}.${process.pid}.partial`
  const file = openSync(partial, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(partial, path)
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
