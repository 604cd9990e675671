import { instantOf, type Instant } from '#core/model/instant.ts'
import { ageAt, freshnessAt, type Timed } from '#core/trust/freshness.ts'
import { alarmTexts } from '#core/trust/name-authorities.ts'
import { usage } from '../cli-fault.ts'
import type { Command } from '../command.ts'
import { heldOptions, readHeld, type Held } from '../read-held.ts'
import type { Shell } from '../shell.ts'
import { toldFault } from '../tell-fault.ts'
import { ageText, freshnessTexts, sourceTexts } from '#core/verify/verdict-texts.ts'

export const trustShowCommand: Command = {
  words: '',
  takes: { least: 0, most: 0 },
  options: heldOptions,
  run: async (shell, given) => {
    const held = await readHeld(shell, given)
    if (held === undefined) throw usage('--data | --trust | --bundle')
    await tellTrust(shell, held, instantOf(Math.floor(Date.now() / 1000)))
    return 'done'
  },
}

async function tellTrust(shell: Shell, { trust, refused }: Held, now: Instant): Promise<void> {
  const tell = (kind: 'alliance-list' | 'rule-set' | 'manifest' | 'status-list', id: string, file: Timed & { readonly version?: number }, digest: string) => {
    const freshness = freshnessAt(file, now)
    const row = {
      kind,
      id,
      ...(file.version === undefined ? {} : { version: file.version }),
      digest,
      issuedAt: instantOf(file.issued ?? file.iat),
      ...(file.issued === undefined ? {} : { confirmedAt: instantOf(file.iat) }),
      expiresAt: instantOf(file.exp),
      freshness,
    }
    const words = [
      shell.say(sourceTexts[kind]),
      id,
      file.version === undefined ? '' : `v${file.version}`,
      row.issuedAt,
      shell.say(ageText(ageAt(file, now))),
      shell.say(freshnessTexts[freshness]),
      digest,
    ]
    return shell.tell(row, words.filter((word) => word !== '').join('  '))
  }
  for (const { iss, division, name, vouchers } of trust.authorities.values()) {
    const vouched = vouchers.map((voucher) => (voucher.by === 'anchor' ? 'anchor' : voucher.list.payload.alliance))
    await shell.tell({ kind: 'authority', iss, division, name, vouchedBy: vouched }, `${division}  ${shell.say(name)}  ${iss}  (${vouched.join(', ')})`)
  }
  for (const { payload, times, digest } of trust.alliances) await tell('alliance-list', payload.alliance, times, digest)
  for (const { payload, times, digest } of trust.ruleSets) await tell('rule-set', payload.ruleSet.id, { ...times, version: payload.ruleSet.version }, digest)
  for (const { manifest, statusLists } of trust.authorities.values()) {
    if (manifest !== undefined) await tell('manifest', manifest.payload.iss, manifest.payload, manifest.digest)
    for (const list of statusLists.values()) await tell('status-list', list.uri, list, list.digest)
  }
  for (const { kind, division, claims } of trust.alarms) {
    const told = claims.map(({ by, version, iss, kid }) => `${by}${version === undefined ? '' : ` v${version}`}: ${iss} ${kid}`)
    await shell.tell({ kind: 'alarm', alarm: kind, division, claims }, `! ${division}  ${shell.say(alarmTexts[kind])} [${kind}]  ${told.join('; ')}`)
  }
  for (const { name, fault } of refused) {
    const told = toldFault(fault, shell.language)! // a fault is always told
    await shell.tell({ kind: 'refused', file: name, fault: told }, `✗ ${name}: ${told.message} [${told.code}] → ${told.remedy}`)
  }
}
