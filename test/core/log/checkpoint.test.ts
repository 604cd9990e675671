import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { checkpointText, readCheckpoint, signCheckpoint, verifyCheckpoint, type Checkpoint } from '#core/log/checkpoint.ts'
import { cosign, readCosignatures } from '#core/log/cosignature.ts'
import { parseSignedNote, readVerifierKey, signatureLine } from '#core/log/signed-note.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import live from '../../vectors/log/live-checkpoint.json' with { type: 'json' }
import { signerNamed } from './signers.ts'

const origin = '370100.comity.example/log'
const log = signerNamed(origin)
const root = Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64')
const checkpoint: Checkpoint = { origin, size: 20_852_163, root: Uint8Array.from(root), extensions: [] }
const text = `${origin}\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n`
const signed = signCheckpoint(checkpoint, log.signer, log.key)
const verify = (note: string | Uint8Array, keys = [log.key]) => verifyCheckpoint(note, keys, nodeEngine)

describe('a checkpoint', () => {
  it('is written and read as the specification has it', () => {
    expect(checkpointText(checkpoint)).toBe(text)
    expect(readCheckpoint(text)).toEqual(checkpoint)
    const extended = { ...checkpoint, size: 0, extensions: ['一行', 'other data'] }
    expect(checkpointText(extended)).toBe(`${origin}\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n一行\nother data\n`)
    expect(readCheckpoint(checkpointText(extended))).toEqual(extended)
    expect(readCheckpoint(`${origin}\n9007199254740991\n${text.split('\n')[2]}\n`).size).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('is read in no other form', () => {
    const lines = (...given: readonly string[]): string => given.map((line) => `${line}\n`).join('')
    const hash = root.toString('base64')
    const refused: readonly (readonly [string, string])[] = [
      ['nothing', ''],
      ['a newline', '\n'],
      ['two lines', lines(origin, '5')],
      ['no origin', lines('', '5', hash)],
      ['no size', lines(origin, '', hash)],
      ['a leading zero', lines(origin, '05', hash)],
      ['two zeros', lines(origin, '00', hash)],
      ['a sign', lines(origin, '+5', hash)],
      ['a minus', lines(origin, '-5', hash)],
      ['a space', lines(origin, ' 5', hash)],
      ['a fraction', lines(origin, '5.0', hash)],
      ['an exponent', lines(origin, '5e3', hash)],
      ['hexadecimal', lines(origin, '0x5', hash)],
      ['another script', lines(origin, '５', hash)],
      ['2^53', lines(origin, '9007199254740992', hash)],
      ['2^64', lines(origin, '18446744073709551616', hash)],
      ['a short root', lines(origin, '5', root.subarray(1).toString('base64'))],
      ['a long root', lines(origin, '5', Buffer.concat([root, root]).toString('base64'))],
      ['no padding', lines(origin, '5', hash.replace('=', ''))],
      ['base64url', lines(origin, '5', root.fill(0xff, 0, 1).toString('base64url'))],
      ['set bits after the last byte', lines(origin, '5', hash.replace('I=', 'J='))],
      ['a space after the root', lines(origin, '5', `${hash} `)],
      ['an empty line after it', lines(origin, '5', hash, '')],
      ['an empty extension line', lines(origin, '5', hash, '', 'x')],
      ['no newline at the end', lines(origin, '5', hash).slice(0, -1)],
      ['carriage returns', lines(origin, '5', hash).replaceAll('\n', '\r\n')],
    ]
    expect(refused.filter(([, given]) => faultOf(() => readCheckpoint(given)) !== 'log-checkpoint-malformed')).toEqual([])
  })

  it('is never written so that it says something else', () => {
    const bad: readonly Checkpoint[] = [
      { ...checkpoint, origin: '' },
      { ...checkpoint, origin: `${origin}\n5` },
      { ...checkpoint, origin: `${origin}\n5\n${text.split('\n')[2]}` },
      { ...checkpoint, size: -1 },
      { ...checkpoint, size: 0.5 },
      { ...checkpoint, size: 1e21 },
      { ...checkpoint, root: new Uint8Array(31) },
      { ...checkpoint, extensions: [''] },
      { ...checkpoint, extensions: ['a\nb'] },
      { ...checkpoint, extensions: ['a\rb'] },
    ]
    expect(bad.map((given) => faultOf(() => checkpointText(given)))).toEqual(bad.map(() => 'log-checkpoint-malformed'))
  })
})

describe('a signed checkpoint', () => {
  it('verifies under the log’s key, by both engines', () => {
    for (const engine of [nodeEngine, nobleEngine]) {
      const { checkpoint: got, by, note } = verifyCheckpoint(Buffer.from(signed), [signerNamed('other.example/log').key, log.key], engine)
      expect([got, by, note.text]).toEqual([checkpoint, log.key, text])
    }
    const empty = { ...checkpoint, size: 0, root: nodeEngine.sha256(new Uint8Array(0)) }
    expect(verify(signCheckpoint(empty, log.signer, log.key)).checkpoint.size).toBe(0)
  })

  it('of no leaves has the root of no leaves', () => {
    expect(faultOf(() => verify(signCheckpoint({ ...checkpoint, size: 0 }, log.signer, log.key)))).toBe('log-checkpoint-malformed')
  })

  it('is signed by nobody else, for no other log, and with no key of another use', () => {
    const witness = signerNamed(origin, 'cosignature-v1')
    expect(faultOf(() => signCheckpoint(checkpoint, signerNamed('x').signer, log.key))).toBe('key-id-differs')
    expect(faultOf(() => signCheckpoint({ ...checkpoint, origin: 'x' }, log.signer, log.key))).toBe('log-origin-differs')
    expect(faultOf(() => signCheckpoint(checkpoint, witness.signer, witness.key))).toBe('key-use-differs')
  })

  it('stands though unknown keys signed too, even with our name or our id', () => {
    const sameName = signerNamed(origin, 'ed25519', 'another seed')
    const { bytes } = parseSignedNote(signed).signatures[0]!
    const lines = [
      signatureLine(sameName.key, sameName.signer.sign(Buffer.from(text))),
      signatureLine({ name: 'x', id: log.key.id }, bytes),
      signatureLine({ name: 'pq.example', id: Uint8Array.of(1, 2, 3, 4) }, new Uint8Array(2428)),
    ]
    expect(verify(signed + lines.join('')).by).toBe(log.key)
    expect(verify(`${text}\n${lines.join('')}${signed.slice(text.length + 1)}`).by).toBe(log.key)
  })

  it('by none of the keys given is refused', () => {
    const other = signerNamed('other.example/log')
    expect(faultOf(() => verify(signed, []))).toBe('log-signature-missing')
    expect(faultOf(() => verify(signed, [other.key]))).toBe('log-signature-missing')
    // A witness's cosignature is none of the log's, whatever its name.
    const witness = signerNamed(origin, 'cosignature-v1')
    const cosigned = `${text}\n${cosign(text, 1_795_000_000, witness.signer, witness.key)}`
    expect(faultOf(() => verify(cosigned, [witness.key]))).toBe('log-signature-missing')
  })

  it('with a wrong signature of a known key is refused whole, wherever it stands', () => {
    const second = signerNamed(origin, 'ed25519', 'the key after rotation')
    const good = signatureLine(second.key, second.signer.sign(Buffer.from(text)))
    const wrong = signatureLine(second.key, second.signer.sign(Buffer.from(`${text} `)))
    const short = signatureLine(second.key, new Uint8Array(63))
    const keys = [log.key, second.key]
    expect(verify(signed + good, keys).by).toBe(log.key)
    expect(verify(`${text}\n${good}${signed.slice(text.length + 1)}`, keys).by).toBe(second.key)
    for (const line of [wrong, short]) {
      expect(faultOf(() => verify(signed + line, keys))).toBe('log-signature-wrong')
      expect(faultOf(() => verify(`${text}\n${line}${signed.slice(text.length + 1)}`, keys))).toBe('log-signature-wrong')
    }
  })

  it('of another log is refused, though its key is known', () => {
    const neighbour = signerNamed('370300.comity.example/log')
    const forged = `${text}\n${signatureLine(neighbour.key, neighbour.signer.sign(Buffer.from(text)))}`
    expect(faultOf(() => verify(forged, [log.key, neighbour.key]))).toBe('log-origin-differs')
  })

  it('of a log in the world, with its four cosignatures, verifies', () => {
    const { checkpoint: got, note } = verify(live.text, [readVerifierKey(live.log)])
    expect(got).toMatchObject({ origin: 'arche2025h1.staging.ct.transparency.dev', size: 1_432_088_532, extensions: [] })
    expect(Buffer.from(got.root).toString('base64')).toBe('U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=')
    const witnesses = live.witnesses.map(readVerifierKey)
    expect(readCosignatures(note, witnesses, nodeEngine)).toEqual(witnesses.map((key) => ({ key, at: 1_779_573_024 })))
    expect(readCosignatures(note, witnesses, nobleEngine)).toHaveLength(4)
    expect(faultOf(() => verify(live.text.replace('1432088532', '42'), [readVerifierKey(live.log)]))).toBe('log-signature-wrong')
  })

  it('with one character changed, left out or put in says the same or is refused', () => {
    const witnesses = ['w1', 'w2', 'w3'].map((name) => signerNamed(name, 'cosignature-v1'))
    const keys = witnesses.map(({ key }) => key)
    const whole = signed + witnesses.map(({ signer, key }, index) => cosign(text, 1_795_000_000 + index, signer, key)).join('')
    const before = readCosignatures(parseSignedNote(whole), keys, nodeEngine)
    expect(before).toHaveLength(3)
    const code = fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.constantFrom(0x0a, 0x0d, 0x2014, 0xa0))
    let refused = 0
    fc.assert(
      fc.property(fc.nat(whole.length - 1), code, fc.constantFrom(0, 1), fc.constantFrom(0, 1), (at, put, drop, count) => {
        const given = whole.slice(0, at) + String.fromCharCode(put).repeat(count) + whole.slice(at + drop)
        let got
        try {
          got = verify(given)
        } catch {
          refused++
          return
        }
        expect(got.checkpoint).toEqual(checkpoint)
        for (const cosignature of readCosignatures(got.note, keys, nodeEngine)) expect(before).toContainEqual(cosignature)
      }),
      { numRuns: 3000 },
    )
    expect(refused).toBeGreaterThan(1000)
  })
})
