import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { CliFault } from './cli-fault.ts'

/** A whole file, or standard input for `-`, of at most so many bytes. */
export async function readInput(path: string, mostBytes: number): Promise<Uint8Array> {
  if (path === '-') return readStdin(mostBytes)
  const found = await lookAt(path)
  if (found.size > mostBytes) throw new CliFault('input-missing', { at: path, detail: `${found.size} bytes, at most ${mostBytes}` })
  try {
    return await readFile(path)
  } catch (cause) {
    throw new CliFault('input-missing', { at: path, cause })
  }
}

async function readStdin(mostBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > mostBytes) throw new CliFault('input-missing', { at: '-', detail: `at most ${mostBytes} bytes` })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Size of a file that can be read; a folder is refused with its own remedy. */
export async function lookAt(path: string): Promise<{ readonly size: number }> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CliFault('input-missing', { at: path, cause })
  })
  if (found.isDirectory()) throw new CliFault('input-is-folder', { at: path })
  return { size: found.size }
}

/** Writes a file whole or not at all: a crash leaves what was there before. Private by default, since records hold personal data. */
export async function writeWhole(path: string, bytes: Uint8Array | string, mode: number = 0o600): Promise<void> {
  const partial = partialOf(path)
  try {
    const file = await open(partial, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true })
    throw new CliFault('output-failed', { at: path, cause })
  }
}

/** A name beside the path that nobody else uses, with the same ending. */
export const partialOf = (path: string): string => join(dirname(path), `.partial-${randomBytes(6).toString('hex')}-${basename(path)}`)
