import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'

import { claimOn } from '../support/claim-on-page.ts'
import { openBrowser, openPage, outcomeOn } from '../support/open-page.ts'
import { pictureOf } from '../support/sheets-of-nodes.ts'
import { give } from './open-journey.ts'

const script = fileURLToPath(new URL('../../scripts/demo.ts', import.meta.url))

interface Told {
  readonly code: number | null
  readonly text: string
  readonly stderr: string
  /** What it left where temporary files go. */
  readonly left: readonly string[]
  /** Processes that it left: they are known by the folder that their command line names. */
  readonly processes: readonly string[]
}

/** Runs the demo with a temporary folder of its own; once it has said what `stopAt` names, it is told to stop. */
async function runDemo(
  words: readonly string[],
  stopAt?: { readonly said: RegExp; readonly signal: NodeJS.Signals; readonly meanwhile?: (text: string) => Promise<void> },
): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-demo-test-'))
  const child = spawn(process.execPath, [script, ...words], {
    env: { PATH: process.env['PATH'], TMPDIR: folder, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // One that does not come to its end is taken for one that left everything behind.
    timeout: 150_000,
    killSignal: 'SIGKILL',
  })
  // Not to outlive us: its own handler takes its nodes with it.
  const end = (): void => void child.kill('SIGTERM')
  process.once('exit', end)
  const exited = once(child, 'exit')
  try {
    let text = ''
    let stderr = ''
    const said = Promise.withResolvers<void>()
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      if (stopAt !== undefined && stopAt.said.test(text)) said.resolve()
    })
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
    // A process that it leaves behind keeps its output open: that is not to be waited for, but to be found out.
    const closed = Promise.race([once(child, 'close'), exited.then(() => setTimeout(2000))])
    if (stopAt !== undefined) {
      await Promise.race([said.promise, exited])
      await stopAt.meanwhile?.(text)
      child.kill(stopAt.signal)
    }
    await closed
    return { code: child.exitCode, text, stderr, left: readdirSync(folder), processes: processesNaming(folder).map(({ line }) => line) }
  } finally {
    process.off('exit', end)
    child.kill('SIGTERM')
    await exited
    for (const { pid } of processesNaming(folder)) process.kill(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

function processesNaming(folder: string): readonly { readonly pid: number; readonly line: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [{ pid: Number(pid), line: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }]
      } catch {
        return [] // gone meanwhile
      }
    })
    .filter(({ line }) => line.includes(folder))
}

/** The facts below the step whose English line begins so. */
function factsOf(text: string, step: string): readonly string[] {
  const [, rest] = text.split(`\n          ${step}`)
  if (rest === undefined) throw new Error(`no step "${step}" in:\n${text}`)
  return rest
    .split('\n\n')[0]!
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^\s*· /, ''))
}

const marksOf = (facts: readonly string[], what: string): readonly string[] =>
  facts.filter((fact) => fact.includes(`${what}:`)).map((fact) => /: ([✓✗?!]) /u.exec(fact)?.[1] ?? 'none')

const tryIt = 'Open the page and try it by hand'

interface Trial {
  readonly jinan: string
  readonly zibo: string
  readonly claim: string
  readonly code: string
  readonly lastSix: string
  readonly certificate: string
  readonly record: string
  readonly changed: string
}

/** What is printed for somebody who tries. */
function trialOf(facts: readonly string[]): Trial {
  const after = (label: string): string => new RegExp(`${label}:? (\\S+)`).exec(facts.join('\n'))?.[1] ?? `no ${label}`
  return {
    jinan: after('Jinan'),
    zibo: after('Zibo'),
    claim: after('claim page'),
    code: after('code'),
    lastSix: after('last six characters'),
    certificate: after('证书 certificate'),
    record: after('record file'),
    changed: after('certificate whose record was changed'),
  }
}

/** What a newcomer does with it in a browser: claims, prints to a picture, scans, and looks at what was changed. */
async function walkByHand(trial: Trial): Promise<readonly (readonly [what: string, outcome: string])[]> {
  const browser = await openBrowser()
  try {
    const claiming = await openPage(browser, trial.claim)
    await claimOn(claiming.page, trial, trial.lastSix)
    const [download] = await Promise.all([claiming.page.waitForEvent('download'), claiming.page.getByRole('button', { name: saveCertificate }).click()])
    const claimed = readFileSync(await download.path())
    const [{ page: jinan }, { page: zibo }] = await Promise.all([openPage(browser, trial.jinan), openPage(browser, trial.zibo)])
    const answers: (readonly [string, string])[] = []
    const show = async (what: string, page: Page, content: Uint8Array): Promise<void> => {
      await give(page, what, content)
      answers.push([what, (await outcomeOn(page)).outcome])
    }
    await show('the claimed certificate', jinan, claimed)
    await show('a picture of it, at the other city', zibo, pictureOf(claimed))
    for (const path of [trial.certificate, trial.record, trial.changed]) await show(basename(path), zibo, readFileSync(path))
    return answers
  } finally {
    await browser.close()
  }
}

const saveCertificate = '下载证书（PDF）'

describe('npm run demo -- --once', () => {
  let told: Told
  beforeAll(async () => {
    told = await runDemo(['--once'])
  }, 180_000)

  it('ends well and says nothing to standard error', () => {
    expect(told.stderr).toBe('')
    expect(told.code).toBe(0)
  })

  it('leaves no file and no process behind', () => {
    expect(told.left).toEqual([])
    expect(told.processes).toEqual([])
  })

  it('signs what the ledger has, but for the rows that are refused', () => {
    const facts = factsOf(told.text, 'Jinan takes over an old ledger')
    expect(facts[0]).toBe('试运行 dry run: 3000 行 rows — 接受 accepted 2856，规范化 normalised 48，提示 warned 18，退回 refused 78')
    expect(facts.at(-1)).toMatch(/^签发 signed: 2922 份 records，/)
  })

  it('gives the person the number that follows: one before the ledger’s, and its 2,922', () => {
    expect(factsOf(told.text, 'Jinan: two officers issue')[0]).toMatch(/登记号 registration \d{4}-002924$/)
  })

  it('has Zibo find it genuine and recognise it', () => {
    const facts = factsOf(told.text, 'Zibo verifies')
    expect([marksOf(facts, 'genuine'), marksOf(facts, 'recognition')]).toEqual([['✓'], ['!']])
    expect(facts.at(-1)).toMatch(/^互认确认 recognition record \d+/)
  })

  it('has Qingdao find it genuine and refuse to guess', () => {
    const facts = factsOf(told.text, 'Qingdao: the record is genuine')
    expect([marksOf(facts, 'genuine'), marksOf(facts, 'recognition')]).toEqual([['✓'], ['?']])
    expect(facts.join('\n')).toContain('转人工审核 Manual review')
  })

  it('has Binzhou’s record count in both alliances, each under its own agreement', () => {
    const facts = factsOf(told.text, 'Binzhou belongs to both')
    expect([marksOf(facts, 'genuine'), marksOf(facts, 'recognition')]).toEqual([
      ['✓', '✓'],
      ['!', '!'],
    ])
    expect(facts.filter((fact) => fact.startsWith('依据 basis')).map((fact) => fact.split(' / ')[0])).toEqual([
      '依据 basis: 山东省会经济圈人力资源一体化发展联盟 Shandong Provincial-Capital Economic Circle HR Integration Alliance（sd-capital-circle）',
      '依据 basis: 胶东暨蓝区人力资源服务产业(园区)发展联盟 Jiaodong and Blue-Zone HR Service Industry (Parks) Alliance（jiaodong-blue-zone）',
    ])
  })

  it('verifies offline, and refuses one byte changed: a record, and one that is attached to a certificate', () => {
    const facts = factsOf(told.text, 'Offline: a folder')
    expect(['as issued', 'one byte changed', 'attached to a certificate', 'attached and changed'].map((what) => marksOf(facts, what))).toEqual([
      ['✓'],
      ['✗'],
      ['✓'],
      ['✗'],
    ])
  })

  it('shows what a stolen key costs: what was signed since, and nothing that stood in the log before', () => {
    const facts = factsOf(told.text, "Binzhou's issuing key is stolen")
    expect(facts.find((fact) => fact.includes('logged:'))).toMatch(/由 [12] 个邻市联署/)
    expect(
      ['one signed since looks genuine, too', 'logged before, with its proof', 'the same without its proof', 'signed since, with its proof'].map((what) =>
        marksOf(facts, what),
      ),
    ).toEqual([['✓'], ['✓'], ['?'], ['✗']])
    expect(facts.find((fact) => fact.includes('dry run'))).toContain('2 份 records：之前 before 1，之后 after 1')
    expect(facts.find((fact) => fact.includes('comity log check'))).toContain('0 处不符')
  })

  it('opens with the pages, a claim code and the files to try, before the story', () => {
    const facts = factsOf(told.text, tryIt)
    expect(trialOf(facts)).toEqual({
      jinan: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      zibo: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      claim: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/claim$/),
      code: expect.stringMatching(/^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}$/),
      lastSix: '192288',
      certificate: expect.stringMatching(/\/try\/certificate\.pdf$/),
      record: expect.stringMatching(/\/try\/record\.sd-jwt$/),
      changed: expect.stringMatching(/\/try\/certificate-changed\.pdf$/),
    })
    expect(told.text.indexOf(tryIt)).toBeLessThan(told.text.indexOf('Jinan takes over an old ledger'))
  })

  it('has everybody see the revocation, and what stood on it fall', () => {
    const facts = factsOf(told.text, 'Jinan revokes it')
    expect([marksOf(facts, 'genuine'), marksOf(facts, 'recognition')]).toEqual([
      ['✗', '✗', '✗'],
      ['✗', '✗', '✗'],
    ])
    expect(facts.filter((fact) => fact.includes('genuine')).map((fact) => fact.split(' ').at(-1))).toEqual([
      '状态：记录已被撤销（自始无效）',
      '状态：记录已被撤销（自始无效）',
      '原证书：所依据的原证书已被撤销或吊销',
    ])
  })
})

describe('npm run demo', () => {
  const ready: number[] = []
  const answers: (readonly [what: string, outcome: string])[] = []
  let told: Told
  beforeAll(async () => {
    told = await runDemo([], {
      said: /Ctrl-C ends them[^]*How: .*\n/,
      signal: 'SIGINT',
      meanwhile: async (text) => {
        const last = text.slice(text.indexOf('Ctrl-C ends them'))
        for (const [url] of last.matchAll(/http:\/\/\S+\/readyz/g)) ready.push((await fetch(url)).status)
        answers.push(...(await walkByHand(trialOf(factsOf(last, tryIt)))))
      },
    })
  }, 240_000)

  it('stays up with the addresses printed', () => {
    expect(ready).toEqual([200, 200, 200, 200])
  })

  it('lets a newcomer do the whole way by hand, with what it prints last', () => {
    expect(answers).toEqual([
      ['the claimed certificate', 'genuine'],
      ['a picture of it, at the other city', 'genuine'],
      ['certificate.pdf', 'genuine'],
      ['record.sd-jwt', 'genuine'],
      ['certificate-changed.pdf', 'not-valid'],
    ])
  })

  it('takes everything with it when it is interrupted', () => {
    expect(told.stderr).toBe('')
    expect(told.code).toBe(130)
    expect(told.left).toEqual([])
    expect(told.processes).toEqual([])
  })

  it.each([
    ['in the middle of the story', /Jinan takes over an old ledger/, 'SIGTERM', 143],
    ['while a node is being started', /zibo +http/, 'SIGINT', 130],
    ['when its terminal is closed', /Zibo verifies with its own copy/, 'SIGHUP', 129],
  ] as const)(
    'does so %s as well',
    async (_name, said, signal, exit) => {
      const { code, stderr, left, processes } = await runDemo([], { said, signal })
      expect({ code, stderr, left, processes }).toEqual({ code: exit, stderr: '', left: [], processes: [] })
    },
    180_000,
  )
})
