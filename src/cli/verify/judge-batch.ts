import { encodeUtf8 } from '#core/encoding/utf8.ts'
import type { Language } from '#core/model/localised.ts'
import type { Truth } from '#core/model/truth.ts'
import { standingOf, type Standing } from '#core/rules/decision.ts'
import { shownText } from '../shown-text.ts'
import { rowOfVerdict } from './describe-verdict.ts'
import { gravestOf, type Judge } from './open-judge.ts'
import type { Batch } from './read-batches.ts'

/** How verdicts on many records are put down. */
export interface Form {
  readonly json: boolean
  readonly language: Language
  /** Names of the files where there are several; a single one needs no naming. */
  readonly files: readonly string[]
}

export type Tally = Record<Truth, number>
export type RecognitionTally = Record<Standing, number>

/** What a batch came to: plain data, since it crosses threads. */
export interface JudgedBatch {
  /** Of authenticity. */
  readonly answers: Tally
  /** Of recognition; all zero where it was not asked. */
  readonly recognitions: RecognitionTally
  /** Of both together, as the exit code counts them. */
  readonly gravest: Tally
  readonly records: number
  /** A line of JSON for each record, or a line of words for each that is not a yes; UTF-8. */
  readonly lines: Uint8Array<ArrayBuffer>
}

export const noTally = (): Tally => ({ yes: 0, no: 0, 'cannot-tell': 0 })
export const noRecognitions = (): RecognitionTally => ({ yes: 0, 'on-condition': 0, no: 0, 'cannot-tell': 0 })

export function judgeBatch(
  { first, bytes, ends, files: fileOf }: Pick<Batch, 'first' | 'bytes' | 'ends' | 'files'>,
  { judge }: Pick<Judge, 'judge'>,
  form: Form,
): JudgedBatch {
  const [answers, recognitions, gravest] = [noTally(), noRecognitions(), noTally()]
  const lines: string[] = []
  let from = 0
  for (const [at, end] of ends.entries()) {
    const verdict = judge(bytes.subarray(from, end))
    from = end
    const gravity = gravestOf(verdict)
    answers[verdict.answer]++
    gravest[gravity]++
    if (verdict.recognition !== null) recognitions[standingOf(verdict.recognition)]++
    const index = first + at
    const file = form.files.length > 1 ? form.files[fileOf[at]!] : undefined
    if (form.json) lines.push(JSON.stringify({ index, ...(file === undefined ? {} : { file }), ...verdict }))
    else if (gravity !== 'yes') lines.push(shownText(rowOfVerdict(verdict, index, file, form.language)))
  }
  return { answers, recognitions, gravest, records: ends.length, lines: encodeUtf8(lines.map((line) => `${line}\n`).join('')) }
}
