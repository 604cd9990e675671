import { describe, expect, it } from 'vitest'

import { claimCodeAlphabet, groupClaimCode, isClaimCode, readClaimCode, readLastSix } from '#core/model/claim-code.ts'

describe('a claim code', () => {
  it.each([
    ['7K3M-0Q1Z-ABCD-WXYZ', '7K3M0Q1ZABCDWXYZ'],
    [' 7k3m 0q1z abcd wxyz\n', '7K3M0Q1ZABCDWXYZ'],
    ['7K3M–OQIZ—ABCD‐WXYZ', '7K3M0Q1ZABCDWXYZ'],
    ['７ｋ３ｍ－ｏｑｌｚ　ａｂｃｄ－ｗｘｙｚ', '7K3M0Q1ZABCDWXYZ'],
    ['\u202a7K3M0Q1Z\u200bABCDWXYZ\u202c', '7K3M0Q1ZABCDWXYZ'],
  ])('typed as %j is one and the same', (typed, code) => {
    expect([readClaimCode(typed), isClaimCode(readClaimCode(typed))]).toEqual([code, true])
    expect(groupClaimCode(code)).toBe('7K3M-0Q1Z-ABCD-WXYZ')
  })

  it.each(['', '7K3M-0Q1Z-ABCD-WXY', '7K3M-0Q1Z-ABCD-WXYZ2', '7K3M-0Q1Z-ABCD-WXYU', '7K3M-0Q1Z-ABCD-WX领'])('%j is none', (typed) => {
    expect(isClaimCode(readClaimCode(typed))).toBe(false)
  })

  it('has 32 characters to choose from, each of which is read as itself', () => {
    expect(new Set(claimCodeAlphabet).size).toBe(32)
    expect(readClaimCode(claimCodeAlphabet)).toBe(claimCodeAlphabet)
  })

  it('is grouped while it is typed, without a hyphen that has nothing behind it', () => {
    expect(['7', '7K3M', '7K3M0', '7K3M0Q1Z', '7K3M0Q1ZA'].map(groupClaimCode)).toEqual(['7', '7K3M', '7K3M-0', '7K3M-0Q1Z', '7K3M-0Q1Z-A'])
  })
})

it.each([
  ['192288', '192288'],
  [' 19 2288 ', '192288'],
  ['１９２２８ｘ', '19228X'],
  ['37011319960419228x', '19228X'],
  ['A12', 'A12'],
  ['', ''],
])('of the identity number %j no more than %j is used', (typed, six) => {
  expect(readLastSix(typed)).toBe(six)
})
