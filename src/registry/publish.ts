import { encodeBase64url } from '#core/encoding/base64url.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { parseCompactJws, signCompactJws } from '#core/encoding/parse-jws.ts'
import { decodeUtf8, encodeUtf8 } from '#core/encoding/utf8.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { digestOf } from '#core/model/digest.ts'
import { KeyManifest, keyUses, manifestType } from '#core/trust/key-manifest.ts'
import { Scope } from '#core/trust/scope.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { publishedPeriods, type RecordedChange } from '#core/status/periods-of.ts'
import { issueStatusListToken, statusListType } from '#core/status/status-list-token.ts'
import type { Writer } from '#storage/open-store.ts'
import { appendToOutbox } from '#storage/outbox.ts'
import { getFile, putFile } from '#storage/published.ts'
import { keepPublishedVersion } from '#storage/published-versions.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import { listEventsOfList } from '#storage/status-events.ts'
import { findDirtyLists, listStatusLists, nextListVersion } from '#storage/status-lists.ts'
import type { Office } from './office.ts'
import { requireOpenKey } from './open-key.ts'

const hour = 3600
const day = 24 * hour

/** How long each file is fresh, and how long it says anything at all. Seconds. A node makes them anew long before. */
export const lifetimes = {
  manifest: { ttl: 7 * day, exp: 180 * day },
  statusList: { ttl: 12 * hour, exp: 14 * day },
} as const

export const manifestPath = 'trust/manifest.jwt'
export const statusListPath = (no: number): string => `status/${no}`

type Publishing = Pick<Office, 'authority' | 'engine' | 'keyring' | 'deflateList' | 'clock' | 'newId' | 'gate'>

/** Signs the key manifest anew from the keys that the store holds; the version before is linked by its digest. */
export async function publishManifest(tx: Writer, office: Publishing): Promise<string> {
  const before = await getFile(tx, { path: manifestPath })
  const previous = before === undefined ? undefined : decodeUtf8(before.body)
  const now = secondsOf(office.clock())
  const keys = (await listSigningKeys(tx, {})).filter(({ use }) => (keyUses as readonly string[]).includes(use))
  const manifest: KeyManifest = parseOrFault(
    KeyManifest,
    {
      iss: office.authority.iss,
      division: office.authority.division,
      version: previous === undefined ? 1 : versionOf(previous) + 1,
      prev: previous === undefined ? null : digestOf(previous, office.engine),
      iat: now,
      ttl: lifetimes.manifest.ttl,
      exp: now + lifetimes.manifest.exp,
      keys: keys.map((key) => ({
        jwk: key.jwk,
        kid: key.kid,
        use: key.use,
        ...(Scope.safeParse(key.scope).success ? { scope: key.scope } : {}),
        nbf: key.notBefore,
        exp: key.notAfter,
        ...(key.closedAt === null || key.closedReason === null
          ? {}
          : { revoked: { at: key.closedAt, reason: key.closedReason, ...(key.compromisedSince === null ? {} : { compromisedSince: key.compromisedSince }) } }),
      })),
    },
    'trust-malformed',
    'manifest',
  )
  const text = signCompactJws({ typ: manifestType }, manifest as unknown as JsonObject, await office.keyring.authority(), generalLimits) // passed its schema
  await put(tx, office, 'manifest', manifestPath, `application/${manifestType}`, text, now)
  return text
}

const versionOf = (manifest: string): number =>
  parseOrFault(KeyManifest, parseCompactJws(manifest, { typ: manifestType, limits: generalLimits }).payload, 'trust-malformed', 'manifest').version

/**
 * Publishes the lists whose records have changed, or all of them when their files grow old. States are read and the file is put in
 * one transaction, so no change falls between the two.
 */
export async function publishStatusLists(office: Publishing & Pick<Office, 'store'>, which: 'changed' | 'all' = 'changed'): Promise<number> {
  const due = which === 'all' ? await listStatusLists(office.store.read, {}) : await findDirtyLists(office.store.read, {})
  for (const { no } of due) await office.store.atomically((tx) => publishStatusList(tx, office, no))
  return due.length
}

export async function publishStatusList(tx: Writer, office: Publishing, no: number): Promise<void> {
  const list = await nextListVersion(tx, no)
  const events = await listEventsOfList(tx, { no })
  const changes = Map.groupBy(events, ({ statusIndex }) => statusIndex)
  await requireOpenKey(tx, office.keyring.status.kid)
  const now = await laterThanPublished(tx, office, statusListPath(no))
  const text = issueStatusListToken(
    {
      iss: office.authority.iss,
      sub: `${office.authority.iss}/status/${no}`,
      iat: now,
      exp: now + lifetimes.statusList.exp,
      ttl: lifetimes.statusList.ttl,
      size: list?.places,
      history: new Map(Array.from(changes, ([index, of]) => [index, publishedPeriods(of satisfies readonly RecordedChange[])])),
    },
    office.keyring.status,
    office.deflateList,
  )
  await put(tx, office, 'status-list', statusListPath(no), `application/${statusListType}`, text, now)
}

/**
 * Seconds that a status list may be dated ahead of the clock of whoever takes it. Changes of one second are dated one after the other, so a city that
 * revokes many records at once is ahead of its own clock for a while.
 */
export const furthestAhead = day

/**
 * A list is told from the one before by its time alone, in whole seconds: of two within one second the newer could not be told, and a
 * neighbour that had fetched the first would keep it. So the second is dated a second on; unless the first was made by a clock that ran so far ahead
 * that no neighbour has taken it.
 */
async function laterThanPublished(tx: Writer, { clock }: Pick<Office, 'clock'>, path: string): Promise<number> {
  const now = secondsOf(clock())
  const before = await getFile(tx, { path })
  return before === undefined || before.publishedAt > now + furthestAhead ? now : Math.max(now, before.publishedAt + 1)
}

async function put(tx: Writer, office: Publishing, kind: string, path: string, contentType: string, text: string, now: number): Promise<void> {
  office.gate.check()
  const body = encodeUtf8(text)
  const digest = office.engine.sha256(body)
  const etag = `"${encodeBase64url(digest)}"`
  await putFile(tx, { path, contentType, etag, body, publishedAt: now })
  // A status list is made anew from its events, whatever instant is asked about; a manifest cannot be.
  if (kind === 'manifest') await keepPublishedVersion(tx, { path, fromAt: now, etag, body })
  await appendToOutbox(tx, [{ id: office.newId(), kind, digest, createdAt: now, publishedAt: null }])
}
