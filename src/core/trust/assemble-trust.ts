import type { Engine, PublicKey } from '../crypto/engine.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { asObject, asText, parseJson, type JsonObject } from '../encoding/parse-json.ts'
import { parseCompactJws } from '../encoding/parse-jws.ts'
import { decodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import type { Inflate, StatusList } from '../status/status-list.ts'
import { readStatusListToken, statusListType } from '../status/status-list-token.ts'
import { acceptAllianceList, type AcceptedAllianceList } from './alliance-list.ts'
import type { Anchors } from './anchors.ts'
import { acceptStamp, stamped, stampedRules } from './freshness-stamp.ts'
import { acceptManifest, manifestType, type AcceptedManifest } from './key-manifest.ts'
import { nameAuthorities, type Alarm, type NamedAuthority } from './name-authorities.ts'
import { generalLimits } from './parse-general-jws.ts'
import { acceptRuleSet, type AcceptedRuleSet } from './signed-rule-set.ts'

/** A file as it came: its name is for messages only and decides nothing. */
export interface TrustFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export interface TrustFiles {
  readonly anchors: Anchors
  readonly allianceLists: readonly TrustFile[]
  readonly manifests: readonly TrustFile[]
  readonly ruleSets: readonly TrustFile[]
  readonly statusLists: readonly TrustFile[]
  /** Stamps by which members say that a list is still the newest. */
  readonly freshness?: readonly TrustFile[] | undefined
}

export type { Voucher } from './name-authorities.ts'

export interface AcceptedStatusList {
  readonly uri: string
  readonly list: StatusList
  readonly iat: number
  readonly ttl: number
  readonly exp: number
  readonly digest: string
}

export interface Authority extends NamedAuthority {
  readonly manifest: AcceptedManifest | undefined
  readonly statusLists: ReadonlyMap<string, AcceptedStatusList>
}

/** All that a verifier holds, checked once: verification of a record reads it and checks nothing of it again. */
export interface Trust {
  readonly authorities: ReadonlyMap<string, Authority>
  /** Every key of every accepted manifest, by its id. */
  readonly keys: ReadonlyMap<string, PublicKey>
  readonly alliances: readonly AcceptedAllianceList[]
  /** Alliances that the anchors name and no list is held of: what they would say is not known. */
  readonly unheard: readonly string[]
  readonly ruleSets: readonly AcceptedRuleSet[]
  /** What contradicts itself in what is held. */
  readonly alarms: readonly Alarm[]
}

export interface RefusedFile {
  readonly name: string
  readonly fault: Fault
}

/**
 * Builds a verifier's trust from its anchors up. A file that does not lead back to an anchor is left out and named; it never
 * takes the others with it, and never counts.
 */
export function assembleTrust(files: TrustFiles, engine: Engine, inflate: Inflate): { readonly trust: Trust; readonly refused: readonly RefusedFile[] } {
  const refused: RefusedFile[] = []
  const attempt = (file: TrustFile, work: () => void): void => {
    try {
      work()
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      refused.push({ name: file.name, fault })
    }
  }
  const alliances = takeStamps(followLists(files.anchors, files.allianceLists, attempt, engine), files.freshness ?? [], attempt, engine)
  const heard = new Set(alliances.map(({ payload }) => payload.alliance))
  const unheard = files.anchors.alliances.map(({ alliance }) => alliance).filter((alliance) => !heard.has(alliance))
  const { authorities: named, alarms } = nameAuthorities(files.anchors, alliances)
  const authorities = new Map(named.map((authority): [string, Authority] => [authority.iss, { ...authority, manifest: undefined, statusLists: new Map() }]))

  for (const file of inVersionOrder(files.manifests, (file) => parseCompactJws(textOf(file), { typ: manifestType, limits: generalLimits }).payload, attempt)) {
    attempt(file, () => {
      const authority = authorities.get(asText(file.payload['iss'], 'trust-malformed', 'iss'))
      if (authority === undefined) throw new Fault('trust-issuer-unnamed', { at: file.name })
      if (authority.disputed) throw new Fault('trust-issuer-disputed', { at: file.name })
      authorities.set(authority.iss, { ...authority, manifest: acceptManifest(textOf(file), authority, authority.manifest, engine) })
    })
  }
  for (const file of files.statusLists) {
    attempt(file, () => acceptStatusList(file, authorities, engine, inflate))
  }
  const ruleSets = new Map<string, AcceptedRuleSet>()
  for (const file of files.ruleSets) {
    attempt(file, () => {
      const accepted = acceptFromOneOf(file, alliances, engine)
      const { id, version } = accepted.payload.ruleSet
      const name = `${id}@${version}`
      const held = ruleSets.get(name)
      if (held !== undefined && held.digest !== accepted.digest) throw new Fault('trust-forked', { at: file.name, detail: name })
      ruleSets.set(name, accepted)
    })
  }
  const keys = new Map(
    Array.from(authorities.values()).flatMap(({ manifest }) => Array.from(manifest?.keys ?? [], ([kid, { key }]): [string, PublicKey] => [kid, key])),
  )
  return { trust: { authorities, keys, alliances, unheard, ruleSets: [...ruleSets.values()], alarms }, refused }
}

// One line end after the token is what editors and shells leave; anything else is refused by the strict parser.
const textOf = ({ bytes, name }: TrustFile): string => decodeUtf8(bytes, name).replace(/\r?\n$/, '')

type Attempt = (file: TrustFile, work: () => void) => void

/** The newest list of each alliance that an anchor names, in the order of the anchors. */
function followLists({ alliances }: Anchors, files: readonly TrustFile[], attempt: Attempt, engine: Engine): readonly AcceptedAllianceList[] {
  const newest = new Map<string, AcceptedAllianceList>()
  for (const file of inVersionOrder(files, (file) => payloadOf(file.bytes), attempt)) {
    attempt(file, () => {
      const anchor = alliances.find(({ alliance }) => alliance === file.payload['alliance'])
      if (anchor === undefined) throw new Fault('trust-issuer-unnamed', { at: file.name })
      const held = newest.get(anchor.alliance)
      // Nothing leads from the anchor back to a list before it: it may be genuine or made up.
      if (held === undefined && Number(file.payload['version']) < anchor.version)
        throw new Fault('trust-rolled-back', { at: file.name, detail: 'older than the anchor' })
      newest.set(anchor.alliance, acceptAllianceList(file.bytes, held ?? anchor, engine))
    })
  }
  return alliances.flatMap(({ alliance }) => newest.get(alliance) ?? [])
}

/** The lists with the newest stamp of each. A stamp lengthens what a list can be relied on and changes nothing of what it says. */
function takeStamps(lists: readonly AcceptedAllianceList[], files: readonly TrustFile[], attempt: Attempt, engine: Engine): readonly AcceptedAllianceList[] {
  const newest = new Map(lists.map((list) => [list.payload.alliance, list]))
  const opened: (TrustFile & { readonly payload: JsonObject })[] = []
  for (const file of files) attempt(file, () => opened.push({ ...file, payload: payloadOf(file.bytes) }))
  for (const file of opened.toSorted((a, b) => Number(a.payload['iat']) - Number(b.payload['iat']))) {
    attempt(file, () => {
      const list = newest.get(asText(file.payload['alliance'], 'trust-malformed', 'alliance'))
      if (list === undefined) throw new Fault('trust-issuer-unnamed', { at: file.name })
      newest.set(list.payload.alliance, stamped(list, acceptStamp(file.bytes, list, list.stamp, engine)))
    })
  }
  return lists.map(({ payload }) => newest.get(payload.alliance)!) // each is in the map that was made of them
}

const payloadOf = (bytes: Uint8Array): JsonObject => {
  const outer = asObject(parseJson(bytes, generalLimits), 'jws-malformed', 'jws')
  return asObject(
    parseJson(decodeBase64url(asText(outer['payload'], 'jws-malformed', 'payload'), 'payload'), generalLimits, 'payload'),
    'jws-malformed',
    'payload',
  )
}

/** Reads only enough of each file to put it in its place; nothing of what it says counts before its signatures do. */
function inVersionOrder<T extends JsonObject>(
  files: readonly TrustFile[],
  peek: (file: TrustFile) => T,
  attempt: Attempt,
): readonly (TrustFile & { readonly payload: T })[] {
  const opened: (TrustFile & { readonly payload: T })[] = []
  for (const file of files) attempt(file, () => opened.push({ ...file, payload: peek(file) }))
  return opened.sort((a, b) => Number(a.payload['version']) - Number(b.payload['version']))
}

function acceptStatusList(file: TrustFile, authorities: Map<string, Authority>, engine: Engine, inflate: Inflate): void {
  const text = textOf(file)
  const { header, payload } = parseCompactJws(text, { typ: statusListType, limits: generalLimits })
  const uri = asText(payload['sub'], 'trust-malformed', 'sub')
  let known = false
  for (const authority of authorities.values()) {
    const entry = authority.manifest?.keys.get(header.kid)
    known ||= entry !== undefined
    // The list's name starts with its issuer's: else one city could publish another's statuses. A city that lists another's key as
    // its own gains nothing by it, and takes nothing from the other.
    if (entry === undefined || !uri.startsWith(`${authority.iss}/`)) continue
    if (entry.use !== 'status') throw new Fault('key-use-differs', { at: file.name })
    const token = readStatusListToken(text, entry.key, engine, inflate)
    if (token.iat < entry.nbf || token.iat >= entry.exp) throw new Fault('key-outside-window', { at: file.name })
    if (entry.revoked !== undefined && token.iat >= (entry.revoked.compromisedSince ?? entry.revoked.at)) throw new Fault('key-revoked', { at: file.name })
    const held = authority.statusLists.get(token.sub)
    if (held !== undefined && held.iat > token.iat) throw new Fault('trust-rolled-back', { at: file.name })
    // Nobody can say which of the two is the newer, so neither order nor chance shall.
    if (held !== undefined && held.iat === token.iat && held.digest !== token.digest) throw new Fault('trust-forked', { at: file.name })
    const accepted = { uri: token.sub, list: token.list, iat: token.iat, ttl: token.ttl, exp: token.exp, digest: token.digest }
    authorities.set(authority.iss, { ...authority, statusLists: new Map([...authority.statusLists, [token.sub, accepted]]) })
    return
  }
  throw new Fault(known ? 'trust-issuer-differs' : 'trust-signer-unknown', { at: file.name })
}

function acceptFromOneOf(file: TrustFile, alliances: readonly AcceptedAllianceList[], engine: Engine): AcceptedRuleSet {
  const ruleSet = asObject(payloadOf(file.bytes)['ruleSet'] ?? null, 'trust-malformed', file.name)
  const list = alliances.find(({ payload }) => payload.alliance === ruleSet['alliance'])
  if (list === undefined) throw new Fault('trust-issuer-unnamed', { at: file.name })
  const id = asText(ruleSet['id'], 'trust-malformed', file.name)
  if (ownerOf(id, alliances) !== list.payload.alliance) throw new Fault('trust-issuer-differs', { at: file.name, detail: id })
  return stampedRules(acceptRuleSet(file.bytes, list, undefined, engine), list.stamp)
}

/** Whose name a rule set bears: else one alliance could put its rules in the place of another's. Of `sd` and `sd-circle`, `sd-circle/1` is the latter's. */
const ownerOf = (id: string, alliances: readonly AcceptedAllianceList[]): string | undefined =>
  alliances
    .map(({ payload }) => payload.alliance)
    .filter((alliance) => id.startsWith(`${alliance}/`) || id.startsWith(`${alliance}-`))
    .toSorted((a, b) => b.length - a.length)[0]
