import { describe, expect, it } from 'vitest'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import comity from '../../vectors/sd-jwt/comity.json' with { type: 'json' }
import rfc9901 from '../../vectors/sd-jwt/rfc9901.json' with { type: 'json' }

describe('presenting an SD-JWT', () => {
  it.each(comity.presentations)('shows $names and what they stand inside, and nothing else', ({ text, names, presented, disclosed }) => {
    expect(presentSdJwt(text, names)).toBe(presented)
    expect(presentSdJwt(text, names, nodeEngine)).toBe(presented)
    expect(parseSdJwt(presented, nodeEngine).disclosed).toEqual(disclosed)
  })

  it('keeps the signed part as it is', () => {
    expect(presentSdJwt(comity.issue.text, ['employer']).split('~')[0]).toBe(comity.issue.text.split('~')[0])
  })

  it('can be done again with less, and not with more', () => {
    const some = presentSdJwt(comity.issue.text, ['name', 'birth'])
    expect(presentSdJwt(some, ['birth'])).toBe(presentSdJwt(comity.issue.text, ['birth']))
    expect(faultOf(() => presentSdJwt(some, ['identity']))).toBe('disclosure-unknown')
  })

  it('drops a key binding, which was made for one presentation', () => {
    expect(presentSdJwt(rfc9901.presentation, ['family_name'])).toMatch(/^[^~]+~[^~]+~$/)
  })

  it('refuses a name that the record does not hold, without showing anything', () => {
    expect(faultOf(() => presentSdJwt(comity.issue.text, ['name', 'photo']))).toBe('disclosure-unknown')
    expect(faultOf(() => presentSdJwt(comity.issue.text, ['level']))).toBe('disclosure-unknown')
  })
})
