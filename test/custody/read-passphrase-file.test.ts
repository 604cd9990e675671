import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'

import { afterAll, describe, expect, it } from 'vitest'

import { faultTexts } from '#core/fault-texts.ts'
import { readPassphraseFile } from '#custody/read-passphrase-file.ts'
import { faultOf } from '../support/fault-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-passphrase-'))
afterAll(() => rmSync(folder, { recursive: true }))

let count = 0
function file(content: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, `${count++}`)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe('a passphrase file', () => {
  it.each([
    ['twelve chars', 'twelve chars'],
    ['twelve chars\n', 'twelve chars'],
    ['twelve chars\r\n', 'twelve chars'],
    ['twelve chars\n\n', 'twelve chars\n'],
    [' with blanks around \n', ' with blanks around '],
    ['口令口令口令口令口令口令\n', '口令口令口令口令口令口令'],
  ])('%j gives %j', (content, passphrase) => {
    expect(readPassphraseFile(file(content))).toBe(passphrase)
    expect(readPassphraseFile(file(content, 0o400))).toBe(passphrase)
  })

  it.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o660, 0o777])('with mode %o is refused, with a remedy', (mode) => {
    expect(faultOf(() => readPassphraseFile(file('long enough for all', mode)))).toBe('passphrase-file-unsafe')
    expect(faultTexts['passphrase-file-unsafe'].remedy.en).toContain('chmod 600')
  })

  it('that is a link is judged by what it leads to', () => {
    const link = join(folder, 'link')
    symlinkSync(file('long enough for all', 0o644), link)
    expect(faultOf(() => readPassphraseFile(link))).toBe('passphrase-file-unsafe')
  })

  it('that is no regular file is refused, and does not make us wait', () => {
    const directory = join(folder, 'directory')
    mkdirSync(directory, { mode: 0o700 })
    expect(faultOf(() => readPassphraseFile(directory))).toBe('passphrase-file-unsafe')
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', ['-m', '600', pipe])
    expect(faultOf(() => readPassphraseFile(pipe))).toBe('passphrase-file-unsafe')
  })

  it.each(['', '\n', 'eleven char', 'eleven char\n', '口令口令口令口令口令口', '𩶘𩶘𩶘𩶘𩶘𩶘𩶘'])('with %j is too short', (content) => {
    expect(faultOf(() => readPassphraseFile(file(content)))).toBe('passphrase-too-short')
  })

  it('that is missing, huge or no text is refused', () => {
    expect(faultOf(() => readPassphraseFile(join(folder, 'absent')))).toBe('passphrase-file-unreadable')
    expect(faultOf(() => readPassphraseFile(file('a'.repeat(4097))))).toBe('bytes-too-many')
    expect(faultOf(() => readPassphraseFile(file(Uint8Array.from([0xff, 0xfe, 0x41, 0x00]))))).toBe('text-not-utf8')
  })

  it('never shows its content in a fault', () => {
    for (const content of ['hunter2', Uint8Array.from([0x68, 0x75, 0x6e, 0x74, 0x65, 0x72, 0x32, 0xff])]) {
      try {
        readPassphraseFile(file(content))
        expect.unreachable()
      } catch (error) {
        expect([String((error as Error).stack).includes('hunter2'), (error as Error).cause]).toEqual([false, undefined])
      }
    }
  })
})
