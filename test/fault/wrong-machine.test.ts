import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { verifyRoute } from '#contract/public.ts'
import { presentRecord } from '#contract/records.ts'
import { Fault } from '#core/fault.ts'
import { openStore } from '#storage/open-store.ts'
import { listRecords } from '#storage/records.ts'

import { comity, entry, type Ran } from '../cli/run-comity.ts'
import { titleDraft } from '../support/examples.ts'
import { openTestNode } from '../support/open-test-node.ts'
import { makeNode, serve, type MadeNode } from '../support/served-node.ts'
import { approve, prepareDrafts } from './approvals.ts'
import { oneTo } from './read-register.ts'

/** Every file below a folder: its mode, and the digest of what is in it. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder).toSorted()
  return Object.fromEntries(
    files.map((name) => [
      name,
      `${(statSync(join(folder, name)).mode & 0o777).toString(8)} ${createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex')}`,
    ]),
  )
}

let pristine: MadeNode
let data: string

beforeAll(async () => {
  pristine = await makeNode()
})
afterAll(() => pristine.remove())
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'comity-wrong-'))
  cpSync(pristine.place.data, data, { recursive: true })
})
afterEach(() => {
  chmodSync(data, 0o700)
  rmSync(data, { recursive: true, force: true })
})

const database = (): string => join(data, 'comity.db')
const passphrase = (): string => join(data, 'passphrase')

/** Runs a command that is to fail, and sees that it has changed nothing. */
async function refused(words: readonly string[], run = comity): Promise<{ readonly code: number | null; readonly told: unknown }> {
  const before = contentOf(data)
  const { code, stdout, stderr } = await run([...words, '--data', data, '--json'])
  expect(stdout).toBe('')
  expect(contentOf(data)).toEqual(before)
  // In JSON, one line: what a program reads is what a person is told.
  return { code, told: JSON.parse(stderr) as unknown }
}

describe('comity serve on a machine that is not as it should be', () => {
  const serving = ['serve', '--port', '0']

  it.each([
    [
      'is missing',
      () => rmSync(passphrase()),
      { code: 'passphrase-file-unreadable', message: 'The passphrase file cannot be read', remedy: 'Check the path and the permissions' },
    ],
    [
      'is wrong',
      () => writeFileSync(passphrase(), 'another horse battery staple\n'),
      { code: 'passphrase-wrong', message: 'The passphrase is wrong', remedy: 'Check the passphrase file' },
    ],
    [
      'can be read by everybody',
      () => chmodSync(passphrase(), 0o644),
      {
        code: 'passphrase-file-unsafe',
        message: 'Others can read the passphrase file',
        detail: 'mode 644',
        remedy: 'Run chmod 600 on it, and make sure that it is a regular file',
      },
    ],
    [
      'is empty',
      () => writeFileSync(passphrase(), ''),
      { code: 'passphrase-too-short', message: 'The passphrase is too short', remedy: 'Use at least 12 characters, and 4 for the PIN of a device' },
    ],
  ])('refuses when the passphrase file %s', async (_what, spoil, expected) => {
    spoil()
    const { code, told } = await refused(serving)
    expect(told).toMatchObject(expected)
    expect(code).toBe(78)
  })

  it('refuses when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo // listening on TCP
    try {
      const { code, told } = await refused(['serve', '--port', String(port)])
      expect(told).toEqual({
        code: 'port-unusable',
        message: 'Nothing can listen at this address and port',
        at: `127.0.0.1:${port}`,
        remedy: 'The port may be in use; choose another',
      })
      expect(code).toBe(78)
    } finally {
      other.close()
    }
  })

  it.each([
    ['beginning', 0, 4096],
    ['rest', 8192, Number.POSITIVE_INFINITY],
  ])('refuses when the %s of the database file has been overwritten', async (_what, from, to) => {
    const bytes = readFileSync(database())
    bytes.fill(0x5a, from, Math.min(to, bytes.length))
    writeFileSync(database(), bytes)
    const { code, told } = await refused(serving)
    expect(told).toMatchObject({
      code: 'storage-damaged',
      message: 'The database file is damaged',
      remedy: 'Stop the node, keep the file, and restore the latest backup',
    })
    expect(code).toBe(78)
  })

  it('refuses when nothing in the data directory may be written', async () => {
    for (const name of readdirSync(data)) chmodSync(join(data, name), 0o400)
    chmodSync(data, 0o500)
    const { code, told } = await refused(serving, withoutOverride)
    expect(told).toMatchObject({
      code: 'storage-unwritable',
      message: 'The data directory cannot be written',
      at: database(),
      remedy: 'Check who owns the directory and its files, their permissions, and that the disk is not mounted read-only',
    })
    expect(code).toBe(78)
  })

  it('refuses when the database server cannot be reached, without its password', async () => {
    const run = (words: readonly string[]): Promise<Ran> => comity(words, { env: { DATABASE_URL: 'postgres://comity:secret@127.0.0.1:1/comity' } })
    const { code, told } = await refused(serving, run)
    expect(told).toEqual({
      code: 'storage-unreachable',
      message: 'The database cannot be reached',
      detail: 'ECONNREFUSED',
      remedy: 'Check that the database runs, and DATABASE_URL; then try again with the same Idempotency-Key',
    })
    expect(code).toBe(78)
  })

  it('refuses a directory without a node, and makes none', async () => {
    rmSync(database())
    const { code, told } = await refused(serving)
    expect(told).toMatchObject({ code: 'node-not-initialised', remedy: 'Run comity init first' })
    expect(code).toBe(78)
  })
})

describe('a disk that takes no more', () => {
  it('lets a command fail, keeps nothing of it, and lets it succeed when there is room', async () => {
    const draft = join(data, 'draft.json')
    writeFileSync(draft, JSON.stringify(titleDraft()))
    const words = ['issue', draft, '--family', 'title', '--as', 'wang', '--data', data, '--json']
    const before = contentOf(data)
    const failed = await limited(words, 40_000)
    expect(JSON.parse(failed.stderr)).toMatchObject({ code: 'commit-unknown', detail: 'SQLITE_IOERR_WRITE', message: 'The commit was not confirmed' })
    expect([failed.code, failed.stdout]).toEqual([75, ''])
    expect(contentOf(data)).toEqual(before)
    expect((await comity(words)).code).toBe(0)
  })

  it('lets requests at a node that serves fail, whose answers need no disk go on, and numbers without a gap when there is room', async () => {
    let drafts: readonly string[] = []
    const made = await makeNode({ prepare: async (office) => void (drafts = await prepareDrafts(office, 60)) })
    const node = await serve(made)
    const room = (bytes: number | 'unlimited'): void => void execFileSync('prlimit', ['--pid', String(node.pid), `--fsize=${bytes}:`])
    try {
      const first = await approve(node, drafts[0]!)
      const { text } = await node.call(presentRecord, { as: 'drafter', params: { record: first.record }, body: {} })
      room(statSync(join(made.place.data, 'comity.db-wal')).size + 50_000)
      const tried = await Promise.allSettled(drafts.slice(1).map((draft) => approve(node, draft)))
      const problems = tried.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
      expect(problems.length).toBeGreaterThan(0)
      expect(problems.filter((fault) => !(fault instanceof Fault && fault.code === 'commit-unknown'))).toEqual([])
      expect(await node.call(verifyRoute, { as: 'drafter', body: { record: text } })).toMatchObject({ verdict: { answer: 'yes' } })
      // Whoever looks into the log finds what the answers did not say.
      expect(node.said()).toContain('"detail":"SQLITE_IOERR_WRITE"')

      room('unlimited')
      const acknowledged = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      const again = await Promise.all(drafts.map((draft) => approve(node, draft)))
      expect(again).toEqual(expect.arrayContaining([first, ...acknowledged]))
      expect(await node.stop()).toBe(0)
      expect(await serialsIn(join(made.place.data, 'comity.db'))).toEqual(oneTo(drafts.length))
    } finally {
      await node.kill()
      made.remove()
    }
  })

  it('is named in the answer, when the database says that it is full', async () => {
    const node = await openTestNode()
    try {
      const draft = async () => node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
      const { draft: before } = await draft()
      const most = (pages: number): Promise<unknown> => node.office.store.atomically((tx) => tx.handle.db.all(sql.raw(`pragma max_page_count = ${pages}`)))
      await most(1) // fewer than there are: no more than there are now
      await expect(manyDrafts(draft)).rejects.toMatchObject({ code: 'storage-full' })
      await most(1_000_000)
      expect(await node.call(approveDraftRoute, { as: 'approver', params: { draft: before }, body: {} })).toMatchObject({
        registration: expect.stringMatching(/-000001$/),
      })
    } finally {
      await node.close()
    }
  })
})

/** One after the other, until one fails: a page has room for some. */
async function manyDrafts(draft: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < 100; n++) await draft()
}

async function serialsIn(file: string): Promise<readonly number[]> {
  const store = await openStore({ file })
  const records = await listRecords(store.read, { after: new Uint8Array(0), limit: 1000 })
  await store.close()
  return records.map(({ serial }) => serial).toSorted((one, other) => one - other)
}

/** Runs the command in a process that cannot make any file longer than so many bytes. */
const limited = (words: readonly string[], bytes: number): Promise<Ran> => ranBy('prlimit', [`--fsize=${bytes}`, process.execPath, entry, ...words])

/** Runs the command so that permissions count for it even where the tests are run by root. */
const withoutOverride = (words: readonly string[]): Promise<Ran> =>
  process.getuid?.() === 0 ? ranBy('setpriv', ['--bounding-set', '-dac_override,-dac_read_search', process.execPath, entry, ...words]) : comity(words)

async function ranBy(program: string, words: readonly string[]): Promise<Ran> {
  const child = spawn(program, words, { env: { PATH: process.env['PATH'], LANG: 'en_US.UTF-8' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
  await once(child, 'close')
  return { code: child.exitCode, stdout, stderr }
}
