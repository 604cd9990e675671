import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { isBy } from '#core/log/note-key.ts'
import {
  noteKey,
  parseSignedNote,
  readSignatureLines,
  readVerifierKey,
  signatureLine,
  signedNoteText,
  verifierKeyText,
  type NoteKey,
} from '#core/log/signed-note.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import { faultOf } from '../../support/fault-of.ts'
import published from '../../vectors/log/signed-notes.json' with { type: 'json' }
import { signerNamed } from './signers.ts'

const { sha256 } = nodeEngine
const line = (bytes: string | Uint8Array, name = 'example.com/log'): string => `— ${name} ${Buffer.from(bytes).toString('base64')}\n`
const some = line('idididsignature')

describe('published notes', () => {
  it.each(published.notes)('of $key are read and verify, by both engines', ({ key: text, text: body, line: signed }) => {
    const key = readVerifierKey(text)
    const note = parseSignedNote(`${body}\n${signed}`)
    expect(note.text).toBe(body)
    expect(note.signatures.map((signature) => [isBy(key, signature), signature.line])).toEqual([[true, signed]])
    const { bytes } = note.signatures[0]!
    for (const engine of [nodeEngine, nobleEngine]) {
      expect(engine.verify(key.key, Buffer.from(body), bytes)).toBe(true)
      expect(engine.verify(key.key, Buffer.from(`${body} `), bytes)).toBe(false)
    }
    expect(signatureLine(key, bytes)).toBe(signed)
    expect(verifierKeyText(key, sha256)).toBe(text)
  })

  it('are signed to the same bytes where the private key is published too', () => {
    const [peter] = published.notes
    const signed = nodeSigner(Buffer.from(peter!.seed!, 'hex')).sign(Buffer.from(peter!.text))
    expect(signatureLine(readVerifierKey(peter!.key), signed)).toBe(peter!.line)
  })

  it('carry several signatures, in their order', () => {
    const [peter, enoch] = published.notes
    const both = `${peter!.text}\n${peter!.line}${enoch!.line}`
    const note = parseSignedNote(Buffer.from(both))
    expect(note.signatures.map(({ name }) => name)).toEqual(['PeterNeumann', 'EnochRoot'])
    expect(signedNoteText(note)).toBe(both)
  })

  it.each(published.keys)('the key of $name is read and written', ({ text, name, type }) => {
    const key = readVerifierKey(text)
    expect({ name: key.name, type: key.type }).toEqual({ name, type })
    expect(verifierKeyText(key, nobleEngine.sha256)).toBe(text)
  })
})

describe('a verifier key', () => {
  const { key } = signerNamed('370100.comity.example/log')
  const text = verifierKeyText(key, sha256)
  const [name, id, encoded] = text.split('+') as [string, string, string]
  const raw = Buffer.from(encoded, 'base64')
  const withKey = (bytes: Uint8Array): string => {
    const whole = Buffer.from(bytes)
    const hash = Buffer.from(sha256(Buffer.concat([Buffer.from(`${name}\n`), whole])))
    return `${name}+${hash.toString('hex', 0, 4)}+${whole.toString('base64')}`
  }

  it('comes back as it was', () => {
    expect(text).toBe('370100.comity.example/log+46461f28+Aam5UQJh8rVoWHBfMaISwJcZTC/C1wjshzRaW6V094bK')
    expect(readVerifierKey(text)).toEqual(key)
    expect(withKey(raw)).toBe(text)
  })

  it('has another id for another use of the same key, and for another name', () => {
    const ids = [noteKey(name, 'ed25519', key.key, sha256), noteKey(name, 'cosignature-v1', key.key, sha256), noteKey(`${name}2`, 'ed25519', key.key, sha256)]
    expect(new Set(ids.map((one) => Buffer.from(one.id).toString('hex'))).size).toBe(3)
  })

  it('is read in no other spelling', () => {
    const refused = [
      '',
      name,
      `${name}+${id}`,
      `+${id}+${encoded}`,
      `${name}+${id.toUpperCase()}+${encoded}`,
      `${name}+${id}0+${encoded}`,
      `${name}+00000000+${encoded}`,
      `${name}x+${id}+${encoded}`,
      `${name}+${id}+${encoded} `,
      `${name}+${id}+${encoded}\n`,
      ` ${text}`,
      `a b+${id}+${encoded}`,
      `a\u00a0b+${id}+${encoded}`,
      `a\u3000b+${id}+${encoded}`,
      `${name}+${id}+${encoded}=`,
      `${name}+${id}+${encoded}====`,
      `${name}+${id}+${raw.toString('base64url')}`,
      `${name}+${id}+`,
      withKey(raw.with(0, 0x02)),
      withKey(raw.with(0, 0x06)),
    ]
    expect(refused.map((given) => faultOf(() => readVerifierKey(given)))).toEqual(refused.map(() => 'log-key-malformed'))
    expect(faultOf(() => readVerifierKey(withKey(raw.subarray(0, 32))))).toBe('key-malformed')
  })

  it('never lets a weak key in', () => {
    const identity = new Uint8Array(33).with(0, 1).with(1, 1)
    const nonCanonical = new Uint8Array(33).fill(0xff).with(0, 1).with(1, 0xee).with(32, 0x7f)
    expect([identity, nonCanonical].map((bytes) => faultOf(() => readVerifierKey(withKey(bytes))))).toEqual(['key-weak', 'key-weak'])
  })

  it('is never made with a name that no line can carry', () => {
    const names = ['', 'a b', 'a+b', 'a\nb', 'a\u2028b', 'a\u0001', '\ud800', 'x'.repeat(257)]
    expect(names.map((bad) => faultOf(() => noteKey(bad, 'ed25519', key.key, sha256)))).toEqual(names.map(() => 'log-key-malformed'))
  })
})

describe('a signed note', () => {
  it('may hold empty lines in its text: the last one separates', () => {
    expect(parseSignedNote(`a\n\nb\n\n${some}`)).toMatchObject({ text: 'a\n\nb\n' })
    expect(parseSignedNote(`a\n\n\n${some}`)).toMatchObject({ text: 'a\n\n' })
  })

  it('is read in no other form', () => {
    const b64 = Buffer.from('idididsignature1').toString('base64')
    const refused: readonly (readonly [string, string])[] = [
      ['nothing', ''],
      ['no signature', 'a\n\n'],
      ['no blank line', `a\n${some}`],
      ['no text', `\n${some}`],
      ['no newline at the end', `a\n\n${some.slice(0, -1)}`],
      ['another character for it', `a\n\n${some.slice(0, -1)}x`],
      ['an empty line at the end', `a\n\n${some}\n`],
      ['carriage returns', `a\r\n\r\n${some.replace('\n', '\r\n')}`],
      ['a carriage return in the text', `a\r\n\n${some}`],
      ['a tab', `a\t\n\n${some}`],
      ['a NUL', `a\0\n\n${some}`],
      ['a hyphen for the dash', `a\n\n- log ${b64}\n`],
      ['an en dash', `a\n\n– log ${b64}\n`],
      ['no name', `a\n\n— ${b64}\n`],
      ['an empty name', `a\n\n—  ${b64}\n`],
      ['two spaces', `a\n\n—  log ${b64}\n`],
      ['two spaces before the signature', `a\n\n— log  ${b64}\n`],
      ['a space at the end', `a\n\n— log ${b64} \n`],
      ['a name with a plus', `a\n\n— a+b ${b64}\n`],
      ['a name with a no-break space', `a\n\n— a\u00a0b ${b64}\n`],
      ['no padding', `a\n\n— log ${b64.replaceAll('=', '')}\n`],
      ['too much padding', `a\n\n— log ${b64}====\n`],
      ['padding alone', `a\n\n— log ====\n`],
      ['base64url', `a\n\n— log ${Buffer.from([0, 0, 0, 0, 0xff, 0xff]).toString('base64url')}\n`],
      ['set bits after the last byte', `a\n\n— log AAAAAAB=\n`],
      ['an id alone', `a\n\n${line('idid', 'log')}`],
      ['less than an id', `a\n\n${line('id', 'log')}`],
      ['the same line twice', `a\n\n${some}${some}`],
      ['a line that is no signature among them', `a\n\n${some}b\n${line('idididother')}`],
      ['65 signatures', `a\n\n${Array.from({ length: 65 }, (_, index) => line(`ididid${index}`)).join('')}`],
    ]
    const accepted = refused.filter(([, text]) => faultOf(() => parseSignedNote(text)) !== 'log-note-malformed')
    expect(accepted).toEqual([])
    expect(faultOf(() => parseSignedNote(Uint8Array.of(0xc0, 0x80)))).toBe('text-not-utf8')
    expect(faultOf(() => parseSignedNote(`\ud800\n\n${some}`))).toBe('text-not-utf8')
    expect(faultOf(() => parseSignedNote(`${'a'.repeat(131_072)}\n\n${some}`))).toBe('bytes-too-many')
    expect(faultOf(() => parseSignedNote(Buffer.from(`${'证'.repeat(43_700)}\n\n${some}`)))).toBe('bytes-too-many')
  })

  it('may carry 64 signatures, and long ones of types that are not known here', () => {
    const lines = Array.from({ length: 63 }, (_, index) => line(`ididid${index}`)).join('') + line(new Uint8Array(4 + 2428).fill(1))
    expect(parseSignedNote(`a\n\n${lines}`).signatures).toHaveLength(64)
  })

  it('comes back whatever it says', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 }).map((given) => `${given.replaceAll(/\p{Cc}/gu, '.')}\n`)
    const signature = fc.tuple(fc.stringMatching(/^[a-z0-9./-]{1,20}$/), fc.uint8Array({ minLength: 5, maxLength: 100 }))
    fc.assert(
      fc.property(
        text,
        fc.uniqueArray(signature, { minLength: 1, maxLength: 20, selector: ([name, bytes]) => `${name} ${bytes.join()}` }),
        (body, signatures) => {
          const lines = signatures.map(([name, bytes]) => signatureLine({ name, id: bytes.subarray(0, 4) }, bytes.subarray(4)))
          const note = parseSignedNote(`${body}\n${lines.join('')}`)
          expect(note.text).toBe(body)
          expect(note.signatures.map(({ name, id, bytes }) => [name, ...id, ...bytes])).toEqual(signatures.map(([name, bytes]) => [name, ...bytes]))
          expect(readSignatureLines(lines.join(''))).toEqual(note.signatures)
        },
      ),
    )
  })
})

describe('whose a signature is', () => {
  it('depends on name and id together', () => {
    const { key } = signerNamed('a')
    const others: readonly Pick<NoteKey, 'name' | 'id'>[] = [
      { name: 'b', id: key.id },
      { name: 'a', id: key.id.map((byte) => byte ^ 1) },
      { name: 'a', id: key.id.subarray(1) },
    ]
    expect(isBy(key, { name: 'a', id: Uint8Array.from(key.id) })).toBe(true)
    expect(others.map((other) => isBy(key, other))).toEqual([false, false, false])
  })
})
