import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { Fault } from '#core/fault.ts'

/** Where a ledger's bytes are: a file that an officer named, or a body that was uploaded. */
export type LedgerSource = { readonly path: string } | { readonly bytes: Uint8Array }

const chunkBytes = 256 * 1024

/** The whole length in bytes. */
export async function lengthOf(source: LedgerSource): Promise<number> {
  if ('bytes' in source) return source.bytes.length
  try {
    const { size } = await stat(source.path)
    return size
  } catch (cause) {
    throw new Fault('ledger-unreadable', { cause })
  }
}

/** The first bytes, fewer if the source is shorter. */
export async function headOf(source: LedgerSource, length: number): Promise<Buffer> {
  if ('bytes' in source) return Buffer.from(source.bytes.subarray(0, length))
  try {
    await using file = await open(source.path)
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await file.read(buffer, 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } catch (cause) {
    throw new Fault('ledger-unreadable', { cause })
  }
}

/** All bytes in order, in chunks; can be called again to read again. */
export async function* chunksOf(source: LedgerSource): AsyncGenerator<Buffer> {
  if ('bytes' in source) {
    const whole = Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.length)
    for (let at = 0; at < whole.length; at += chunkBytes) yield whole.subarray(at, at + chunkBytes)
    return
  }
  for await (const chunk of createReadStream(source.path, { highWaterMark: chunkBytes })) yield chunk as Buffer // no encoding is set, so chunks are buffers
}
