import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts'
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { hashBytes } from './merkle.ts'

/** What is logged: issuance, change of status, and every signed file that others go by. */
export const leafKinds = ['record', 'status', 'manifest', 'alliance', 'rules', 'status-list'] as const
export type LeafKind = (typeof leafKinds)[number]

/** An entry of the log. It names nobody: the digest is of a signed object, which nobody can guess. */
export interface Leaf {
  readonly kind: LeafKind
  /** SHA-256, 32 bytes. */
  readonly digest: Uint8Array
}

const version = 'comity/leaf/1'
const mostLeafBytes = 128

/** The entry's bytes: `comity/leaf/1`, the kind, and the digest as 43 characters of base64url, each on a line. Fault `log-leaf-malformed`. */
export function leafBytes(kind: LeafKind, digest: Uint8Array): Uint8Array {
  if (digest.length !== hashBytes) throw new Fault('log-leaf-malformed', { at: 'leaf/digest', detail: `${digest.length} bytes` })
  return encodeUtf8(`${version}\n${kind}\n${encodeBase64url(digest)}\n`)
}

/** Only the one spelling that `leafBytes` writes; fault `log-leaf-malformed` otherwise. */
export function readLeaf(bytes: Uint8Array): Leaf {
  if (bytes.length > mostLeafBytes) throw new Fault('log-leaf-malformed', { at: 'leaf', detail: `${bytes.length} bytes` })
  try {
    const [first, kindText, digestText, last, ...more] = decodeUtf8(bytes, 'leaf').split('\n')
    const kind = leafKinds.find((one) => one === kindText)
    const digest = decodeBase64url(digestText ?? '', 'leaf/digest')
    if (first === version && kind !== undefined && digest.length === hashBytes && last === '' && more.length === 0) return { kind, digest }
  } catch (cause) {
    throw new Fault('log-leaf-malformed', { at: 'leaf', cause })
  }
  throw new Fault('log-leaf-malformed', { at: 'leaf' })
}
