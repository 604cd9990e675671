import { describe, expect, it } from 'vitest'

import { instantOf } from '#core/model/instant.ts'
import { ask, at, demanding, iat, loggedAfter, other, proofOf, trustWith, type Changes, type Proving } from './logged-world.ts'

const cosigned = { '370300': 100, '371600': 200, '370200': 300 } as const
const after = (proving: Proving, changes?: Changes): number | string => loggedAfter(ask(proofOf(proving), trustWith(changes)))

describe('the time by which a record stood in the log', () => {
  it('is the time at which the last of those cosigned who are needed, the earliest first', () => {
    expect(after({ cosigned })).toBe(200)
    expect(after({ cosigned }, { cosigners: 1 })).toBe(100)
    expect(after({ cosigned }, { cosigners: 3 })).toBe(300)
    expect(after({ cosigned }, { cosigners: 4 })).toBe('yes log-quorum-missed')
    // The order in which the lines stand says nothing.
    expect(after({ cosigned: { '370200': 300, '371600': 200, '370300': 100 } })).toBe(200)
  })

  it('is told with who says so', () => {
    const verdict = ask(proofOf({ cosigned }))
    expect([verdict.answer, verdict.logged, verdict.notes]).toEqual([
      'yes',
      {
        at: instantOf(iat + 200),
        log: '370100.comity.example/log',
        index: 3,
        by: ['https://370300.comity.example', 'https://371600.comity.example'],
        alliance: 'circle',
      },
      [],
    ])
  })

  it('takes nobody’s word but that of other full members of an alliance of the issuer, at a time when they were', () => {
    const two = { '370300': 100, '371600': 200 } as const
    expect(after({ cosigned: { '370100': 50, '370300': 100 } })).toBe('yes log-quorum-missed')
    expect(after({ cosigned: two }, { members: { '371600': { role: 'guidance' } } })).toBe('yes log-quorum-missed')
    expect(after({ cosigned: two }, { members: { '371600': { from: '2026-12-01' } } })).toBe('yes log-quorum-missed')
    expect(after({ cosigned: two }, { members: { '371600': { state: 'suspended' } } })).toBe('yes log-quorum-missed')
    // One that has left counts for what it cosigned before.
    expect(after({ cosigned: two }, { members: { '371600': { state: 'left', until: '2026-07-01' } } })).toBe(200)
    expect(after({ cosigned: two }, { members: { '371600': { state: 'left', until: '2026-05-01' } } })).toBe('yes log-quorum-missed')
    const apart = { alliances: { one: { members: ['370100', '370300'], cosigners: 1 }, two: { members: ['370200', '371600'], cosigners: 1 } } }
    expect(after({ cosigned: { '371600': 100 } }, apart)).toBe('yes log-quorum-missed')
    expect(after({ cosigned: two }, apart)).toBe(100)
  })

  it('is the earliest that any alliance of the issuer gives, each by its own number', () => {
    const overlapping = (one: number, two: number): Changes => ({
      alliances: { one: { members: ['370100', '370300', '371600'], cosigners: one }, two: { members: ['370100', '370200', '370700'], cosigners: two } },
    })
    const all = { '370300': 100, '371600': 200, '370200': 50, '370700': 400 } as const
    expect(after({ cosigned: all }, overlapping(2, 2))).toBe(200)
    expect(after({ cosigned: all }, overlapping(2, 1))).toBe(50)
    expect(after({ cosigned: all }, overlapping(3, 2))).toBe(400)
  })

  it('takes no word under a key that was not in force at that second', () => {
    const witness = (changes: object) => ({ witness: { '371600': changes } })
    const two = { '370300': 100, '371600': 200 } as const
    const missed = 'yes log-quorum-missed'
    expect(after({ cosigned: two }, witness({ exp: iat + 200 }))).toBe(missed)
    expect(after({ cosigned: two }, witness({ nbf: iat + 201 }))).toBe(missed)
    expect(after({ cosigned: two }, witness({ revoked: { at: iat + 200, reason: 'ceased' } }))).toBe(missed)
    expect(after({ cosigned: two }, witness({ revoked: { at: iat + 900, reason: 'compromised', compromisedSince: iat + 200 } }))).toBe(missed)
    expect(after({ cosigned: two }, witness({ revoked: { at: iat + 900, reason: 'compromised', compromisedSince: iat + 201 } }))).toBe(200)
  })

  it('is not in the future of the question, but for what two clocks may differ', () => {
    expect(after({ cosigned: { '370300': 100, '371600': 3600 + 60 } })).toBe(3660)
    expect(after({ cosigned: { '370300': 100, '371600': 3600 + 61 } })).toBe('yes log-quorum-missed')
  })

  it('is not known without a proof, nor with one of something else, a spoilt one, or where nobody has agreed how many must cosign', () => {
    expect(loggedAfter(ask(undefined))).toBe('yes time-unproven')
    expect(after({ of: other, cosigned })).toBe('yes log-proof-differs')
    expect(loggedAfter(ask(proofOf({ cosigned }).replace('index 3', 'index 2')))).toBe('yes log-proof-differs')
    expect(loggedAfter(ask(proofOf({ cosigned }).replace('index 3', 'index 03')))).toBe('yes log-proof-refused')
    expect(loggedAfter(ask(proofOf({ cosigned }).replace('\n7\n', '\n8\n')))).toBe('yes log-proof-refused')
    expect(after({ cosigned }, { cosigners: null })).toBe('yes log-quorum-unset')
    // A policy that asks for the time is not satisfied by any of these.
    for (const [proof, answer] of [
      [undefined, 'cannot-tell'],
      [proofOf({ of: other, cosigned }), 'cannot-tell'],
      [proofOf({ cosigned: { '370300': 1 } }), 'cannot-tell'],
      [proofOf({ cosigned }), 'yes'],
    ] as const)
      expect(ask(proof, trustWith(), { policy: demanding }).answer).toBe(answer)
  })

  it('cannot lie before the record says that it was signed', () => {
    const verdict = ask(proofOf({ cosigned: { '370300': -120, '371600': -100 } }))
    expect([verdict.answer, loggedAfter(verdict)]).toEqual(['no', -100])
    expect(verdict.checks.find(({ id }) => id === 'time')).toEqual({ id: 'time', answer: 'no', reason: 'record-from-future', datum: instantOf(iat - 100) })
    expect(ask(proofOf({ cosigned: { '370300': -50, '371600': -50 } })).answer).toBe('yes')
  })
})

describe('a proven time', () => {
  const proof = proofOf({ cosigned })
  const bare = 'none'
  const inForce = (issue: object, given: string = proof) => {
    const { answer, checks } = ask(given === bare ? undefined : given, trustWith({ issue }))
    return [answer, checks.find(({ id }) => id === 'key-in-force')?.reason]
  }

  it('keeps good what was logged before the key was lost, and takes down what was logged after', () => {
    const lost = (since: number) => ({ revoked: { at: iat + 1000, reason: 'compromised', compromisedSince: iat + since } })
    expect(inForce(lost(201))).toEqual(['yes', undefined])
    expect(inForce(lost(200))).toEqual(['no', 'key-compromised'])
    // What is signed before and logged after is worth nothing: whoever has the key writes any date.
    expect(inForce(lost(1))).toEqual(['no', 'key-compromised'])
    expect(inForce(lost(201), bare)).toEqual(['cannot-tell', 'key-not-in-force'])
  })

  it('keeps good what was logged before the key ran out or was closed', () => {
    expect(inForce({ exp: iat + 201 })).toEqual(['yes', undefined])
    expect(inForce({ exp: iat + 200 })).toEqual(['cannot-tell', 'key-not-in-force'])
    expect(inForce({ exp: iat + 201 }, bare)).toEqual(['cannot-tell', 'key-not-in-force'])
    expect(inForce({ revoked: { at: iat + 201, reason: 'ceased' } })).toEqual(['yes', undefined])
    expect(inForce({ revoked: { at: iat + 200, reason: 'ceased' } })).toEqual(['cannot-tell', 'key-not-in-force'])
  })

  it('keeps good what was logged while the issuer was a member', () => {
    const left = { members: { '370100': { state: 'left', until: '2026-07-01' } } } as const
    const when = { when: instantOf(iat + 40 * 24 * 3600) }
    const authorised = (given: string | undefined) => ask(given, trustWith(left), when).checks.find(({ id }) => id === 'authorised')
    expect(authorised(proof)).toMatchObject({ answer: 'yes' })
    expect(authorised(undefined)).toMatchObject({ answer: 'cannot-tell', reason: 'issuer-no-longer-authorised' })
  })

  it('is the same at whatever instant it is asked, once it lies behind', () => {
    const later = ask(proof, trustWith(), { when: instantOf(iat + 6 * 24 * 3600) })
    expect(later.logged).toEqual(ask(proof, trustWith(), { when: at }).logged)
  })
})
