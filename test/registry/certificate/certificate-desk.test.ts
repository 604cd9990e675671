import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import type { Fault } from '#core/fault.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { openCertificateDesk, type CertificateDesk, type DeskOptions } from '#registry/certificate/certificate-desk.ts'
import { inputOf } from './sheets.ts'

const input = inputOf('title')
const beginsAsPdf = (pdf: Uint8Array): string => Buffer.from(pdf.subarray(0, 8)).toString('latin1')

let templates: string
beforeAll(() => {
  templates = mkdtempSync(join(tmpdir(), 'comity-templates-'))
  cpSync(join(import.meta.dirname, '../../../src/registry/certificate/templates'), templates, { recursive: true })
  writeFileSync(join(templates, 'skill.typ'), '#panic("孙远敏 370113199604192288")')
  // Works for longer than anybody waits.
  writeFileSync(
    join(templates, 'work-injury.typ'),
    '#let spin(n) = range(n).fold(0, (sum, each) => calc.rem(sum * 31 + each, 1000003))\n#range(100000).map(each => spin(100000 + each))',
  )
})
afterAll(() => rmSync(templates, { recursive: true }))

/** Children of a process, by their numbers. */
const processes = (of: number | undefined = process.pid): readonly number[] =>
  readdirSync(`/proc/${of}/task`).flatMap((task) => readFileSync(`/proc/${of}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number))

async function withDesk(options: Partial<DeskOptions>, work: (desk: CertificateDesk) => Promise<void>): Promise<void> {
  const desk = openCertificateDesk({ engine: nodeEngine, workers: 1, ...options })
  try {
    await work(desk)
  } finally {
    await desk.close()
  }
}

describe('the certificate desk', () => {
  it('refuses more than it can hold, and makes the rest', () =>
    withDesk({ queue: 2 }, async (desk) => {
      const asked = await Promise.allSettled(Array.from({ length: 5 }, () => desk.certificate(input)))
      // One is being made, two wait.
      expect(asked.map((each) => (each.status === 'fulfilled' ? beginsAsPdf(each.value) : (each.reason as Fault).code))).toEqual([
        '%PDF-1.7',
        '%PDF-1.7',
        '%PDF-1.7',
        'certificate-busy',
        'certificate-busy',
      ])
    }))

  it('tells what is wrong with a template, without the words of anybody, and goes on', () =>
    withDesk({ templates }, async (desk) => {
      const failed = await desk.certificate(inputOf('skill')).catch((fault: unknown) => fault as Fault)
      expect((failed as Fault).message).toBe('certificate-failed: skill: panicked with:')
      expect(beginsAsPdf(await desk.certificate(input))).toBe('%PDF-1.7')
    }))

  it('gives up a sheet that does not come, and makes the ones behind it in a new worker', () =>
    withDesk({ templates, patience: 3000 }, async (desk) => {
      const [lost, next] = await Promise.allSettled([desk.certificate(inputOf('work-injury')), desk.certificate(input)])
      expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'certificate-failed', at: 'work-injury', detail: 'no sheet after 3000 ms' } })
      expect(next.status).toBe('fulfilled')
    }))

  it('survives workers that die, and starts new ones', () =>
    // Less memory than the process needs to begin.
    withDesk({ megabytes: 1 }, async (desk) => {
      const asked = await Promise.allSettled([desk.certificate(input), desk.certificate(input)])
      const died = { status: 'rejected', reason: { code: 'certificate-failed', at: 'title', detail: expect.stringMatching(/^the worker ended with SIG/) } }
      expect(asked).toMatchObject([died, died])
    }))

  it('survives a worker that is killed in the midst of a sheet', () =>
    withDesk({ templates }, async (desk) => {
      const before = processes()
      const lost = desk.certificate(inputOf('work-injury')).catch((fault: unknown) => fault)
      const [worker] = await vi.waitFor(() => {
        const born = processes().filter((pid) => !before.includes(pid))
        expect(born.length).toBe(1)
        return born
      })
      process.kill(worker!, 'SIGKILL')
      expect(await lost).toMatchObject({ code: 'certificate-failed', at: 'work-injury', detail: 'the worker ended with SIGKILL' })
      expect(beginsAsPdf(await desk.certificate(input))).toBe('%PDF-1.7')
    }))

  it('ends a process that has had nothing to do, and starts one for the next sheet', () => {
    const before = processes().length
    return withDesk({ idle: 500 }, async (desk) => {
      await desk.certificate(input)
      expect(processes().length).toBe(before + 1)
      await vi.waitFor(() => expect(processes().length).toBe(before), { timeout: 60_000, interval: 200 })
      expect(beginsAsPdf(await desk.certificate(input))).toBe('%PDF-1.7')
    })
  })

  it('leaves nobody behind when its process is killed, and gives its workers none of the environment', async () => {
    const desk = new URL('../../../src/registry/certificate/certificate-desk.ts', import.meta.url)
    const owner = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { openCertificateDesk } from '${desk.href}'
         import { nodeEngine } from '#custody/engine-node.ts'
         const desk = openCertificateDesk({ engine: nodeEngine, workers: 1, templates: process.argv[1] })
         desk.certificate(JSON.parse(process.argv[2]))
         setInterval(() => undefined, 1000)`,
        templates,
        JSON.stringify(inputOf('title')),
      ],
      { cwd: fileURLToPath(new URL('../../..', import.meta.url)), env: { PATH: process.env['PATH'], COMITY_SECRET: 'nobody else’s' }, stdio: 'ignore' },
    )
    try {
      const [worker] = await vi.waitFor(() => {
        const born = processes(owner.pid)
        expect(born.length).toBe(1)
        return born
      }, 30_000)
      await vi.waitFor(() => expect(readFileSync(`/proc/${worker}/cmdline`, 'utf8')).toContain('certificate-worker'), 30_000)
      expect(readFileSync(`/proc/${worker}/environ`, 'utf8')).not.toContain('COMITY_SECRET')
      process.kill(worker!, 'SIGTERM') // as by a signal to the whole group
      owner.kill('SIGKILL')
      await vi.waitFor(() => expect(existsSync(`/proc/${worker}`)).toBe(false), 30_000)
    } finally {
      owner.kill('SIGKILL')
    }
  })

  it('takes no evidence into a report that is larger than a record can be', () =>
    withDesk({}, async (desk) => {
      await expect(desk.report({ ...reportOf, record: 'x'.repeat(65_537) })).rejects.toMatchObject({ code: 'bytes-too-many', at: 'record' })
    }))

  it('tells that it has no templates', () =>
    withDesk({ templates: join(templates, 'nowhere') }, async (desk) => {
      await expect(desk.certificate(input)).rejects.toMatchObject({ code: 'certificate-failed' })
    }))

  it('answers whoever still waits when it closes, and nobody after', async () => {
    const desk = openCertificateDesk({ engine: nodeEngine, workers: 1 })
    const asked = [desk.certificate(input), desk.certificate(input)].map((each) => each.catch((fault: unknown) => (fault as Fault).code))
    await desk.close()
    expect(await Promise.all([...asked, desk.certificate(input).catch((fault: unknown) => (fault as Fault).code)])).toEqual([
      'certificate-failed',
      'certificate-failed',
      'certificate-failed',
    ])
  })
})

const reportOf = {
  verdict: {
    answer: 'cannot-tell',
    at: '2026-06-01T04:00:00Z',
    policy: 'comity/1',
    evidence: { digest: null },
    issuer: null,
    record: null,
    checks: [{ id: 'form', answer: 'cannot-tell', reason: 'not-a-record' }],
    notes: [],
    recognition: null,
  },
  verifier: { zh: '淄博市人力资源和社会保障局', en: 'Zibo HRSS Bureau' },
  maskIdentity: false,
  verifyAt: 'https://370300.comity.example/',
} as unknown as Parameters<CertificateDesk['report']>[0] // the instant is well formed
