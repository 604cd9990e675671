import { describe, expect, it } from 'vitest'

import { readDocumentNumber } from '#core/model/document-number.ts'
import vectors from '../../vectors/text.json' with { type: 'json' }

describe('reading a document number', () => {
  it.each(vectors.documentNumber.accept)('leaves %s as it is', (number) =>
    expect(readDocumentNumber(number)).toEqual({ ok: true, value: number, changes: [], warnings: [] }),
  )

  it.each(vectors.documentNumber.reject)('refuses %s', (number) =>
    expect(readDocumentNumber(number)).toEqual({ ok: false, reason: 'document-number-form-unknown' }),
  )

  it.each(['[2021]', '(2021)', '（2021）', '［2021］', '【2021】', '(2021]', '【2021]', '〔2021）'])('makes %s the brackets of documents', (year) => {
    expect(readDocumentNumber(`济人社职${year}24号`)).toEqual({ ok: true, value: '济人社职〔2021〕24号', changes: ['document-number-brackets'], warnings: [] })
  })

  it('says what else it changed', () => {
    expect(readDocumentNumber('济人社职（２０２１）第 ２４ 号')).toEqual({
      ok: true,
      value: '济人社职〔2021〕24号',
      changes: ['full-width', 'blanks-removed', 'document-number-brackets', 'document-number-ordinal'],
      warnings: [],
    })
    expect(readDocumentNumber(' ')).toEqual({ ok: false, reason: 'document-number-blank' })
  })
})
