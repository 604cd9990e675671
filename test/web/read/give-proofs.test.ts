import { describe, expect, it } from 'vitest'

import { namedFiles } from '#web/page/named-offer.ts'
import type { Found, Offer } from '#web/read/found.ts'
import { readOffer } from '#web/read/read-offer.ts'

import { embedded, pdfWith } from './make-pdf.ts'
import { otherRecord, proofOf, record } from './records.ts'

const readers = { readCode: async (): Promise<Found> => ({ kind: 'nothing', why: 'code-of-something-else' }) }
const read = (offer: Offer): Promise<readonly Found[]> => readOffer(offer, readers)
const pdf = (...attached: readonly string[]) =>
  read({ kind: 'file', name: 'a.pdf', blob: new Blob([new Uint8Array(pdfWith(attached.map((each) => embedded(each))))]) })
const beside = (text: string, proof: BlobPart) => read({ kind: 'file', name: 'a.sd-jwt', blob: new Blob([text]), proof: new Blob([proof]) })
const found = (text: string, proof: string | undefined, carrier: 'pdf' | 'record-file', ...notes: readonly string[]) => ({
  kind: 'record',
  text,
  ...(proof === undefined ? {} : { proof }),
  carrier,
  notes,
})

describe('a log proof attached to a PDF', () => {
  it('is the proof of the record that it is of, in whatever order they are attached', async () => {
    expect(await pdf(record, proofOf(record))).toEqual([found(record, proofOf(record), 'pdf')])
    expect(await pdf(proofOf(otherRecord), record, proofOf(record), otherRecord)).toEqual([
      found(record, proofOf(record), 'pdf', 'several-records'),
      found(otherRecord, proofOf(otherRecord), 'pdf', 'several-records'),
    ])
  })

  it('is noted where it is a second one, and does not hide what else is attached', async () => {
    expect(await pdf(record, proofOf(record), proofOf(record, 5))).toEqual([found(record, proofOf(record), 'pdf', 'other-proofs')])
    expect(await pdf(proofOf(otherRecord), record, proofOf(record))).toEqual([found(record, proofOf(record), 'pdf', 'other-proofs')])
    expect(await pdf(record, proofOf(record), '<invoice/>')).toEqual([found(record, proofOf(record), 'pdf', 'other-attachments')])
  })

  it('is handed on where it does not fit, for the verdict to say so; of several records none gets it', async () => {
    expect(await pdf(record, proofOf(otherRecord))).toEqual([found(record, proofOf(otherRecord), 'pdf')])
    expect(await pdf(record, 'c2sp.org/tlog-proof@v1\nspoilt')).toEqual([found(record, 'c2sp.org/tlog-proof@v1\nspoilt', 'pdf')])
    expect(await pdf(record, otherRecord, proofOf(record))).toEqual([
      found(record, proofOf(record), 'pdf', 'several-records'),
      found(otherRecord, undefined, 'pdf', 'several-records'),
    ])
  })
})

describe('a log proof in a file of its own', () => {
  it('is the proof of the record in the file beside it', async () => {
    expect(await beside(record, proofOf(record))).toEqual([found(record, proofOf(record), 'record-file')])
    expect(await beside(record, 'a picture of a cat')).toEqual([found(record, 'a picture of a cat', 'record-file')])
    expect(await beside('a cat', proofOf(record))).toEqual([{ kind: 'nothing', why: 'text-without-record' }])
  })

  it('is nothing to check alone, as a file or pasted', async () => {
    const nothing = [{ kind: 'nothing', why: 'proof-without-record' }]
    expect(await read({ kind: 'file', name: 'a.tlog-proof', blob: new Blob([proofOf(record)]) })).toEqual(nothing)
    expect(await read({ kind: 'text', text: proofOf(record) })).toEqual(nothing)
  })

  it('goes with the files that have its name, and the nearest of them', () => {
    const paired = (...names: readonly string[]) =>
      namedFiles(names.map((name) => new File([name], name))).map((named) => [
        named.name,
        'offer' in named && named.offer.kind === 'file' ? (named.offer.proof as File | undefined)?.name : undefined, // one of the files above
      ])
    expect(paired('a-1.sd-jwt', 'a-1.tlog-proof')).toEqual([['a-1.sd-jwt', 'a-1.tlog-proof']])
    expect(paired('a-1.tlog-proof', 'a-1 (2).pdf', 'a-1-完整-自存.sd-jwt', 'b.pdf')).toEqual([
      ['a-1 (2).pdf', 'a-1.tlog-proof'],
      ['a-1-完整-自存.sd-jwt', 'a-1.tlog-proof'],
      ['b.pdf', undefined],
    ])
    expect(paired('a-12.sd-jwt', 'a-1.tlog-proof')).toEqual([
      ['a-12.sd-jwt', undefined],
      ['a-1.tlog-proof', undefined],
    ])
    expect(paired('a.tlog-proof', 'a-1.tlog-proof', 'a-1.sd-jwt', 'a.sd-jwt')).toEqual([
      ['a-1.sd-jwt', 'a-1.tlog-proof'],
      ['a.sd-jwt', 'a.tlog-proof'],
    ])
  })
})
