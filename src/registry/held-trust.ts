import { encodeBase64url } from '#core/encoding/base64url.ts'
import { decodeUtf8, encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { familyIds } from '#core/model/family-id.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { AllianceAnchor } from '#core/trust/alliance-list.ts'
import { Anchors } from '#core/trust/anchors.ts'
import { assembleTrust, type RefusedFile, type Trust, type TrustFile, type TrustFiles } from '#core/trust/assemble-trust.ts'
import { peekTrustFile, type TrustFileKind } from '#core/trust/peek-trust-file.ts'
import { prepareRules } from '#core/verify/prepare-rules.ts'
import type { Rules } from '#core/verify/recognise.ts'
import { getMeta, setMeta } from '#storage/meta.ts'
import type { Reader } from '#storage/open-store.ts'
import { getFile, listFiles } from '#storage/published.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import { findNewestTrustObject, findTrustObject, listTrustSubjects, listTrustVersions, putTrustObject } from '#storage/trust-objects.ts'
import { manifestPath } from './publish.ts'
import type { Office, OwnAuthority } from './office.ts'
import { audit, type Request } from './perform.ts'

/** A node's trust data, assembled and checked: what every verification reads. */
export interface HeldTrust {
  readonly trust: Trust
  readonly rules: Rules
  readonly files: TrustFiles
  readonly refused: readonly RefusedFile[]
}

type Holding = Pick<Office, 'authority' | 'store' | 'engine' | 'inflate'>

/** Assembles what the store holds: the node's own files and those taken from others, from its own anchors up. */
export async function holdTrust({ authority, store, engine, inflate }: Holding): Promise<HeldTrust> {
  const files = await readTrustFiles(store.read, authority)
  const { trust, refused } = assembleTrust(files, engine, inflate)
  return { trust, rules: prepareRules(trust.ruleSets, engine), files, refused }
}

async function readTrustFiles(from: Reader, authority: OwnAuthority): Promise<TrustFiles> {
  const [manifests, statusLists, allianceLists, ruleSets] = await Promise.all([
    newestOf(from, 'manifest'),
    newestOf(from, 'status-list'),
    allOf(from, 'alliance'),
    allOf(from, 'rules'),
  ])
  const own = (await listFiles(from, {})).map(({ path }) => path)
  const bodies = await Promise.all(own.map(async (path): Promise<TrustFile> => ({ name: path, bytes: (await getFile(from, { path }))!.body })))
  return {
    anchors: await readAnchors(from, authority),
    manifests: [...bodies.filter(({ name }) => name === manifestPath), ...manifests],
    statusLists: [...bodies.filter(({ name }) => name.startsWith('status/')), ...statusLists],
    allianceLists,
    ruleSets,
  }
}

async function newestOf(from: Reader, kind: TrustFileKind): Promise<readonly TrustFile[]> {
  const subjects = await listTrustSubjects(from, { kind })
  const objects = await Promise.all(subjects.map(({ subject }) => findNewestTrustObject(from, { kind, subject })))
  return objects.flatMap((object) => (object === undefined ? [] : [{ name: nameOf(kind, object.subject, object.version), bytes: object.body }]))
}

async function allOf(from: Reader, kind: TrustFileKind): Promise<readonly TrustFile[]> {
  const subjects = await listTrustSubjects(from, { kind })
  const versions = await Promise.all(
    subjects.map(async ({ subject }) => (await listTrustVersions(from, { kind, subject })).map(({ version }) => ({ kind, subject, version }))),
  )
  const objects = await Promise.all(versions.flat().map((key) => findTrustObject(from, key)))
  return objects.flatMap((object) => (object === undefined ? [] : [{ name: nameOf(kind, object.subject, object.version), bytes: object.body }]))
}

const nameOf = (kind: TrustFileKind, subject: string, version: number): string => `${kind} ${subject} ${version}`

/** The node's own authority, and the alliances that its officers have joined. */
export async function readAnchors(from: Reader, { division, iss, name }: OwnAuthority): Promise<Anchors> {
  const key = (await listSigningKeys(from, {})).findLast(({ use, closedAt }) => use === 'authority' && closedAt === null)
  if (key === undefined) throw new Fault('node-not-initialised')
  const stored = await getMeta(from, 'alliance-anchors')
  const alliances = stored === undefined ? [] : (JSON.parse(decodeUtf8(stored)) as readonly AllianceAnchor[]) // written by joinAlliance alone
  const authorised = [{ families: [...familyIds], divisions: [division] }]
  const { kty, crv, x } = key.jwk
  return parseOrFault(Anchors, { authorities: [{ division, iss, name, authorityKey: { kty, crv, x }, authorised }], alliances }, 'trust-malformed', 'anchors')
}

/** Sets the list that an alliance is followed from. The digest comes from a hand that the officer trusts, never from the list itself. */
export async function joinAlliance(office: Office, request: Request, anchor: AllianceAnchor): Promise<void> {
  await office.store.atomically(async (tx) => {
    const stored = await getMeta(tx, 'alliance-anchors')
    const before = stored === undefined ? [] : (JSON.parse(decodeUtf8(stored)) as readonly AllianceAnchor[]) // as above
    const anchors = [...before.filter(({ alliance }) => alliance !== anchor.alliance), anchor]
    await setMeta(tx, 'alliance-anchors', encodeUtf8(JSON.stringify(anchors)))
    await audit(tx, office, {
      actor: request.actor,
      action: 'join-alliance',
      subject: anchor.alliance,
      detail: { version: anchor.version, digest: anchor.digest },
    })
  })
}

export interface TakenFiles {
  readonly taken: readonly string[]
  readonly known: readonly string[]
  readonly refused: readonly RefusedFile[]
}

/**
 * Takes files from others: each is checked on top of what is held, and kept only if it leads back to an anchor. What is refused is
 * named and changes nothing; an older version never displaces a newer one.
 */
export async function takeTrustFiles(office: Office, offered: readonly TrustFile[], by: string): Promise<TakenFiles> {
  const held = await readTrustFiles(office.store.read, office.authority)
  const opened = offered.map((file) => ({ file, peek: peekTrustFile(file.bytes, office.engine) }))
  const unreadable = opened.flatMap(({ file, peek }) => (peek instanceof Fault ? [{ name: file.name, fault: peek }] : []))
  const readable = opened.flatMap(({ file, peek }) => (peek instanceof Fault ? [] : [{ file, peek }]))
  const of = (kind: TrustFileKind) => readable.filter(({ peek }) => peek.kind === kind).map(({ file }) => file)
  const files: TrustFiles = {
    anchors: held.anchors,
    manifests: [...held.manifests, ...of('manifest')],
    allianceLists: [...held.allianceLists, ...of('alliance')],
    ruleSets: [...held.ruleSets, ...of('rules')],
    statusLists: [...held.statusLists, ...of('status-list')],
  }
  const refused = assembleTrust(files, office.engine, office.inflate).refused.filter(({ name }) => offered.some((file) => file.name === name))
  const good = readable.filter(({ file }) => !refused.some(({ name }) => name === file.name))
  const now = secondsOf(office.clock())
  const taken: string[] = []
  const known: string[] = []
  await office.store.atomically(async (tx) => {
    taken.length = known.length = 0 // the work may run again
    for (const { file, peek } of good) {
      const outcome = await putTrustObject(tx, {
        kind: peek.kind,
        subject: peek.subject,
        version: peek.version,
        digest: peek.digest,
        body: file.bytes,
        fetchedAt: now,
      })
      ;(outcome === 'new' ? taken : known).push(file.name)
      if (outcome === 'new')
        await audit(tx, office, {
          actor: by,
          action: 'take-trust',
          subject: `${peek.kind} ${peek.subject}`,
          detail: { version: peek.version, digest: encodeBase64url(peek.digest) },
        })
    }
  })
  return { taken, known, refused: [...unreadable, ...refused] }
}
