import { createReadStream } from 'node:fs'

import { CliFault } from '../cli-fault.ts'
import { proofBeside, withProof } from './proof-beside.ts'
import { splitRecords } from './split-records.ts'

/** Some records one after another in one block of memory, which can be handed to another thread as it is. */
export interface Batch {
  /** The number of its first record; records are numbered from 1 over all files. */
  readonly first: number
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where each record ends; it begins where the one before ends. */
  readonly ends: readonly number[]
  /** Which file each record is of, by its place among the files. */
  readonly files: readonly number[]
  /** Bytes of the files that have been read so far. */
  readonly read: number
}

const batchBytes = 512 * 1024
const batchRecords = 512
const chunkBytes = 512 * 1024

/** Records of the files in order. Whoever stops taking stops the reading. A file without a record gives one that is empty. */
export async function* readBatches(paths: readonly string[]): AsyncGenerator<Batch> {
  let open = collect(1)
  const ready: Batch[] = []
  let read = 0
  for (const [file, path] of paths.entries()) {
    const proof = path === '-' ? undefined : await proofBeside(path)
    let any = false
    let first: Uint8Array | undefined
    const take = (item: Uint8Array): void => {
      open.add(item, file)
      if (open.full()) {
        ready.push(open.close(read))
        open = collect(open.next())
      }
    }
    const splitter = splitRecords((item) => {
      // A proof is of one record: of a file of several it says nothing.
      if (proof !== undefined && !any) first = item.slice()
      else {
        if (first !== undefined) take(first)
        first = undefined
        take(item)
      }
      any = true
    })
    for await (const chunk of chunksOf(path)) {
      read += chunk.length
      splitter.push(chunk)
      yield* ready.splice(0)
    }
    splitter.end()
    if (first !== undefined) take(withProof(first, proof!))
    if (!any) open.add(new Uint8Array(0), file)
  }
  yield* ready
  if (!open.empty()) yield open.close(read)
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: chunkBytes })
  try {
    for await (const chunk of stream) yield chunk as Buffer // no encoding is set, so chunks are buffers
  } catch (cause) {
    throw new CliFault('input-missing', { at: path, cause })
  }
}

function collect(first: number) {
  let bytes = new Uint8Array(batchBytes + 2 * 128 * 1024)
  let length = 0
  const ends: number[] = []
  const files: number[] = []
  return {
    add: (item: Uint8Array, file: number): void => {
      if (length + item.length > bytes.length) {
        const grown = new Uint8Array(length + item.length)
        grown.set(bytes.subarray(0, length))
        bytes = grown
      }
      bytes.set(item, length)
      length += item.length
      ends.push(length)
      files.push(file)
    },
    full: () => length >= batchBytes || ends.length >= batchRecords,
    empty: () => ends.length === 0,
    next: () => first + ends.length,
    close: (read: number): Batch => ({ first, bytes: bytes.subarray(0, length), ends, files, read }),
  }
}
