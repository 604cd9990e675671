import { halfWidth } from './half-width.ts'

/** Crockford's alphabet (base32, https://www.crockford.com/base32.html): no I, L, O, U to be misread. */
export const claimCodeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const claimCodeLength = 16

/**
 * A claim code as a person has typed it, in its one spelling: half width, capital letters, without blanks and dashes, and what Crockford reads
 * as digits read so (O as 0, I and L as 1). What is no character of a code stays, so that it can be pointed at.
 */
export const readClaimCode = (typed: string): string =>
  halfWidth(typed)
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Cf}_.·]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')

const whole = new RegExp(`^[${claimCodeAlphabet}]{${claimCodeLength}}$`)

/** Of a code in its one spelling. */
export const isClaimCode = (code: string): boolean => whole.test(code)

/** In groups of four, as it is handed out; also while it is being typed. */
export const groupClaimCode = (code: string): string => code.replace(/(.{4})(?!$)/g, '$1-')

/** The last six characters of what a person typed: of a whole identity number no more is ever used. */
export const readLastSix = (typed: string): string => halfWidth(typed).toUpperCase().replace(/\s/g, '').slice(-6)
