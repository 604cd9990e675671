import { describe, expect, it } from 'vitest'

import { codesIn, readText } from '#web/read/read-text.ts'
import { recordsIn } from '#web/read/records-in.ts'

import { codeOf, longDigits, readTestCode } from './page/test-code.ts'
import { otherRecord, record } from './records.ts'

const wrapped = (text: string, width: number, end = '\n', before = ''): string =>
  Array.from({ length: Math.ceil(text.length / width) }, (_, index) => before + text.slice(index * width, (index + 1) * width)).join(end)

describe('records in a text', () => {
  it.each<[string, string]>([
    ['bare', record],
    ['with blanks and line ends around it', `\n\t  ${record}\r\n\r\n`],
    ['behind a byte order mark', `\ufeff${record}`],
    ['in quotes', `"${record}"`],
    ['in Chinese quotes, with a full stop', `凭证为“${record}”。`],
    ['in an answer', JSON.stringify({ number: '1', text: record, digest: 'x' }, undefined, 2)],
    ['behind a label', `record=${record}`],
    ['broken into lines', wrapped(record, 76)],
    ['broken into lines that end anywhere', wrapped(record, 61, '\r\n')],
    ['broken behind its header', record.replace('.', '.\n')],
    ['quoted by a mail program', wrapped(record, 72, '\n', '> ')],
    ['followed by words', `${record}\nBest regards, Sun`],
    ['said twice', `${record}\n${record}`],
  ])('are found %s', (_name, text) => {
    expect(recordsIn(text)).toEqual([record])
  })

  it('are found wherever the lines end', () => {
    for (let width = 40; width < record.length; width++) expect(recordsIn(wrapped(record, width))).toEqual([record])
  })

  it('are each their own', () => {
    expect(recordsIn(`${record}\n${otherRecord}\n`)).toEqual([record, otherRecord])
    expect(recordsIn(`${wrapped(record, 64)}\n\n${wrapped(otherRecord, 64)}`)).toEqual([record, otherRecord])
    expect(recordsIn(JSON.stringify([record, otherRecord]))).toEqual([record, otherRecord])
  })

  it('keep their key-binding JWT, and nothing behind it', () => {
    const bound = `${record}eyJhbGciOiJFZDI1NTE5In0.eyJub25jZSI6IjEifQ.c2ln`
    expect(recordsIn(`${bound} thanks`)).toEqual([bound])
    expect(recordsIn(`${wrapped(bound, 70)}\n${otherRecord}`)).toEqual([bound, otherRecord])
  })

  it('are handed over whole when they are spoilt, so that what is wrong with them is said', () => {
    for (const at of [30, 400, record.indexOf('~') + 5, record.length - 5]) {
      const spoilt = `${record.slice(0, at)}!${record.slice(at + 1)}`
      expect(recordsIn(spoilt)).toEqual([spoilt])
    }
    const cut = record.slice(0, -40)
    expect(recordsIn(cut)).toEqual([cut])
  })

  it('are none where there are none', () => {
    expect(recordsIn('')).toEqual([])
    expect(recordsIn('eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiJ4In0.c2ln')).toEqual([])
    expect(recordsIn('~~~ eyJ is how a token begins ~')).toEqual([])
  })
})

describe('paper codes in a text', () => {
  const digits = longDigits('1')
  const code = codeOf(digits)

  it('are addresses with digits, or digits alone, also when broken into lines', () => {
    expect(codesIn(code)).toEqual([code])
    expect(codesIn(`核验：<${code}>\n2026 年`)).toEqual([`${code}2026`])
    expect(codesIn(`核验：<${code}>\n2026年`)).toEqual([code])
    expect(codesIn(wrapped(code, 70))).toEqual([code])
    expect(codesIn(`${code}\n${codeOf(longDigits('2'))}`)).toEqual([code, codeOf(longDigits('2'))])
    expect(codesIn(digits)).toEqual([digits])
    expect(codesIn(wrapped(digits, 60, '\n  '))).toEqual([digits])
  })

  it('are not every number and every address', () => {
    expect(codesIn('370113199604192288')).toEqual([])
    expect(codesIn('https://example.com/menu#top')).toEqual([])
    expect(codesIn('')).toEqual([])
  })

  it('are read into what they stand for', async () => {
    expect(await readText(`${record}\n${code}\n${codeOf('012')}`, readTestCode)).toEqual([
      { kind: 'record', text: record, carrier: 'text', notes: [] },
      { kind: 'record', text: digits, carrier: 'paper-code', notes: [] },
      { kind: 'unread', why: 'code-damaged' },
    ])
  })
})
