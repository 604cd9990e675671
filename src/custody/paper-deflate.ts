import { deflateRawSync, inflateRawSync } from 'node:zlib'

import { Fault } from '#core/fault.ts'
import type { FaultCode } from '#core/fault.ts'
import type { BoundedInflateWithDictionary, DeflateWithDictionary } from '#core/paper/paper-format.ts'

/** Raw deflate at its highest level: a code is made once and carried on paper. */
export const paperDeflate: DeflateWithDictionary = (bytes, dictionary) => deflateRawSync(bytes, { level: 9, memLevel: 9, dictionary })

/** Never holds more than `maxBytes`, however much the stream would give. */
export const paperInflate: BoundedInflateWithDictionary = (bytes, dictionary, maxBytes) => {
  const { buffer, engine } = inflateWithInfo(bytes, dictionary, maxBytes)
  if (engine.bytesWritten !== bytes.length) throw new Fault('paper-code-trailing', { at: 'text' })
  return buffer
}

interface Inflated {
  readonly buffer: Uint8Array
  /** `bytesWritten`: how many bytes of the input the stream had. */
  readonly engine: { readonly bytesWritten: number }
}

function inflateWithInfo(bytes: Uint8Array, dictionary: Uint8Array, maxOutputLength: number): Inflated {
  try {
    // With `info` the answer is an object (node:zlib, "info"), which the declared type does not know.
    return inflateRawSync(bytes, { dictionary, maxOutputLength, info: true }) as unknown as Inflated
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? faultOf[String(cause.code)] : undefined
    throw new Fault(code ?? 'paper-code-malformed', { at: 'text', cause })
  }
}

const faultOf: Readonly<Record<string, FaultCode>> = { ERR_BUFFER_TOO_LARGE: 'paper-text-too-long', Z_BUF_ERROR: 'paper-code-truncated' }
