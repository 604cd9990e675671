import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { create } from 'qrcode'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import type { CertificateInput } from '#registry/certificate/certificate-data.ts'
import type { DrawnCode } from '#registry/certificate/draw-code.ts'
import { exampleDrafts } from '../../support/examples.ts'
import { makeAlliance, type IssueChanges } from '../../support/make-alliance.ts'

/** Records and certificates of two cities, and what the tools of Debian say of a PDF. */

export const alliance = makeAlliance({ cities: ['370100', '370300'] })

export const verifyAt = 'https://370100.comity.example/'

type Changes = NonNullable<Parameters<(typeof exampleDrafts)['title']>[0]>

export function inputOf(family: FamilyId, changes: Changes = {}, issued: IssueChanges = {}): CertificateInput {
  const recognising = family === 'recognition'
  const division = recognising ? '370300' : '370100'
  const record = alliance.issue(division, family, exampleDrafts[family](changes), { idx: 7, ...issued })
  return {
    record,
    issuer: alliance.city(division),
    ...(recognising ? { sourceIssuer: alliance.city('370100') } : {}),
    maskIdentity: false,
    verifyAt,
  }
}

/** A code of the given text, its smallest version at level M. */
export function codeOf(text: string): DrawnCode {
  const { version, modules } = create([{ data: Buffer.from(text), mode: 'byte' }], { errorCorrectionLevel: 'M' })
  return { version, size: modules.size, modules: Array.from(modules.data, (module) => module === 1) }
}

/** Number of the record, as its claims say it. */
export const numberOf = (record: string): string => parseSdJwt(record, nodeEngine).claims['number'] as string // issued above

export interface Sheet {
  readonly path: string
  readonly run: (tool: string, ...words: readonly string[]) => string
  /** Text of all pages without blanks, since a value may have been broken into lines. */
  readonly text: () => string
  /** The only one. */
  readonly attachment: () => { readonly name: string; readonly content: string }
  /** Names of all that is attached, and what is in each. */
  readonly attachments: () => Readonly<Record<string, string>>
  readonly close: () => void
}

/** Puts a PDF into a folder of its own. `@` in the words of a tool stands for its path. */
export function layOut(pdf: Uint8Array): Sheet {
  const folder = mkdtempSync(join(tmpdir(), 'comity-sheet-'))
  const path = join(folder, 'sheet.pdf')
  writeFileSync(path, pdf)
  const run = (tool: string, ...words: readonly string[]): string =>
    execFileSync(
      tool,
      words.map((word) => word.replace('@', path)),
      { encoding: 'utf8', cwd: folder, maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] },
    )
  return {
    path,
    run,
    text: () => run('pdftotext', '@', '-').replaceAll(/\s+/g, ''),
    attachment: () => {
      const [, name] = /^1 embedded files\n1: (.*)\n$/.exec(run('pdfdetach', '-list', '@')) ?? []
      const into = join(folder, 'attached')
      run('pdfdetach', '-save', '1', '-o', into, '@')
      return { name: name ?? '', content: readFileSync(into, 'latin1') }
    },
    attachments: () => {
      const names = Array.from(run('pdfdetach', '-list', '@').matchAll(/^\d+: (.*)$/gm), ([, name]) => name!)
      return Object.fromEntries(
        names.map((name, index) => {
          const into = join(folder, `attached-${index}`)
          run('pdfdetach', '-save', String(index + 1), '-o', into, '@')
          return [name, readFileSync(into, 'utf8')]
        }),
      )
    },
    close: () => rmSync(folder, { recursive: true }),
  }
}
