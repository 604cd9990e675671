import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'

import { IssuerUrl, Line } from '#core/credential/envelope.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import { readPassphraseFile } from '#custody/read-passphrase-file.ts'
import { CliFault, usage } from '../cli-fault.ts'
import { asOption, dataOption, type Command, type Given } from '../command.ts'
import type { Exit } from '../exit-codes.ts'
import { custodyOption, readCustody } from '../read-options.ts'
import { actorOf, type Shell } from '../shell.ts'

export const initCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: {
    data: dataOption,
    division: { kind: 'text', value: 'CODE', required: true, text: { zh: '六位行政区划代码，如 370100', en: 'Division code of six digits, such as 370100' } },
    name: { kind: 'text', value: 'NAME', required: true, text: { zh: '主管部门名称', en: "The authority's name" } },
    'name-en': { kind: 'text', value: 'NAME', text: { zh: '英文名称，默认与名称相同', en: 'Its name in English; the same by default' } },
    issuer: {
      kind: 'text',
      value: 'URL',
      text: { zh: '机关标识，默认为 https://<CODE>.comity.example', en: 'Its identity; https://<CODE>.comity.example by default' },
    },
    'passphrase-file': {
      kind: 'text',
      value: 'FILE',
      text: { zh: '口令文件；不给则生成 DIR/passphrase', en: 'Passphrase file; DIR/passphrase is made when none is given' },
    },
    custody: custodyOption,
    as: asOption,
  },
  notes: [
    {
      zh: '口令文件保护节点的私钥。请另行妥善保管：没有它，数据库和备份都无法打开。',
      en: 'The passphrase file guards the private keys. Keep a copy elsewhere: without it neither the database nor a backup opens.',
    },
  ],
  run,
}

async function run(shell: Shell, given: Given): Promise<Exit> {
  const { actor } = actorOf(given.text('as'))
  const data = resolve(given.need('data'))
  const division = given.need('division')
  if (!DivisionCode.safeParse(division).success) throw usage('--division')
  const name = { zh: lineOf(given, 'name'), en: given.text('name-en') === undefined ? lineOf(given, 'name') : lineOf(given, 'name-en') }
  const iss = given.text('issuer') ?? `https://${division}.comity.example`
  if (!IssuerUrl.safeParse(iss).success) throw usage('--issuer')
  const custody = readCustody(given)
  const { passphraseFile, ...config } = shell.config()
  const own = { ...config, data, passphraseFile: given.text('passphrase-file') ?? passphraseFile }

  const made = await prepareFolder(data, own.databaseUrl === undefined)
  try {
    const passphrasePath = own.passphraseFile ?? (await makePassphrase(data, made))
    const passphrase = readPassphraseFile(passphrasePath)
    const { closeParts, openParts } = await import('../../main.ts')
    const { initialiseNode } = await import('#registry/initialise-node.ts')
    const parts = await openParts(own)
    try {
      await initialiseNode(parts, { division, name, iss, passphrase, custody }, actor)
    } finally {
      await closeParts(parts)
    }
    const told = { data, division, issuer: iss, name, passphraseFile: passphrasePath }
    await shell.tell(
      told,
      shell.say({
        zh: `已建立节点 ${data}\n  机关标识  ${iss}\n  口令文件  ${passphrasePath}`,
        en: `Made the node ${data}\n  issuer      ${iss}\n  passphrase  ${passphrasePath}`,
      }),
    )
    shell.note(
      shell.say({
        zh: '请将口令文件另存一份于别处：没有它，任何备份都无法打开。',
        en: 'Keep a copy of the passphrase file elsewhere: without it no backup can be opened.',
      }),
    )
    return 'done'
  } catch (error) {
    await takeBack(made)
    throw error
  }
}

function lineOf(given: Given, option: string): string {
  const line = Line.safeParse(given.need(option))
  if (!line.success) throw usage(`--${option}`)
  return line.data
}

/** What this run has made, in the order of making: a run that fails takes back exactly this. */
type Made = { readonly path: string; readonly kind: 'folder' | 'file' }[]

// A node that is here already is found by its database before anything is written; on PostgreSQL the database itself says so.
async function prepareFolder(data: string, embedded: boolean): Promise<Made> {
  const made: Made = []
  try {
    const first = await mkdir(data, { recursive: true, mode: 0o700 })
    // `first` is the outermost folder that was not there before.
    if (first !== undefined)
      for (let path = first; ; path = join(path, relative(path, data).split(sep)[0]!)) {
        made.push({ path, kind: 'folder' })
        if (path === data) break
      }
  } catch (cause) {
    throw new CliFault('output-failed', { at: data, cause })
  }
  const database = join(data, 'comity.db')
  if (embedded && !existsSync(database)) for (const ending of ['', '-wal', '-shm']) made.push({ path: database + ending, kind: 'file' })
  return made
}

/** One that is there already is used: an earlier run died between its making and the node's. */
async function makePassphrase(data: string, made: Made): Promise<string> {
  const path = join(data, 'passphrase')
  if (existsSync(path)) return path
  try {
    await writeFile(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new CliFault('output-failed', { at: path, cause })
  }
  made.push({ path, kind: 'file' })
  return path
}

async function takeBack(made: Made): Promise<void> {
  for (const { path, kind } of made.toReversed()) {
    if (kind === 'file') await rm(path, { force: true })
    // Only if it is empty: whatever else is in it is not ours.
    else await rmdir(path).catch(() => undefined)
  }
}
