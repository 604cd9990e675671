import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { openWriter } from '#core/encoding/pieces.ts'
import { packSignedFile, unpackSignedFile } from '#core/bundle/pack-signed-file.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import { statusKinds, type StatusPeriod } from '#core/status/status-kinds.ts'
import { encodeStatusList, statusListOf } from '#core/status/status-list.ts'
import { issueStatusListToken, statusListType } from '#core/status/status-list-token.ts'
import { deflate, inflate } from '#custody/engine-node.ts'

import { faultOf } from '../../support/fault-of.ts'
import { makeCity, makeShandong, signStatusList } from '../../support/make-alliance.ts'

const zlib = { deflate, inflate }
const iat = 1_780_000_000
const city = makeCity('370100')
const pack = (file: Uint8Array | string): Uint8Array => packSignedFile(typeof file === 'string' ? encodeUtf8(file) : file, zlib)
const backOf = (packed: Uint8Array): string => Buffer.from(unpackSignedFile(packed, inflate)).toString('latin1')
const latin1 = (file: Uint8Array | string): string => Buffer.from(file).toString('latin1')

/** The first byte: 0 as it stands, 1 compact JWS, 2 general JWS, 3 status list. */
const formOf = (packed: Uint8Array): number => packed[0]!

describe('a signed file in a bundle', () => {
  const { files } = makeShandong({
    history: {
      '370100': new Map<number, readonly StatusPeriod[]>([
        [3, [{ kind: 'revoked', reason: 'fraud', from: iat - 9 }]],
        [77, [{ kind: 'suspended', reason: 'investigation', from: 5, until: 8 }]],
        [
          65_535,
          [
            { kind: 'suspended', reason: 'investigation', from: 5, until: 8 },
            { kind: 'cancelled', reason: 'deceased', from: iat - 100 },
          ],
        ],
      ]),
    },
  })

  it.each([
    ['manifests', 1],
    ['allianceLists', 2],
    ['ruleSets', 2],
    ['statusLists', 3],
  ] as const)('comes back bit by bit: %s', (kind, form) => {
    for (const { bytes } of files[kind]) {
      const packed = pack(bytes)
      expect([formOf(packed), backOf(packed) === latin1(bytes), packed.length < bytes.length * 0.7]).toEqual([form, true, true])
    }
  })

  it('comes back bit by bit whatever it is', () => {
    const bare = signCompactJws(
      { typ: statusListType },
      { sub: 'x', iat, exp: iat + 9, ttl: 1, status_list: { ...encodeStatusList(statusListOf(2, 2 ** 16, [[5, 1]]), deflate) } },
      city.status.signer,
    )
    const token = signStatusList(city, iat, new Map([[3, [{ kind: 'revoked', reason: 'fraud', from: 9 }]]]))
    const respelt = (from: string | RegExp, to: string): string =>
      token
        .split('.')
        .with(1, Buffer.from(Buffer.from(token.split('.')[1]!, 'base64url').toString().replace(from, to)).toString('base64url'))
        .join('.')
    const general = Buffer.from(files.ruleSets[0]!.bytes).toString()
    const given: readonly (readonly [Uint8Array | string, number])[] = [
      ['', 0],
      ['a', 0],
      [Uint8Array.of(0, 255, 10), 0],
      ['a.b', 0],
      ['AA.AA.AA', 1],
      ['AA.AA.AA\n', 0],
      ['AB.AA.AA', 0], // a spelling that no decoder of ours takes
      [bare, 1],
      [respelt('"history"', ' "history"'), 1],
      [respelt(/"history":"[^"]*"/, '"history":{"3":[["revoked","fraud",9]]}'), 1],
      [respelt(/"history":"[^"]*"/, '"history":"A"'), 1], // a length that base64url does not have
      [respelt('"bits":2', '"bits":3'), 3], // whether that is a list, its reader says
      [`${token}\r\n`, 0],
      [general, 2],
      [` ${general}`, 0],
      [general.replace('"payload"', '"signature":[],"payload"'), 0],
      ['{"payload":"AA"}', 0],
      ['{"payload":"AA","signatures":[null]}', 0],
    ]
    for (const [file, form] of given) {
      const packed = pack(file)
      expect([formOf(packed), backOf(packed)], latin1(file).slice(0, 40)).toEqual([form, latin1(file)])
    }
  })

  it('comes back bit by bit: any history that a list of ours can have', () => {
    const time = fc.integer({ min: 0, max: iat })
    const period = fc.record({ kind: fc.constantFrom(...statusKinds), reason: fc.stringMatching(/^[a-z-]{1,20}$/), from: time, ended: fc.boolean() })
    const history = fc.array(fc.tuple(fc.nat(2 ** 16 - 1), fc.array(period, { maxLength: 4 })), { maxLength: 30 })
    fc.assert(
      fc.property(history, (given) => {
        const periods = given.map(([place, of]): [number, readonly StatusPeriod[]] => [
          place,
          of.map(({ ended, ...rest }) => (ended ? { ...rest, until: rest.from + 60 } : rest)),
        ])
        const token = issueStatusListToken(
          { sub: 'https://a.example/status/1', iat, exp: iat + 9, ttl: 1, history: new Map(periods) },
          city.status.signer,
          deflate,
        )
        const packed = pack(token)
        expect([formOf(packed), backOf(packed) === token]).toEqual([3, true])
      }),
      { numRuns: 200 },
    )
  })

  it('comes back bit by bit: any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => backOf(pack(bytes)) === latin1(bytes)))
  })

  it('is refused when it is packed and larger than a trust file may be', () => {
    expect(faultOf(() => pack(new Uint8Array(4 * 1024 * 1024 + 1)))).toBe('bytes-too-many')
  })
})

describe('packed bytes that nobody of ours has made', () => {
  const token = signStatusList(city, iat, new Map(Array.from({ length: 200 }, (_, at) => [at * 9, [{ kind: 'revoked' as const, reason: 'fraud', from: at }]])))

  it('are refused where they are cut off, or go on behind the end', () => {
    for (const file of [token, 'AA.AA.AA', 'text', Buffer.from(makeShandong().files.allianceLists[0]!.bytes)]) {
      const packed = pack(file)
      for (let length = 0; length < packed.length; length++)
        expect(
          faultOf(() => unpackSignedFile(packed.slice(0, length), inflate)),
          `${length}`,
        ).not.toBe('no fault')
      expect(faultOf(() => unpackSignedFile(Uint8Array.of(...packed, 0), inflate))).toBe('bundle-malformed')
    }
  })

  it('come to a fault of ours or to a file that its own signature judges, wherever a bit is changed', () => {
    const packed = pack(token)
    // Anything but a fault leaves the test by itself.
    const outcomes = Array.from(packed, (byte, at) => faultOf(() => unpackSignedFile(packed.with(at, byte ^ (1 << (at % 8))), inflate)))
    expect([...new Set(outcomes)].toSorted()).toEqual(['bundle-malformed', 'bytes-too-many', 'deflate-malformed', 'no fault'])
  })

  /** A writer's bytes, with the form before them. */
  const made = (form: number, write: (writer: ReturnType<typeof openWriter>) => void): Uint8Array => {
    const writer = openWriter()
    writer.byte(form)
    write(writer)
    return writer.bytes()
  }

  it('do not unpack to more than a file may have', () => {
    const bomb = deflate(new Uint8Array(64 * 1024 * 1024).fill(7))
    const bombs: Readonly<Record<string, Uint8Array>> = {
      'a file longer than allowed': made(0, (writer) => {
        writer.count(2 ** 40)
        writer.byte(0)
        writer.byte(65)
      }),
      'more deflated than it says': made(0, (writer) => {
        writer.count(bomb.length)
        writer.byte(1)
        writer.piece(bomb)
      }),
      'a head that unpacks to megabytes': made(3, (writer) => {
        writer.piece(encodeUtf8('{}'))
        for (const length of [1000, 1000]) writer.count(length)
        writer.byte(1)
        writer.piece(bomb.subarray(0, 1999))
      }),
      'a head without end': made(3, (writer) => {
        writer.piece(encodeUtf8('{}'))
        writer.count(1001)
      }),
      'a list longer than a file': made(3, (writer) => {
        writer.piece(encodeUtf8('{}'))
        for (const length of [2, 2]) writer.count(length)
        for (const byte of [0, 65, 2]) writer.byte(byte)
        writer.count(4 * 1024 * 1024 + 1)
      }),
      'signers without end': made(2, (writer) => writer.count(1001)),
      'an unknown form': made(4, () => undefined),
    }
    expect(Object.fromEntries(Object.entries(bombs).map(([name, bytes]) => [name, faultOf(() => unpackSignedFile(bytes, inflate))]))).toEqual({
      'a file longer than allowed': 'bundle-malformed',
      'more deflated than it says': 'bytes-too-many',
      'a head that unpacks to megabytes': 'bytes-too-many',
      'a head without end': 'bundle-malformed',
      'a list longer than a file': 'bundle-malformed',
      'signers without end': 'bundle-malformed',
      'an unknown form': 'bundle-malformed',
    })
  })
})
