import type { faultTexts } from './fault-texts.ts'

/** Every way a caller can be told no. A refusal to recognise is not a fault: it is a decision with reasons. */
export type FaultCode = keyof typeof faultTexts

export interface FaultDetail {
  /** The place in the input: a JSON pointer, a member name, a byte offset, a row and column. Never a value. */
  readonly at?: string | undefined
  /** What was found there, in words for an engineer. Never personal data, never key material. */
  readonly detail?: string | undefined
  /** Where there is more than one thing to say: each with its place and a code of its own table. */
  readonly findings?: readonly FaultFinding[] | undefined
  readonly cause?: unknown
}

export interface FaultFinding {
  readonly at: string
  readonly code: string
}

/** A fault carries a stable code, the place and the cause; its texts in both languages stand in `fault-texts.ts`. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly at: string | undefined
  readonly detail: string | undefined
  readonly findings: readonly FaultFinding[]

  constructor(code: FaultCode, { at, detail, findings = [], cause }: FaultDetail = {}) {
    super([code, at, detail].filter((part) => part !== undefined).join(': '), cause === undefined ? undefined : { cause })
    this.name = 'Fault'
    this.code = code
    this.at = at
    this.detail = detail
    this.findings = findings
  }
}
