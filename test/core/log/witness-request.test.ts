import { describe, expect, it } from 'vitest'

import { verifyCheckpoint } from '#core/log/checkpoint.ts'
import { readPublicKeyBytes } from '#core/crypto/read-public-key.ts'
import { emptyRoot, verifyConsistency } from '#core/log/merkle.ts'
import { noteKey, parseSignedNote } from '#core/log/signed-note.ts'
import { readWitnessRequest, witnessRequestText } from '#core/log/witness-request.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import published from '../../vectors/log/witness-requests.json' with { type: 'json' }

const { sha256 } = nodeEngine
const hash = Buffer.alloc(32, 3).toString('base64')

describe('published requests to a witness', () => {
  it('of one log are read, signed by it, and consistent', () => {
    const key = noteKey(published.name, 'ed25519', readPublicKeyBytes(Buffer.from(published.publicKey, 'hex')), sha256)
    const roots = new Map<number, Uint8Array>([[0, emptyRoot(sha256)]])
    const seen = published.requests.map((text) => {
      const { old, proof, checkpoint } = readWitnessRequest(Buffer.from(text))
      const { checkpoint: got } = verifyCheckpoint(checkpoint, [key], nodeEngine)
      const consistent = verifyConsistency({ from: old, fromRoot: roots.get(old)!, to: got.size, toRoot: got.root, proof }, sha256)
      roots.set(got.size, got.root)
      expect(witnessRequestText({ old, proof, checkpoint })).toBe(text)
      return [old, got.size, proof.length, consistent]
    })
    expect(seen).toEqual([
      [0, 1, 0, true],
      [1, 3, 2, true],
      [1, 5, 3, true],
    ])
  })

  it('as the specification shows one', () => {
    const { old, proof, checkpoint } = readWitnessRequest(published.example)
    expect([old, proof.length, parseSignedNote(checkpoint).signatures.length]).toEqual([20_852_014, 4, 2])
    expect(witnessRequestText({ old, proof, checkpoint })).toBe(published.example)
  })
})

describe('a request', () => {
  it('is read in no other form', () => {
    const lines = (...given: readonly string[]): string => given.map((line) => `${line}\n`).join('')
    const refused: readonly (readonly [string, string])[] = [
      ['nothing', ''],
      ['no blank line', lines('old 5', hash)],
      ['no old size', lines(hash, '', 'checkpoint')],
      ['a leading zero', lines('old 05', '', 'checkpoint')],
      ['two zeros', lines('old 00', '', 'checkpoint')],
      ['a minus', lines('old -1', '', 'checkpoint')],
      ['two spaces', lines('old  5', '', 'checkpoint')],
      ['a space at the end', lines('old 5 ', '', 'checkpoint')],
      ['2^53', lines('old 9007199254740992', '', 'checkpoint')],
      ['a short hash', lines('old 5', 'AAAA', '', 'checkpoint')],
      ['a hash without padding', lines('old 5', hash.replace('=', ''), '', 'checkpoint')],
      ['64 hashes', lines('old 5', ...Array<string>(64).fill(hash), '', 'checkpoint')],
      ['carriage returns', lines('old 5', '', 'checkpoint').replaceAll('\n', '\r\n')],
    ]
    expect(refused.filter(([, text]) => faultOf(() => readWitnessRequest(text)) !== 'log-request-malformed')).toEqual([])
    expect(readWitnessRequest(lines('old 5', ...Array<string>(63).fill(hash), '', 'checkpoint')).proof).toHaveLength(63)
    expect(faultOf(() => readWitnessRequest(`old 5\n\n${'x'.repeat(140_000)}`))).toBe('bytes-too-many')
    expect(faultOf(() => readWitnessRequest(Uint8Array.of(0xff, 0xfe)))).toBe('text-not-utf8')
  })

  it('is never written with more hashes than the protocol takes', () => {
    const proof = Array.from({ length: 64 }, () => new Uint8Array(32))
    expect(faultOf(() => witnessRequestText({ old: 5, proof, checkpoint: '' }))).toBe('log-request-malformed')
    expect(faultOf(() => witnessRequestText({ old: 0.5, proof: [], checkpoint: '' }))).toBe('log-position-invalid')
  })
})
