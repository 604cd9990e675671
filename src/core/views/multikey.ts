const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** The two bytes that say "Ed25519 public key" (multicodec 0xed as a varint; Controlled Identifiers 1.0 §2.2.2, Multikey). */
const ed25519Prefix = [0xed, 0x01] as const

/** An Ed25519 public key as `publicKeyMultibase`: `z` for base58btc (Controlled Identifiers 1.0 §2.4), then prefix and point. */
export const multikeyOf = (point: Uint8Array): string => `z${encodeBase58(Uint8Array.of(...ed25519Prefix, ...point))}`

function encodeBase58(bytes: Uint8Array): string {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  let text = ''
  for (; value > 0n; value /= 58n) text = alphabet.charAt(Number(value % 58n)) + text
  // Leading zero bytes carry no value and are written as ones.
  const zeros = bytes.findIndex((byte) => byte !== 0)
  return alphabet.charAt(0).repeat(zeros < 0 ? bytes.length : zeros) + text
}
