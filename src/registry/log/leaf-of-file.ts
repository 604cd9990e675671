import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import type { Engine } from '#core/crypto/engine.ts'
import { Fault } from '#core/fault.ts'
import type { LeafKind } from '#core/log/leaf.ts'
import { peekTrustFile } from '#core/trust/peek-trust-file.ts'

/** What the log says of a file: which kind of object it is, and the digest under which it was entered. Fault: what the file is not. */
export function leafOfFile(bytes: Uint8Array, engine: Engine): { readonly kind: LeafKind; readonly digest: Uint8Array } {
  const text = withoutLineEnd(bytes)
  const peek = peekTrustFile(text, engine)
  if (peek instanceof Fault) {
    if (peek.code === 'jws-type-refused') return { kind: 'record', digest: parseSdJwt(text, engine).digest }
    throw peek
  }
  // That a list is still the newest is no act of its own: the list is in the log.
  if (peek.kind === 'freshness') throw new Fault('log-leaf-unknown', { at: peek.kind })
  // A file that many sign is entered by what they sign, one that one signs as it stands.
  return { kind: peek.kind, digest: peek.kind === 'alliance' || peek.kind === 'rules' ? peek.digest : engine.sha256(text) }
}

/** One line end after the text is what editors and shells leave. */
function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== 0x0a) return bytes
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1)
}
