/** An Ed25519 public key that has passed `readPublicKey`. Kept as one object per key, so that an engine can cache what it derives from it. */
export interface PublicKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string
  /** The encoded point, 32 bytes (RFC 8032 §5.1.5). */
  readonly x: Uint8Array
}

/** SHA-256 and Ed25519 verification as a platform does them. Every engine gives the same verdict on every input (DESIGN §3). */
export interface Engine {
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  /** RFC 8032 §5.1.7 without cofactor: S < L, and R compared as bytes; neither key nor R of small order. */
  readonly verify: (key: PublicKey, message: Uint8Array, signature: Uint8Array) => boolean
}

/** One private key that signs and is never seen. */
export interface Signer {
  readonly kid: string
  readonly sign: (message: Uint8Array) => Uint8Array
  /** The same signature, made beside this thread: for many at once, where the platform can. */
  readonly signBeside?: (message: Uint8Array) => Promise<Uint8Array>
}

/** Unpredictable bytes, for salts and identifiers. */
export type RandomBytes = (length: number) => Uint8Array
