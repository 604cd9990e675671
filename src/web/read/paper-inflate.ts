import { Z_BUF_ERROR, Z_FINISH, Z_OK, Z_STREAM_END, ZStream, zlibInflate, zlibInflateInit2, zlibInflateSetDictionary } from 'pako'

import { Fault } from '#core/fault.ts'
import type { BoundedInflateWithDictionary } from '#core/paper/paper-format.ts'

const rawWindow = -15 // raw deflate with a window of 32 kB, as zlib's inflateInit2 wants it said

/**
 * Raw inflate where the platform has none with a dictionary: `DecompressionStream` takes none. The room for the output is made once, one byte
 * larger than what is allowed, so a bomb costs no more than a real code. Import it when a code has been seen, not before: it is pako.
 */
export const paperInflate: BoundedInflateWithDictionary = (bytes, dictionary, maxBytes) => {
  const stream = new ZStream()
  if (zlibInflateInit2(stream, rawWindow) !== Z_OK || zlibInflateSetDictionary(stream, dictionary) !== Z_OK)
    throw new RangeError('the dictionary is not one for inflate')
  stream.input = bytes
  stream.avail_in = bytes.length
  stream.output = new Uint8Array(maxBytes + 1)
  stream.avail_out = maxBytes + 1
  const status = zlibInflate(stream, Z_FINISH)
  if (stream.total_out > maxBytes) throw new Fault('paper-text-too-long', { at: 'text' })
  if (status === Z_BUF_ERROR || status === Z_OK) throw new Fault('paper-code-truncated', { at: 'text' })
  if (status !== Z_STREAM_END) throw new Fault('paper-code-malformed', { at: 'text' })
  if (stream.avail_in > 0) throw new Fault('paper-code-trailing', { at: 'text' })
  return stream.output.subarray(0, stream.total_out)
}
