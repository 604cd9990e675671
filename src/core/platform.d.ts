// What every platform that core runs on has (Node 24, browsers since 2020) and the ES library does not declare.
// Nothing else may be added here without it being true of both.

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean })
  decode(bytes?: Uint8Array): string
}

/** A key inside WebCrypto; nothing here looks into it. */
interface Ed25519Handle {
  readonly type: string
}

// `subtle` is absent outside a secure context; Ed25519 in it is younger than the object, so its refusal is expected and caught.
declare const crypto: {
  readonly subtle?: {
    importKey(format: 'raw', key: Uint8Array, algorithm: 'Ed25519', extractable: false, uses: readonly ['verify']): Promise<Ed25519Handle>
    verify(algorithm: 'Ed25519', key: Ed25519Handle, signature: Uint8Array, message: Uint8Array): Promise<boolean>
  }
}
