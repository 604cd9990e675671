import type { FindingCode } from './finding-texts.ts'
import { withoutBlanks } from './half-width.ts'
import { read, refused, type Reading } from './reading.ts'

export interface SocialCreditCode {
  readonly code: string
  /** Position 1 and 2: the registering authority and the kind of organisation (11 party and government organ, 12 public institution, 91 enterprise). */
  readonly authority: string
  readonly organisationKind: string
  /** Position 3–8: the division of the registering authority. */
  readonly division: string
  /** Position 9–17: the organisation code (GB 11714). */
  readonly organisation: string
}

/** Without I, O, S, V and Z, which look like digits and letters beside them. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const form = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** The check character (position 18) for the first seventeen (GB 32100-2015). */
export function socialCreditCheck(body: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * alphabet.indexOf(body[index]!), 0)
  return alphabet[(31 - (sum % 31)) % 31]!
}

const organisationAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]

/** The check character of an organisation code (GB 11714) for its first eight. */
function organisationCheck(body: string): string {
  const sum = organisationWeights.reduce((total, weight, index) => total + weight * organisationAlphabet.indexOf(body[index]!), 0)
  return '0123456789X0'[11 - (sum % 11)]!
}

/**
 * Reads a unified social credit code (GB 32100-2015). A wrong check character is refused with `uscc-check`; codes that fail it
 * have been issued all the same (91350203M0001QAY9B), so an officer who has seen the licence may `allowFailingCheck`. The
 * organisation's own check (position 17) is not kept by every code: a warning.
 */
export function readSocialCreditCode(text: string, { allowFailingCheck = false }: { readonly allowFailingCheck?: boolean } = {}): Reading<SocialCreditCode> {
  const { text: plain, changes } = withoutBlanks(text)
  if (plain === '') return refused('uscc-blank')
  const code = plain.toUpperCase()
  if (!form.test(code)) return refused('uscc-form-unknown')
  const warnings: FindingCode[] = []
  if (socialCreditCheck(code) !== code[17]) {
    if (!allowFailingCheck) return refused('uscc-check')
    warnings.push('uscc-check')
  }
  const organisation = code.slice(8, 17)
  if (organisationCheck(organisation) !== organisation[8]) warnings.push('uscc-organisation-check')
  const value = { code, authority: code[0]!, organisationKind: code[1]!, division: code.slice(2, 8), organisation }
  return read(value, code === plain ? changes : [...changes, 'letters-upper-cased'], warnings)
}
