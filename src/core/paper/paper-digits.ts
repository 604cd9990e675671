import { Fault } from '../fault.ts'
import { mostCodeBytes } from './paper-format.ts'

/**
 * Bytes as decimal digits: the bytes as one number, highest first, in as many digits as the largest number of so many bytes has (so
 * leading zeros are kept, and the count of digits gives the count of bytes), then four check digits that make the whole number leave 1
 * when divided by 9973. Every single wrong digit and every swap of neighbours is noticed, anything else all but once in 9973.
 */
const checkDigits = 4
const checkPrime = 9973n // the largest prime of four digits

/** Digits of the largest number of so many bytes, without the check. */
const digitsOf = (bytes: number): number => (bytes === 0 ? 0 : (256n ** BigInt(bytes) - 1n).toString().length)

/** The most digits that are looked at. */
export const mostPaperDigits = digitsOf(mostCodeBytes) + checkDigits

export function paperDigits(bytes: Uint8Array): string {
  if (bytes.length > mostCodeBytes) throw new Fault('paper-code-too-long', { at: 'digits', detail: `${bytes.length} bytes, at most ${mostCodeBytes}` })
  const number = (bytes.length === 0 ? 0n : BigInt(`0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`)) * 10_000n
  const check = (checkPrime + 1n - (number % checkPrime)) % checkPrime
  return (number + check).toString().padStart(digitsOf(bytes.length) + checkDigits, '0')
}

/** Fault: `paper-code-damaged` for digits that `paperDigits` never writes; `paper-code-too-long` for more than any code holds. */
export function readPaperDigits(digits: string): Uint8Array {
  if (digits.length > mostPaperDigits) throw new Fault('paper-code-too-long', { at: 'digits', detail: `${digits.length}, at most ${mostPaperDigits}` })
  if (!/^[0-9]{4,}$/.test(digits)) throw damaged('not digits, or too few')
  const bytes = Math.floor(((digits.length - checkDigits) * Math.log2(10)) / 8)
  if (digitsOf(bytes) !== digits.length - checkDigits) throw damaged('a length that no code has')
  const number = BigInt(digits)
  if (number % checkPrime !== 1n || number % 10_000n >= checkPrime) throw damaged('the check digits do not fit')
  const value = number / 10_000n
  const hex = value === 0n ? '0'.repeat(bytes * 2) : value.toString(16).padStart(bytes * 2, '0')
  if (hex.length > bytes * 2) throw damaged('a number too large for its length')
  return Uint8Array.from({ length: bytes }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16))
}

const damaged = (detail: string): Fault => new Fault('paper-code-damaged', { at: 'digits', detail })
