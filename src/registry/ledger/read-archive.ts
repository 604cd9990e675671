import { crc32 } from 'node:zlib'

import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { Fault } from '#core/fault.ts'
import type { LedgerSource } from './byte-source.ts'
import type { LedgerLimits } from './ledger-limits.ts'

/** An archive that has passed the checks; nothing of it is unpacked before a part is asked for. */
export interface Archive {
  readonly names: readonly string[]
  readonly has: (name: string) => boolean
  /** The bytes of one part, unpacked as they are read; never more than the directory promised. */
  readonly chunksOf: (name: string) => AsyncGenerator<Buffer>
  readonly close: () => void
}

const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true } as const
const smallEntry = 1024 * 1024

/** Opens a ZIP archive and judges it by its central directory alone: how many entries, how large, packed how tightly, named how. */
export async function openArchive(source: LedgerSource, limits: LedgerLimits): Promise<Archive> {
  const zip = await openZip(source)
  try {
    return archiveOf(zip, await checkedEntries(zip, limits))
  } catch (error) {
    zip.close()
    throw error
  }
}

async function openZip(source: LedgerSource): Promise<ZipFile> {
  try {
    if ('path' in source) return await yauzl.openPromise(source.path, options)
    return await yauzl.fromBufferPromise(Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.length), options)
  } catch (cause) {
    throw new Fault('ledger-malformed', { detail: 'not a whole ZIP archive', cause })
  }
}

async function checkedEntries(zip: ZipFile, limits: LedgerLimits): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > limits.entries) throw new Fault('ledger-archive-unsafe', { detail: `${zip.entryCount} entries, at most ${limits.entries}` })
  const entries = new Map<string, Entry>()
  let unpacked = 0
  try {
    for await (const entry of zip.eachEntry()) {
      unpacked += entry.uncompressedSize
      if (unpacked > limits.unpackedBytes) throw new Fault('ledger-archive-unsafe', { detail: `unpacks to more than ${limits.unpackedBytes} bytes` })
      if (entry.uncompressedSize > smallEntry && entry.uncompressedSize > entry.compressedSize * limits.ratio)
        throw new Fault('ledger-archive-unsafe', { detail: `entry ${entries.size + 1} unpacks to more than ${limits.ratio} times its size` })
      // Two entries of one name: which of them counts depends on the reader, and a checker may have seen the other.
      if (entries.has(entry.fileName)) throw new Fault('ledger-archive-unsafe', { detail: `entry ${entries.size + 1} has the name of an earlier one` })
      if (entry.isEncrypted()) throw new Fault('ledger-encrypted')
      entries.set(entry.fileName, entry)
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const unsafe = cause instanceof Error && /path|fileName/.test(cause.message)
    throw new Fault(unsafe ? 'ledger-archive-unsafe' : 'ledger-malformed', {
      detail: unsafe ? 'an entry leaves the archive by its name' : 'ZIP directory',
      cause,
    })
  }
  return entries
}

function archiveOf(zip: ZipFile, entries: ReadonlyMap<string, Entry>): Archive {
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    close: () => zip.close(),
    async *chunksOf(name) {
      const entry = entries.get(name)
      if (entry === undefined) throw new Fault('ledger-malformed', { at: name, detail: 'the part is missing' })
      try {
        const stream = await zip.openReadStreamPromise(entry)
        let crc = 0
        for await (const chunk of stream) {
          const bytes = chunk as Buffer // no encoding is set, so chunks are buffers
          crc = crc32(bytes, crc)
          yield bytes
        }
        // A changed byte may unpack well and make another name.
        if (crc !== entry.crc32) throw new Fault('ledger-malformed', { at: name, detail: 'the part does not have its checksum' })
      } catch (cause) {
        throw cause instanceof Fault ? cause : new Fault('ledger-malformed', { at: name, detail: 'the part does not unpack as the directory says', cause })
      }
    },
  }
}
