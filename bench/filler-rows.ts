import { makeUuid } from '#core/model/uuid.ts'
import type { Office } from '#registry/office.ts'
import type { NewRecord } from '#storage/records.ts'

const firstIssued = 1_700_000_000
/** What a record of a title takes: its signed part, and its disclosures sealed. */
const signedLength = 1_152
const sealedLength = 720

type Filling = Pick<Office, 'vault' | 'random'>

/** Whose record the n-th is: everybody has two. */
export const holderOf = ({ vault }: Pick<Filling, 'vault'>, index: number): Uint8Array => vault.index(`bench\0${index >> 1}`)
export const numberOf = (index: number): string => `3701001${2000 + (index % 25)}${String(Math.floor(index / 25)).padStart(7, '0')}`

/** A row as issuing writes it, with noise where text and digests would be: what it costs to store does not depend on what it says. */
export function fillerRow(office: Filling, index: number, place: { readonly list: number; readonly index: number }): NewRecord {
  const noise = Buffer.from(office.random((signedLength * 3) / 4).buffer)
  return {
    record: {
      id: makeUuid((firstIssued + index) * 1000, office.random),
      family: 1,
      level: (index % 5) + 1,
      state: 0,
      year: 2000 + (index % 25),
      serial: Math.floor(index / 25) + 1,
      number: numberOf(index),
      holderIndex: holderOf(office, index),
      statusList: place.list,
      statusIndex: place.index,
      digest: office.random(32),
      contentDigest: office.random(16),
      origin: 0,
      issuedAt: firstIssued + index,
      recordedAt: firstIssued + index,
      sourceDigest: null,
      keyNo: 1,
    },
    body: { signed: noise.toString('base64url'), disclosuresSealed: noise.subarray(0, sealedLength) },
  }
}
