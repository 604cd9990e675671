import type { NewRecord, RecordRow } from '#storage/records.ts'

/** `length` bytes that stand for the number, so that ids sort as their numbers do. */
export function bytesOf(number: number, length = 16): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.writeUInt32BE(number, length - 4)
  return bytes
}

/** The n-th record: everything that must be unique differs, everything else is the same. */
export function record(n: number, changes: Partial<RecordRow> = {}): NewRecord {
  return {
    record: {
      id: bytesOf(n),
      family: 1,
      level: 3,
      state: 0,
      year: 2025,
      serial: n,
      number: `鲁职称 ${n}`,
      holderIndex: bytesOf(n % 10),
      statusList: 1,
      statusIndex: n,
      digest: bytesOf(n, 32),
      contentDigest: bytesOf(n + 1000),
      origin: 0,
      issuedAt: 1_760_000_000,
      recordedAt: 1_760_000_001,
      sourceDigest: null,
      keyNo: 1,
      ...changes,
    },
    body: { signed: `header.payload-${n}.signature`, disclosuresSealed: bytesOf(n, 40) },
  }
}
