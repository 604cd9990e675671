/**
 * The signature algorithms that exist here, one row each. `Ed25519` is the fully specified name (RFC 9864), `EdDSA` the older one
 * (RFC 8037) for the same thing with the same key. The algorithm belongs to the key: a token's `alg` is compared with it, never obeyed.
 */
export const algorithms = [
  { alg: 'Ed25519', kty: 'OKP', crv: 'Ed25519', keyBytes: 32, signatureBytes: 64 },
  { alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519', keyBytes: 32, signatureBytes: 64 },
] as const

export type Algorithm = (typeof algorithms)[number]['alg']

/** What our own signatures say. */
export const signingAlgorithm: Algorithm = 'Ed25519'

/** The length of every signature in the table. */
export const signatureBytes = 64

export const isAlgorithm = (alg: unknown): alg is Algorithm => algorithms.some((row) => row.alg === alg)
