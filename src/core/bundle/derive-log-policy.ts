import type { Engine } from '../crypto/engine.ts'
import { logPolicyText, type LogPolicy } from '../log/log-policy.ts'
import { logOriginOf, witnessNameOf } from '../log/names.ts'
import type { AcceptedAllianceList, AllianceMember } from '../trust/alliance-list.ts'
import type { Trust } from '../trust/assemble-trust.ts'
import { logKeysOf } from '../trust/log-keys.ts'
import type { BundledPolicy } from './bundle.ts'

/**
 * What an alliance's list and its members' manifests say of whom to believe about each log, as C2SP tlog-policy, so that other people's tools
 * can check proofs without knowing our lists. One policy a log, since no city's word counts for the age of its own log.
 *
 * A policy knows no times: a witness key that has been closed is left out, although what it cosigned before still counts to `verify`;
 * and one that is in force counts for whatever it has ever cosigned. A log whose quorum could never be met has no policy, and an alliance that has
 * not agreed on a number of cosigners has none at all: `none` would mean that every head will do.
 */
export const deriveLogPolicies = (trust: Pick<Trust, 'alliances' | 'authorities'>, engine: Engine): readonly BundledPolicy[] =>
  trust.alliances.flatMap((list) => list.payload.members.flatMap((member) => policyOf(member, list, trust, engine) ?? []))

function policyOf(
  { iss, addresses }: AllianceMember,
  { payload }: AcceptedAllianceList,
  { authorities }: Pick<Trust, 'authorities'>,
  engine: Engine,
): BundledPolicy | undefined {
  const city = authorities.get(iss)
  const { cosigners } = payload.thresholds
  const logs = city === undefined ? [] : logKeysOf(city, engine).log
  if (cosigners === undefined || logs.length === 0) return undefined
  const cities = payload.members
    .filter((member) => member.iss !== iss && member.role === 'member' && member.state === 'active')
    .flatMap((member) => {
      const witness = authorities.get(member.iss)
      const keys = witness === undefined ? [] : logKeysOf(witness, engine).witness.filter(({ entry }) => entry.revoked === undefined)
      return keys.length === 0 ? [] : [{ name: witnessNameOf(member.iss), keys: keys.map(({ note }) => note), url: prefixOf(member.addresses) }]
    })
  if (cities.length < cosigners) return undefined
  // One city, one voice, however many keys it has.
  const several = cities.filter(({ keys }) => keys.length > 1)
  const alone = (name: string, index: number): string => `${name}/${index + 1}`
  const policy: LogPolicy = {
    logs: logs.map((key) => ({ key, url: prefixOf(addresses) })),
    witnesses: cities.flatMap(({ name, keys, url }) => keys.map((key, index) => ({ name: keys.length > 1 ? alone(name, index) : name, key, url }))),
    groups: [
      ...several.map(({ name, keys }) => ({ name, threshold: 1, members: keys.map((_, index) => alone(name, index)) })),
      { name: `alliance/${payload.alliance}`, threshold: cosigners, members: cities.map(({ name }) => name) },
    ],
    quorum: `alliance/${payload.alliance}`,
  }
  return { alliance: payload.alliance, log: logOriginOf(iss), text: logPolicyText(policy) }
}

/** Where the log is read and where its witness is asked (C2SP tlog-tiles, tlog-witness): below the node's first address. */
const prefixOf = ([address]: readonly string[]): string | undefined => (address === undefined ? undefined : `${address}/log`)
