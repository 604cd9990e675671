import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { signCheckpoint, verifyCheckpoint } from '#core/log/checkpoint.ts'
import { cosign, readCosignatures } from '#core/log/cosignature.ts'
import { leafBytes } from '#core/log/leaf.ts'
import { logProofText, readLogProof, type LogProof } from '#core/log/log-proof.ts'
import { hashLeaf, placesForInclusion, proveInclusion, verifyInclusion } from '#core/log/merkle.ts'
import { appendLeaves, readFromTiles, tilesFor } from '#core/log/tiles.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import published from '../../vectors/log/tlog-proofs.json' with { type: 'json' }
import { signerNamed } from './signers.ts'

const { sha256 } = nodeEngine
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const hash = Buffer.alloc(32, 3).toString('base64')

describe('published proofs', () => {
  it.each(published.proofs)('of index $index are read and written', ({ text, index, hashes, extra, checkpoint }) => {
    const proof = readLogProof(text)
    expect({ index: proof.index, hashes: proof.hashes.map(hex), checkpoint: proof.checkpoint }).toEqual({ index, hashes, checkpoint })
    expect(proof.extra === undefined ? undefined : hex(proof.extra)).toBe(extra)
    expect(logProofText(proof)).toBe(text)
    expect(readLogProof(Buffer.from(text))).toEqual(proof)
  })

  it('that are wrong are refused', () => {
    expect(published.refused.map((text) => faultOf(() => readLogProof(text)))).toEqual(published.refused.map(() => 'log-proof-malformed'))
  })
})

describe('a proof', () => {
  const proof = (...lines: readonly string[]): string => `c2sp.org/tlog-proof@v1\n${lines.map((line) => `${line}\n`).join('')}`

  it('is read in no other form', () => {
    const refused: readonly (readonly [string, string])[] = [
      ['nothing', ''],
      ['no checkpoint', proof('index 5', hash, '')],
      ['no blank line', proof('index 5', hash, 'checkpoint')],
      ['another version', proof('index 5', '', 'checkpoint').replace('@v1', '@v2')],
      ['a space after the header', proof('index 5', '', 'checkpoint').replace('@v1', '@v1 ')],
      ['a leading zero', proof('index 05', '', 'checkpoint')],
      ['a second space', proof('index  5', '', 'checkpoint')],
      ['a space at the end', proof('index 5 ', '', 'checkpoint')],
      ['an index of 2^53', proof('index 9007199254740992', '', 'checkpoint')],
      ['no index', proof(hash, '', 'checkpoint')],
      ['two indices', proof('index 5', 'index 5', '', 'checkpoint')],
      ['extra after the index', proof('index 5', 'extra AAAA', '', 'checkpoint')],
      ['extra twice', proof('extra AAAA', 'extra AAAA', 'index 5', '', 'checkpoint')],
      ['empty extra', proof('extra ', 'index 5', '', 'checkpoint')],
      ['extra without padding', proof('extra AAA', 'index 5', '', 'checkpoint')],
      ['a short hash', proof('index 5', hash.slice(0, 40), '', 'checkpoint')],
      ['a hash without padding', proof('index 5', hash.replace('=', ''), '', 'checkpoint')],
      ['a space after a hash', proof('index 5', `${hash} `, '', 'checkpoint')],
      ['64 hashes', proof('index 5', ...Array<string>(64).fill(hash), '', 'checkpoint')],
      ['carriage returns', proof('index 5', '', 'checkpoint').replaceAll('\n', '\r\n')],
    ]
    expect(refused.filter(([, text]) => faultOf(() => readLogProof(text)) !== 'log-proof-malformed')).toEqual([])
    expect(readLogProof(proof('index 5', ...Array<string>(63).fill(hash), '', 'checkpoint')).hashes).toHaveLength(63)
    expect(faultOf(() => readLogProof(proof('index 5', '', 'x'.repeat(262_144))))).toBe('bytes-too-many')
    expect(faultOf(() => readLogProof(Uint8Array.of(0xff)))).toBe('text-not-utf8')
    expect(faultOf(() => logProofText({ index: -1, hashes: [], checkpoint: 'x\n' }))).toBe('log-position-invalid')
  })

  it('comes back whatever it holds; extra data of no bytes is none', () => {
    const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 })
    fc.assert(
      fc.property(fc.maxSafeNat(), hashes, fc.option(fc.uint8Array({ minLength: 1, maxLength: 300 }), { nil: undefined }), (index, given, extra) => {
        const whole: LogProof = { index, hashes: given, ...(extra === undefined ? {} : { extra }), checkpoint: 'a\n\nb\n' }
        expect(readLogProof(logProofText(whole))).toEqual(whole)
      }),
    )
    expect(logProofText({ index: 1, hashes: [], extra: new Uint8Array(0), checkpoint: 'x\n' })).toBe('c2sp.org/tlog-proof@v1\nindex 1\n\nx\n')
  })
})

describe('a whole proof, from the entry to the witnesses', () => {
  const origin = '370100.comity.example/log'
  const size = 1000
  const index = 437
  const log = signerNamed(origin)
  const witnesses = ['370300', '370700'].map((division) => signerNamed(`${division}.comity.example/witness`, 'cosignature-v1'))
  const entries = Array.from({ length: size }, (_, at) => leafBytes('record', sha256(Buffer.from(`record ${at}`))))
  const { root, edge, changed } = appendLeaves(
    { size: 0, tiles: [] },
    entries.map((entry) => hashLeaf(entry, sha256)),
    sha256,
  )
  const names = tilesFor(placesForInclusion(index, size), size)
  const tiles = names.map((name) => changed.find((tile) => tile.level === name.level && tile.index === name.index)!)
  const signed = signCheckpoint({ origin, size, root, extensions: [] }, log.signer, log.key)
  const body = signed.slice(0, signed.indexOf('\n\n') + 1)
  const checkpoint = signed + witnesses.map(({ signer, key }, at) => cosign(body, 1_795_318_256 + at, signer, key)).join('')
  const text = logProofText({ index, hashes: proveInclusion(index, size, readFromTiles(tiles, sha256), sha256), checkpoint })

  /** What a verifier finds; the steps are those of C2SP tlog-proof. */
  function found(given: string, entry: Uint8Array) {
    const proof = readLogProof(given)
    const verified = verifyCheckpoint(proof.checkpoint, [log.key], nodeEngine)
    const included = verifyInclusion(
      {
        index: proof.index,
        size: verified.checkpoint.size,
        leafHash: hashLeaf(entry, sha256),
        root: verified.checkpoint.root,
        proof: proof.hashes,
      },
      sha256,
    )
    const cosignatures = readCosignatures(
      verified.note,
      witnesses.map(({ key }) => key),
      nodeEngine,
    )
    return { included, index: proof.index, at: cosignatures.map(({ at }) => at) }
  }

  it('is found true, for its entry alone', () => {
    expect(edge.length).toBe(2)
    expect(found(text, entries[index]!)).toEqual({ included: true, index, at: [1_795_318_256, 1_795_318_257] })
    expect(found(text, entries[index + 1]!).included).toBe(false)
    expect(found(text.replace('index 437', 'index 436'), entries[index]!).included).toBe(false)
    expect(found(text.replace('index 437', 'index 1437'), entries[index]!).included).toBe(false)
  })

  it('with one character changed, left out or put in proves the same or nothing', () => {
    const code = fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.constantFrom(0x0a, 0x0d))
    let unproven = 0
    fc.assert(
      fc.property(fc.nat(text.length - 1), code, fc.constantFrom(0, 1), fc.constantFrom(0, 1), (at, put, drop, count) => {
        let got
        try {
          got = found(text.slice(0, at) + String.fromCharCode(put).repeat(count) + text.slice(at + drop), entries[index]!)
        } catch {
          unproven++
          return
        }
        if (!got.included) unproven++
        else {
          expect(got.index).toBe(index)
          for (const time of got.at) expect([1_795_318_256, 1_795_318_257]).toContain(time)
        }
      }),
      { numRuns: 2000 },
    )
    expect(unproven).toBeGreaterThan(1000)
  })
})
