import type { Found } from '#web/read/found.ts'

/** Codes as the readers see them: an address with digits in its fragment. What the digits mean is the paper code's own matter. */
export const codeOf = (digits: string): string => `https://370100.comity.example/q#${digits}`

/** As many digits as the code of a long title record has. */
export const longDigits = (first: string): string => first + '0123456789'.repeat(104).slice(first.length)

/** Stands for the reader of paper codes: the digits are the "record". Those that begin with 0 are damaged, with 9 from the future. */
export const readTestCode = (text: string): Promise<Found> => Promise.resolve(foundIn(text))

function foundIn(text: string): Found {
  const digits = /^(?:https:\/\/[\w.]+\/q#)?(\d+)$/.exec(text)?.[1]
  if (digits === undefined) return { kind: 'nothing', why: 'code-of-something-else' }
  if (digits.startsWith('0')) return { kind: 'unread', why: 'code-damaged' }
  if (digits.startsWith('9')) return { kind: 'unread', why: 'code-too-new' }
  return { kind: 'record', text: digits, carrier: 'paper-code', notes: [] }
}
