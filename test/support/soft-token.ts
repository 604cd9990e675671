import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Debian's PKCS #11 token in software. */
export const softModule = '/usr/lib/softhsm/libsofthsm2.so'

export interface SoftToken {
  readonly label: string
  readonly pin: string
  readonly pinFile: string
  /** What a child process needs to see the same token. */
  readonly env: Readonly<Record<string, string>>
  /** Pulls the token out, and puts it back. */
  readonly pull: () => void
  readonly plug: () => void
  readonly remove: () => void
}

const moveAll = (from: string, to: string): void => readdirSync(from).forEach((name) => renameSync(join(from, name), join(to, name)))

/**
 * A token in a folder of its own. The library reads its configuration when it is loaded, once a process: a test file makes one token, before it
 * opens anything.
 */
export function makeSoftToken(label = 'comity'): SoftToken {
  const folder = mkdtempSync(join(tmpdir(), 'comity-token-'))
  const tokens = join(folder, 'tokens')
  const away = join(folder, 'away')
  const pin = '482913'
  const pinFile = join(folder, 'pin')
  mkdirSync(tokens)
  mkdirSync(away)
  writeFileSync(join(folder, 'softhsm2.conf'), `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 })
  const env = { SOFTHSM2_CONF: join(folder, 'softhsm2.conf') }
  Object.assign(process.env, env)
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--so-pin', '93218471', '--pin', pin], { stdio: 'ignore' })
  return {
    label,
    pin,
    pinFile,
    env: { ...env, COMITY_PKCS11_MODULE: softModule, COMITY_PKCS11_TOKEN: label, COMITY_PKCS11_PIN_FILE: pinFile },
    pull: () => moveAll(tokens, away),
    plug: () => moveAll(away, tokens),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
