// What every platform that core runs on has (Node 24, browsers since 2020) and the ES library does not declare.
// Nothing else may be added here without it being true of both.

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean })
  decode(bytes?: Uint8Array): string
}

// Absent outside a secure context. What of it is used is said where it is used: the browser's own types of it differ from what both have.
declare const crypto: { readonly subtle?: object }
