import { describe, expect, it } from 'vitest'

import { checkpointText } from '#core/log/checkpoint.ts'
import { cosign, readCosignatures } from '#core/log/cosignature.ts'
import { parseSignedNote, signatureLine, type NoteKey } from '#core/log/signed-note.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import { signerNamed, type NoteSigner } from './signers.ts'

const text = checkpointText({ origin: '370100.comity.example/log', size: 7, root: new Uint8Array(32).fill(7), extensions: [] })
const at = 1_795_318_256
const [zibo, heze, weifang] = ['370300', '371700', '370700'].map((division) => signerNamed(`${division}.comity.example/witness`, 'cosignature-v1')) as [
  NoteSigner,
  NoteSigner,
  NoteSigner,
]
const noteOf = (...lines: readonly string[]) => parseSignedNote(`${text}\n${lines.join('')}`)
const read = (lines: readonly string[], keys: readonly NoteKey[]) => readCosignatures(noteOf(...lines), keys, nodeEngine)
const by = ({ signer, key }: NoteSigner, when = at): string => cosign(text, when, signer, key)

/** A line with another time before the same signature. */
function retimed(line: string, when: bigint): string {
  const [dash, name, encoded] = line.trimEnd().split(' ')
  const bytes = Buffer.from(encoded!, 'base64')
  bytes.writeBigUInt64BE(when, 4)
  return `${dash} ${name} ${bytes.toString('base64')}\n`
}

describe('a cosignature', () => {
  it('signs time and checkpoint as the specification has it', () => {
    const [signature] = noteOf(by(zibo)).signatures
    expect(Buffer.from(signature!.bytes.subarray(0, 8)).toString('hex')).toBe(`00000000${at.toString(16)}`)
    const message = Buffer.from(`cosignature/v1\ntime 1795318256\n370100.comity.example/log\n7\n${Buffer.alloc(32, 7).toString('base64')}\n`)
    expect(nodeEngine.verify(zibo.key.key, message, signature!.bytes.subarray(8))).toBe(true)
    expect(read([by(zibo)], [zibo.key])).toEqual([{ key: zibo.key, at }])
  })

  it('covers the extension lines', () => {
    const extended = `${text}extension\n`
    const line = cosign(extended, at, zibo.signer, zibo.key)
    expect(readCosignatures(parseSignedNote(`${extended}\n${line}`), [zibo.key], nodeEngine)).toHaveLength(1)
    expect(readCosignatures(parseSignedNote(`${text}\n${line}`), [zibo.key], nodeEngine)).toEqual([])
  })

  it('is given by the witness key alone, for checkpoints alone, at a time', () => {
    const log = signerNamed('370300.comity.example/log')
    expect(faultOf(() => cosign(text, at, log.signer, log.key))).toBe('key-use-differs')
    expect(faultOf(() => cosign(text, at, heze.signer, zibo.key))).toBe('key-id-differs')
    expect(faultOf(() => cosign(`${text}\n`, at, zibo.signer, zibo.key))).toBe('log-checkpoint-malformed')
    for (const when of [0, -1, 0.5, Number.NaN, 2 ** 53]) expect(() => cosign(text, when, zibo.signer, zibo.key)).toThrow(RangeError)
  })
})

describe('cosignatures on a checkpoint', () => {
  it('count once a witness, at its earliest time', () => {
    const lines = [by(zibo, at + 60), by(heze, at + 5), by(zibo, at), by(zibo, at + 30)]
    expect(read(lines, [heze.key, zibo.key])).toEqual([
      { key: zibo.key, at },
      { key: heze.key, at: at + 5 },
    ])
  })

  it('count once a key, though it is listed under two names', () => {
    const alias = signerNamed('somebody.example/witness', 'cosignature-v1', '370300.comity.example/witness')
    expect(alias.key.key.kid).toBe(zibo.key.key.kid)
    expect(read([by(zibo), by(alias, at + 1)], [zibo.key, alias.key])).toEqual([{ key: zibo.key, at }])
  })

  it('of unknown witnesses do not count, nor of keys of another use', () => {
    const asLog = signerNamed(zibo.key.name, 'ed25519')
    const lines = [by(zibo), by(heze)]
    expect(read(lines, [heze.key])).toEqual([{ key: heze.key, at }])
    expect(read(lines, [asLog.key])).toEqual([])
    // The same public key, the same signature, but named as a key that signs notes as they stand.
    const { bytes } = noteOf(by(zibo)).signatures[0]!
    expect(asLog.key.key.kid).toBe(zibo.key.key.kid)
    expect(read([signatureLine(asLog.key, bytes)], [asLog.key])).toEqual([])
    expect(read(lines, [])).toEqual([])
  })

  it('that are wrong do not count and do no harm to the others', () => {
    const good = by(weifang)
    const [signature] = noteOf(by(zibo)).signatures
    const wrong = [
      retimed(by(zibo), BigInt(at - 1)),
      retimed(by(zibo), 0n),
      retimed(by(zibo), 2n ** 63n),
      retimed(by(zibo), 2n ** 53n),
      signatureLine(heze.key, signature!.bytes),
      signatureLine(zibo.key, signature!.bytes.subarray(0, 71)),
      signatureLine(zibo.key, Uint8Array.of(...signature!.bytes, 0)),
      signatureLine(zibo.key, zibo.signer.sign(Buffer.from(text))),
      cosign(text.replace('\n7\n', '\n8\n'), at, zibo.signer, zibo.key),
    ]
    for (const line of wrong) expect(read([line, good], [zibo.key, heze.key, weifang.key])).toEqual([{ key: weifang.key, at }])
    expect(read([...wrong, by(zibo)], [zibo.key, heze.key])).toEqual([{ key: zibo.key, at }])
  })

  it('that state no time, or one that no clock shows, do not count though they are signed', () => {
    const stating = (when: bigint): string => {
      const time = Buffer.alloc(8)
      time.writeBigUInt64BE(when)
      return signatureLine(zibo.key, Buffer.concat([time, zibo.signer.sign(Buffer.from(`cosignature/v1\ntime ${when}\n${text}`))]))
    }
    expect(read([stating(BigInt(at))], [zibo.key])).toHaveLength(1)
    expect([0n, 2n ** 53n, 2n ** 63n].map((when) => read([stating(when)], [zibo.key]))).toEqual([[], [], []])
  })
})
