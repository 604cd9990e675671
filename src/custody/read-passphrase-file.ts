import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

import { Fault } from '#core/fault.ts'

const mostBytes = 4096

/**
 * The passphrase in a file that only its owner can read; one newline at the end is not part of it. The file is judged and read through
 * one descriptor, so that nobody can swap it in between. Nothing of its content gets into a fault.
 * @param shortest characters; a PIN of a device is shorter than a passphrase, since the device counts wrong tries
 * @throws `passphrase-file-unreadable`, `passphrase-file-unsafe`, `passphrase-too-short`, `text-not-utf8`, `bytes-too-many`
 */
export function readPassphraseFile(path: string, shortest = 12): string {
  const descriptor = open(path)
  try {
    const stat = fstatSync(descriptor)
    // Windows has no such bits; there the folder's access list is the administrator's business.
    const open = process.platform !== 'win32' && (stat.mode & 0o077) !== 0
    if (!stat.isFile() || open)
      throw new Fault('passphrase-file-unsafe', { at: path, detail: stat.isFile() ? `mode ${(stat.mode & 0o777).toString(8)}` : 'not a regular file' })
    if (stat.size > mostBytes) throw new Fault('bytes-too-many', { at: path, detail: `at most ${mostBytes} bytes` })
    const passphrase = textOf(readFileSync(descriptor), path).replace(/\r?\n$/, '')
    if ([...passphrase].length < shortest) throw new Fault('passphrase-too-short', { at: path, detail: `at least ${shortest} characters` })
    return passphrase
  } finally {
    closeSync(descriptor)
  }
}

function open(path: string): number {
  try {
    // Not to hang on a named pipe that nobody writes to.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    throw new Fault('passphrase-file-unreadable', { at: path, cause })
  }
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Fault('text-not-utf8', { at: path })
  }
}
