import { describe, expect, it } from 'vitest'

import { commands } from '#cli/commands.ts'
import { exits } from '#cli/exit-codes.ts'
import { commandHelp } from '#cli/help.ts'
import { languageOf } from '#cli/language.ts'
import { comity } from './run-comity.ts'

describe('the help', () => {
  it('names every command and every exit code, in both languages', async () => {
    const [en, zh] = await Promise.all([comity(['--help']), comity(['help', '--lang', 'zh'])])
    expect([en.code, zh.code]).toEqual([0, 0])
    for (const [name, { text }] of Object.entries(commands)) {
      expect(en.stdout).toContain(`  ${name} `)
      expect(en.stdout).toContain(text.en)
      expect(zh.stdout).toContain(text.zh)
    }
    for (const exit of Object.values(exits)) {
      expect(en.stdout).toContain(exit.en)
      expect(zh.stdout).toContain(exit.zh)
    }
  })

  it('of each command names all of its options', async () => {
    for (const [name, { load }] of Object.entries(commands)) {
      const command = await load()
      for (const language of ['zh', 'en'] as const) {
        const text = commandHelp(name, command, language)
        for (const [option, entry] of Object.entries(command.options)) {
          expect(text, `${name} --${option}`).toContain(`--${option}`)
          expect(text, `${name} --${option}`).toContain(entry.text[language])
        }
      }
    }
  })

  it('of a command that is none is a usage error, and of a group of commands the list', async () => {
    expect(await comity(['help', 'nonsense'])).toEqual({
      code: 64,
      stdout: '',
      stderr: 'comity: The command line is wrong [usage-wrong] nonsense\n  → See: comity help\n',
    })
    expect((await comity(['help', 'log'])).code).toBe(0)
    expect((await comity(['help', 'log', 'proof'])).stdout).toContain('Usage: comity log proof')
  })

  it('is the answer to no words at all, which are a usage error', async () => {
    expect((await comity([])).code).toBe(64)
    const unknown = await comity(['nonsense'])
    expect(unknown).toEqual({
      code: 64,
      stdout: '',
      stderr: 'comity: The command line is wrong [usage-wrong] nonsense\n  → See: comity help\n',
    })
  })

  it('comes by --help as well, and then nothing else is asked for', async () => {
    const [a, b] = await Promise.all([comity(['verify', '--help']), comity(['help', 'trust', 'export'])])
    expect(a).toMatchObject({ code: 0, stderr: '' })
    expect(a.stdout).toContain('Usage: comity verify FILE…|- (--trust DIR|FILE | --bundle FILE) [options]')
    expect(b.stdout).toContain('Usage: comity trust export --data DIR --out DIR [options]')
  })
})

describe('the exit codes', () => {
  it('are the ones that other people’s scripts know', () => {
    expect(Object.fromEntries(Object.entries(exits).map(([name, { code }]) => [name, code]))).toEqual({
      done: 0,
      no: 1,
      'cannot-tell': 2,
      usage: 64,
      data: 65,
      'no-input': 66,
      broken: 70,
      'no-output': 73,
      again: 75,
      setting: 78,
    })
  })
})

describe('the language', () => {
  it('is Chinese for every Chinese locale and English for all others', () => {
    expect(languageOf({ LANG: 'zh_CN.UTF-8' })).toBe('zh')
    expect(languageOf({ LANG: 'en_US.UTF-8', LC_ALL: 'zh_TW' })).toBe('zh')
    expect(languageOf({ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'de_DE' })).toBe('en')
    expect(languageOf({ LANG: 'zh_CN.UTF-8', LC_ALL: '' })).toBe('zh')
    expect(languageOf({ LANG: 'C' })).toBe('en')
    expect(languageOf({})).toBe('en')
  })
})

it('says which setting of the environment is wrong', async () => {
  const { code, stderr } = await comity(['keys', 'list', '--data', '.'], {
    env: { DATABASE_URL: 'mysql://x' },
  })
  expect(code).toBe(78)
  expect(stderr).toContain('[setting-wrong]')
})
