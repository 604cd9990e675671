import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'

import { readOffer } from '#web/read/read-offer.ts'

import { useTestPage } from '../../web/read/open-test-page.ts'
import { codeOf, longDigits, readTestCode } from '../../web/read/page/test-code.ts'
import { otherRecord, record as title } from '../../web/read/records.ts'
import { expectEach, nothing, record, unread } from './expect-each.ts'

const visitor = useTestPage()
const folder = mkdtempSync(join(tmpdir(), 'comity-offer-'))
afterAll(() => rmSync(folder, { recursive: true }))

function hugeFile(begin: string, bytes: number): string {
  const path = join(folder, 'huge')
  writeFileSync(path, begin)
  truncateSync(path, bytes)
  return path
}

const found = [record(title, 'record-file')]
const digits = longDigits('1')

describe('a file of text', () => {
  const changed = `${title.slice(0, 500)}${title[500] === 'A' ? 'B' : 'A'}${title.slice(501)}`
  const spoilt = `${title.slice(0, 500)}!${title.slice(501)}`
  expectEach(visitor, () => Buffer.from(title), found, [
    ['empty', () => Buffer.alloc(0), nothing('file-empty')],
    ['blank', () => Buffer.from(' \r\n\t\n'), nothing('file-empty')],
    ['without a record', () => Buffer.from('鲁迅《呐喊》自序'), nothing('text-without-record')],
    ['of another encoding', () => Buffer.concat([Buffer.from([0xc6, 0xbe, 0xd6, 0xa4, 0x0a]), Buffer.from(title)]), found],
    ['in UTF-16', () => Buffer.from(`\ufeff${title}`, 'utf16le'), found],
    ['with a changed letter is a record: what is wrong is for the verdict', () => Buffer.from(changed), [record(changed, 'record-file')]],
    ['with a spoilt letter as well', () => Buffer.from(spoilt), [record(spoilt, 'record-file')]],
    ['with two records', () => Buffer.from(`${title}\n${otherRecord}\n`), [...found, record(otherRecord, 'record-file')]],
    ['with a paper code', () => Buffer.from(codeOf(digits)), [record(digits, 'paper-code')]],
    ['with a NUL', () => Buffer.from(`${title}\0`), nothing('format-unknown')],
    ['that turns out not to be text after a while', () => Buffer.from(`${title}${' '.repeat(100_000)}\0`), nothing('format-unknown')],
    ['of more than a megabyte', () => Buffer.from(`${title}${'\n'.repeat(1024 * 1024)}`), unread('file-too-large')],
    ['of 500 MB', () => hugeFile(`${title}${' '.repeat(70_000)}`, 500 * 1024 * 1024), unread('file-too-large')],
    ['that is nothing but the beginnings of records', () => Buffer.from('eyJ '.repeat(250_000)), nothing('text-without-record')],
    ['that never ends its record', () => Buffer.from(`eyJ${'a.~b '.repeat(200_000)}`), [record(`eyJ${'a.~b'.repeat(200_000)}`, 'record-file')]],
  ])
})

describe('a file of another kind', () => {
  expectEach(visitor, () => Buffer.from(title), found, [
    ['a web page with a record in it', () => Buffer.from(`<!doctype html><p>${title}</p><script>alert(1)</script>`), nothing('format-unknown')],
    ['an archive', () => Buffer.from(`PK\x03\x04\0\0${title}`, 'latin1'), nothing('format-unknown')],
    ['a program', () => Buffer.from(`\x7fELF\x02\x01\x01\0${title}`, 'latin1'), nothing('format-unknown')],
    ['500 MB of nothing', () => hugeFile('', 500 * 1024 * 1024), nothing('format-unknown')],
  ])

  it('is answered when it goes while it is looked at', async () => {
    const path = join(folder, 'gone')
    writeFileSync(path, title)
    const { page, call } = visitor()
    await page.setInputFiles('input', path)
    await page.evaluate(() => document.querySelector('input')?.files?.[0]?.size)
    rmSync(path)
    expect((await call('readChosen')).found).toEqual(unread('file-unreadable'))
    expect((await visitor().read(Buffer.from(title))).found).toEqual(found)
  })
})

describe('pasted text', () => {
  it('is answered like a file, whatever it is', async () => {
    const { call } = visitor()
    expect(await call('readText', '')).toEqual(nothing('file-empty'))
    expect(await call('readText', 'hello')).toEqual(nothing('text-without-record'))
    expect(await call('readText', 'x'.repeat(1024 * 1024 + 1))).toEqual(unread('file-too-large'))
    expect(await call('readText', ` ${title} `)).toEqual([{ ...record(title, 'record-file'), carrier: 'text' }])
  })
})

describe('a file that is too large', () => {
  it.each([
    ['%PDF-1.7', 20],
    ['\xff\xd8\xff', 50],
    ['hello', 1],
  ])('is not read beyond its first bytes: %j', async (begin, megabytes) => {
    const head = new Blob([Buffer.from(begin.padEnd(65_536), 'latin1')])
    // As a file on a disk would be that is this long.
    const sized = (size: number): Blob =>
      new Proxy(head, {
        get: (target, name) => {
          if (name === 'size') return size
          return name === 'slice' ? target.slice.bind(target) : () => Promise.reject(new Error('it was read'))
        },
      })
    const answer = (size: number): Promise<unknown> => readOffer({ kind: 'file', name: 'x', blob: sized(size) }, { readCode: readTestCode })
    expect(await answer(megabytes * 1024 * 1024 + 1)).toEqual(unread('file-too-large'))
    // At the bound it is read, which this one does not let itself be.
    expect(await answer(megabytes * 1024 * 1024)).toEqual(unread('file-unreadable'))
  })
})
