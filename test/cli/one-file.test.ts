import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { titleDraft } from '../support/examples.ts'
import { makeAlliance } from '../support/make-alliance.ts'
import { answerOf, comity, makeFolder, rowsOf, writeTrustFolder } from './run-comity.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = makeFolder()
const alone = folder.path('alone', 'comity.mjs')

beforeAll(async () => {
  await build({
    root,
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { outDir: folder.path('dist'), emptyOutDir: true },
  })
  mkdirSync(folder.path('alone'))
  copyFileSync(folder.path('dist', 'comity.mjs'), alone)
})
afterAll(folder.remove)

describe('the command as one file', () => {
  const circle = makeAlliance({ cities: ['370100', '370300'] })
  const asked = ['--trust', writeTrustFolder(folder.path('trust'), circle.files), '--at', circle.at, '--json']
  const texts = Array.from({ length: 1200 }, () => circle.issue('370100', 'title', titleDraft()))

  it('verifies a record with nothing beside it', async () => {
    expect(answerOf(await comity(['verify', folder.put('one', texts[0]!), ...asked], { entry: alone }))).toMatchObject({ answer: 'yes' })
  })

  it('verifies a file of many in threads that it starts from itself', async () => {
    const ran = await comity(['verify', folder.put('many', texts.join('\n')), ...asked], {
      entry: alone,
    })
    expect(ran.code).toBe(0)
    expect(rowsOf(ran).at(-1)).toEqual({
      summary: { records: 1200, answer: 'yes', yes: 1200, no: 0, 'cannot-tell': 0 },
    })
  })

  it('says which drivers a node needs beside it', async () => {
    const { code, stderr } = await comity(['init', '--data', folder.path('nowhere'), '--division', '370100', '--name', '济南'], { entry: alone })
    expect(code).toBe(78)
    expect(stderr).toContain('[driver-missing]')
  })

  it('makes a node and imports a ledger with the drivers beside it', async () => {
    symlinkSync(`${root}/node_modules`, folder.path('alone', 'node_modules'))
    const data = folder.path('node')
    answerOf(
      await comity(['init', '--data', data, '--division', '370100', '--name', '济南', '--json'], {
        entry: alone,
      }),
    )
    const ledger = fileURLToPath(new URL('../ledger/jinan-titles.csv', import.meta.url))
    const imported = await comity(['import', ledger, '--data', data, '--family', 'title', '--json'], { entry: alone })
    expect(rowsOf(imported).at(-1)).toMatchObject({ summary: { rows: 400, issued: 374 } })
  })

  it('makes a sheet in a process that it starts from itself, with the templates where the clone has them', async () => {
    symlinkSync(`${root}/src`, folder.path('src'))
    const sheet = folder.path('report.pdf')
    answerOf(await comity(['report', folder.path('one'), '--data', folder.path('node'), '--out', sheet, '--json'], { entry: alone }))
    expect(readFileSync(sheet, 'latin1').slice(0, 8)).toBe('%PDF-1.7')
  })
})
