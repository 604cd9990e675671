/**
 * The paper code, format 1 (schema/paper/README.md). A record as bytes:
 *
 * | bytes   | what                                                                        |
 * | ------- | --------------------------------------------------------------------------- |
 * | 1       | format version in the high four bits, dictionary version in the low four    |
 * | 64      | the signature                                                               |
 * | 1 or 2  | length n of the deflated text: 7 bits a byte, low first, top bit: one more  |
 * | n       | the condensed text, raw deflate (RFC 1951) primed with the dictionary       |
 * | to end  | one bit stream: count of disclosures (5 bits), then what the placeholders of the text stand for, then zeros to a whole byte |
 */
export const formatVersion = 1

/** The most bytes a code may have: what the largest QR code of error correction M (version 40) holds as digits. */
export const mostCodeBytes = 2320

/** The most bytes that the condensed text inflates to; a long real record has 1,500. */
export const mostCondensedBytes = 8 * 1024

/** The most characters of an unpacked record. */
export const mostRecordCharacters = 32 * 1024

/** The most disclosures that a code carries. */
export const mostDisclosures = 31

/** The most digests of one `_sd` that stand beside those of the disclosures carried. */
export const mostDigests = 31

/** The longest run of decimal digits behind one placeholder. */
export const longestRun = 32

/**
 * Bytes of the condensed text that stand for something in the bit stream. JSON text needs none of them: a control character of a text
 * that is carried (white space between members) has an encoding of two bytes.
 */
export const placeholder = {
  /** Between two parts: the disclosures in their order, header, payload. Nothing in the bit stream. */
  nextPart: 0x01,
  /** 32 bytes, as 43 base64url characters. */
  bytes32: 0x02,
  /** 16 bytes, as 22 base64url characters. */
  bytes16: 0x03,
  /** A run of decimal digits: its length less one in 5 bits, its value in as many bits as that length needs. */
  digits: 0x04,
  /** YYYY-MM-DD: days since 1900-01-01 in 16 bits. */
  date: 0x05,
  /** The digest of a disclosure that is carried: its index in 5 bits. It stands in an earlier part. */
  digest: 0x06,
  /** Quoted digests between commas, ascending: those of all disclosures carried, and others; how many others in 5 bits, then 32 bytes each. */
  digests: 0x07,
} as const

/** Bits that a run of so many decimal digits takes. */
export const bitsOfRun = (length: number): number => (10n ** BigInt(length) - 1n).toString(2).length

/** One published dictionary, as deflate wants it. */
export interface PaperDictionary {
  /** 1 to 15. */
  readonly version: number
  readonly bytes: Uint8Array
}

/** Raw deflate (RFC 1951) with a preset dictionary. */
export type DeflateWithDictionary = (bytes: Uint8Array, dictionary: Uint8Array) => Uint8Array

/**
 * The inverse; `bytes` are one whole deflate stream and nothing after it. Faults: `paper-text-too-long` as soon as more than `maxBytes` come
 * out, `paper-code-truncated` where the stream has no end, `paper-code-trailing` where something follows it, `paper-code-malformed` for
 * everything else.
 */
export type BoundedInflateWithDictionary = (bytes: Uint8Array, dictionary: Uint8Array, maxBytes: number) => Uint8Array
