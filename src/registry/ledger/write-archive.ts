import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

/** One file of an archive while it is written. */
export interface ArchivePart {
  readonly write: (text: string) => Promise<void>
  readonly end: () => Promise<void>
}

/** Writes a ZIP archive front to back, part by part, without ever holding one (APPNOTE 6.3, sizes after the data). Same parts, same bytes. */
export interface ArchiveWriter {
  readonly part: (name: string) => Promise<ArchivePart>
  readonly close: () => Promise<void>
}

interface Written {
  readonly name: Buffer
  readonly offset: number
  readonly crc: number
  readonly packed: number
  readonly unpacked: number
}

const version = 20
// Bit 3: sizes follow the data; bit 11: names are UTF-8.
const flags = 0x0808
const deflated = 8
// 1 January 1980, the first day there is: an archive does not tell when it was made, and comes out the same every time.
const firstDay = 0x0021

export function archiveWriter(sink: Writable): ArchiveWriter {
  const written: Written[] = []
  let offset = 0
  const put = async (bytes: Buffer): Promise<void> => {
    offset += bytes.length
    await send(sink, bytes)
  }
  return {
    part: async (name) => {
      const start = offset
      const nameBytes = Buffer.from(name)
      await put(Buffer.concat([localHeader(nameBytes), nameBytes]))
      const deflate = createDeflateRaw()
      let crc = 0
      let unpacked = 0
      let packed = 0
      const packing = (async () => {
        for await (const chunk of deflate) {
          const bytes = chunk as Buffer // no encoding is set, so chunks are buffers
          packed += bytes.length
          await put(bytes)
        }
      })()
      // A sink that fails while nobody waits here shows itself in `write` or `end`.
      packing.catch(() => deflate.destroy())
      return {
        write: async (text) => {
          const bytes = Buffer.from(text)
          crc = crc32(bytes, crc)
          unpacked += bytes.length
          if (!deflate.write(bytes)) await Promise.race([once(deflate, 'drain'), packing])
        },
        end: async () => {
          deflate.end()
          await packing
          await put(sizes(0x08074b50, [crc, packed, unpacked]))
          written.push({ name: nameBytes, offset: start, crc, packed, unpacked })
        },
      }
    },
    close: async () => {
      const start = offset
      for (const entry of written) await put(Buffer.concat([directoryEntry(entry), entry.name]))
      await put(directoryEnd(written.length, offset - start, start))
    },
  }
}

/** Hands bytes on and waits while the receiver is full. */
export async function send(sink: Writable, bytes: Buffer | string): Promise<void> {
  if (sink.errored !== null) throw sink.errored
  if (!sink.write(bytes)) await once(sink, 'drain')
}

function localHeader(name: Buffer): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(version, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(deflated, 8)
  header.writeUInt16LE(firstDay, 12)
  header.writeUInt16LE(name.length, 26)
  return header
}

function sizes(signature: number, values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + values.length * 4)
  bytes.writeUInt32LE(signature, 0)
  values.forEach((value, index) => bytes.writeUInt32LE(value, 4 + index * 4))
  return bytes
}

function directoryEntry({ name, offset, crc, packed, unpacked }: Written): Buffer {
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(version, 4)
  entry.writeUInt16LE(version, 6)
  entry.writeUInt16LE(flags, 8)
  entry.writeUInt16LE(deflated, 10)
  entry.writeUInt16LE(firstDay, 14)
  entry.writeUInt32LE(crc, 16)
  entry.writeUInt32LE(packed, 20)
  entry.writeUInt32LE(unpacked, 24)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt32LE(offset, 42)
  return entry
}

function directoryEnd(count: number, length: number, start: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(length, 12)
  end.writeUInt32LE(start, 16)
  return end
}
