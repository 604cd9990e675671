import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'

import { decodeUtf8, encodeUtf8 } from '#core/encoding/utf8.ts'
import { CliFault } from '../cli-fault.ts'

/** A proof is a few kilobytes; what is far larger is something else, and refused as a proof. */
const mostBytes = 64 * 1024

/**
 * The log proof that lies beside a record file: `FILE.tlog-proof`, or the file's name with that ending in place of its own. Undefined
 * where there is none. What is no proof is handed on as it is: that it is refused is the verifier's to say.
 */
export async function proofBeside(path: string): Promise<string | undefined> {
  const ending = extname(path)
  for (const place of [`${path}.tlog-proof`, ...(ending === '' ? [] : [`${path.slice(0, -ending.length)}.tlog-proof`])]) {
    try {
      return new TextDecoder().decode((await readFile(place)).subarray(0, mostBytes))
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw new CliFault('input-missing', { at: place, cause })
    }
  }
  return undefined
}

const brace = 0x7b
const quote = 0x22

/** A record and its proof as one item, as a line of a file of many would have them. An item that is an object says for itself what its proof is. */
export function withProof(item: Uint8Array, proof: string): Uint8Array {
  if (item[0] === brace) return item
  try {
    const record = decodeUtf8(item, 'record')
    return encodeUtf8(`{"record":${item[0] === quote ? record : JSON.stringify(record)},"proof":${JSON.stringify(proof)}}`)
  } catch {
    return item // not text: the verifier says so
  }
}
