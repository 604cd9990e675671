import { describe, expect, it } from 'vitest'

import { readSocialCreditCode, socialCreditCheck } from '#core/model/social-credit-code.ts'
import vectors from '../../vectors/social-credit-code.json' with { type: 'json' }

describe('reading a unified social credit code', () => {
  it.each(vectors.valid)('accepts $code', ({ code }) => expect(readSocialCreditCode(code)).toMatchObject({ ok: true, value: { code }, changes: [] }))

  it('takes it apart', () => {
    expect(readSocialCreditCode('91350100M000100Y43')).toEqual({
      ok: true,
      value: { code: '91350100M000100Y43', authority: '9', organisationKind: '1', division: '350100', organisation: 'M000100Y4' },
      changes: [],
      warnings: [],
    })
  })

  it('refuses or normalises the published mistakes', () => {
    expect(vectors.invalid.map(({ code }) => readSocialCreditCode(code))).toMatchObject([
      { ok: false, reason: 'uscc-check' },
      { ok: false, reason: 'uscc-form-unknown' },
      { ok: false, reason: 'uscc-form-unknown' },
      { ok: true, value: { code: '91350100M000100Y43' }, changes: ['letters-upper-cased'] },
    ])
    expect(vectors.disputed.map(({ code }) => readSocialCreditCode(code))).toEqual([{ ok: false, reason: 'uscc-form-unknown' }])
    expect(readSocialCreditCode('')).toEqual({ ok: false, reason: 'uscc-blank' })
  })

  it('lets an officer accept an issued code that fails the check, and keeps the warning', () => {
    const { code, computed } = vectors.knownException
    expect(socialCreditCheck(code)).toBe(computed)
    expect(readSocialCreditCode(code)).toEqual({ ok: false, reason: 'uscc-check' })
    const reading = readSocialCreditCode(code, { allowFailingCheck: true })
    expect(reading.ok && reading.warnings).toContain('uscc-check')
  })

  it('only warns where position 17 fails its own check', () => {
    // 8021 0043 3 with the organisation check changed and the last character computed for it.
    const body = '91110000802100434'
    expect(readSocialCreditCode(body + socialCreditCheck(body))).toMatchObject({ ok: true, warnings: ['uscc-organisation-check'] })
  })
})
