import { encodeBase64url } from '#core/encoding/base64url.ts'
import { decodeUtf8, encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { familyIds } from '#core/model/family-id.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { AllianceAnchor } from '#core/trust/alliance-list.ts'
import { AnchoredAlliance, Anchors } from '#core/trust/anchors.ts'
import { assembleTrust, type RefusedFile, type Trust, type TrustFile, type TrustFiles } from '#core/trust/assemble-trust.ts'
import { peekTrustFile, type TrustFileKind, type TrustFilePeek } from '#core/trust/peek-trust-file.ts'
import { prepareRules } from '#core/verify/prepare-rules.ts'
import type { Rules } from '#core/verify/recognise.ts'
import { getMeta, setMeta } from '#storage/meta.ts'
import type { Reader } from '#storage/open-store.ts'
import { appendToOutbox } from '#storage/outbox.ts'
import { getFile, listFiles } from '#storage/published.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import { findNewestTrustObject, findTrustObject, listTrustSubjects, listTrustVersions, putTrustObject, type TrustObject } from '#storage/trust-objects.ts'
import { furthestAhead, manifestPath } from './publish.ts'
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
  const [manifests, statusLists, allianceLists, ruleSets, stamps] = await Promise.all([
    newestOf(from, 'manifest'),
    newestOf(from, 'status-list'),
    allOf(from, 'alliance'),
    allOf(from, 'rules'),
    newestOf(from, 'freshness'),
  ])
  const newestLists = new Map(allianceLists.map(({ subject, version }) => [subject, version])) // versions ascend, so the last one stays
  const own = (await listFiles(from, {})).map(({ path }) => path)
  const bodies = await Promise.all(own.map(async (path): Promise<TrustFile> => ({ name: path, bytes: (await getFile(from, { path }))!.body })))
  const anchors = await readAnchors(from, authority)
  return {
    anchors,
    manifests: [...bodies.filter(({ name }) => name === manifestPath), ...manifests],
    statusLists: [...bodies.filter(({ name }) => name.startsWith('status/')), ...statusLists],
    // What is older than an anchor was followed under the anchor before, and nothing leads back to it from this one.
    allianceLists: allianceLists.filter(({ subject, version }) => version >= (anchors.alliances.find(({ alliance }) => alliance === subject)?.version ?? 0)),
    ruleSets,
    // A stamp of a list that has a successor says nothing any more.
    freshness: stamps.filter(({ subject }) => newestLists.get(subject.slice(0, subject.indexOf('/'))) === Number(subject.slice(subject.indexOf('/') + 1))),
  }
}

type HeldFile = TrustFile & Pick<TrustFilePeek, 'subject' | 'version'>

async function newestOf(from: Reader, kind: TrustFileKind): Promise<readonly HeldFile[]> {
  const subjects = await listTrustSubjects(from, { kind })
  const objects = await Promise.all(subjects.map(({ subject }) => findNewestTrustObject(from, { kind, subject })))
  return objects.flatMap((object) => (object === undefined ? [] : [heldFile(object)]))
}

async function allOf(from: Reader, kind: TrustFileKind): Promise<readonly HeldFile[]> {
  const subjects = await listTrustSubjects(from, { kind })
  const versions = await Promise.all(
    subjects.map(async ({ subject }) => (await listTrustVersions(from, { kind, subject })).map(({ version }) => ({ kind, subject, version }))),
  )
  const objects = await Promise.all(versions.flat().map((key) => findTrustObject(from, key)))
  return objects.flatMap((object) => (object === undefined ? [] : [heldFile(object)]))
}

const heldFile = ({ kind, subject, version, body }: TrustObject): HeldFile => ({ name: `${kind} ${subject} ${version}`, bytes: body, subject, version })

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
export async function joinAlliance(office: Office, request: Request, given: AllianceAnchor): Promise<void> {
  const anchor = parseOrFault(AnchoredAlliance, given, 'request-malformed', 'anchor')
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

/** Seconds that another's clock may be ahead of ours. */
const clockLeeway = { freshness: 300, 'status-list': furthestAhead } as const

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
  const opened = labelled(offered, held).map((file) => ({ file, peek: peekTrustFile(file.bytes, office.engine) }))
  const unreadable = opened.flatMap(({ file, peek }) => (peek instanceof Fault ? [{ name: file.given, fault: peek }] : []))
  const readable = opened.flatMap(({ file, peek }) => (peek instanceof Fault ? [] : [{ file, peek }]))
  // Of manifests, status lists and stamps only the newest is held, so an older one can't be checked against it: it could be made up.
  const newest = newestVersions([...held.manifests, ...held.statusLists, ...(held.freshness ?? [])], office)
  const older = readable.filter(({ peek }) => peek.version < (newest.get(`${peek.kind} ${peek.subject}`) ?? 0))
  const now = secondsOf(office.clock())
  // A stamp from the future would keep a list fresh for as long as its signer likes, and every honest one after it would look older. So would every
  // honest status list after one that a thief of the key has dated ahead, also when the key has long been closed.
  const early = readable.filter(({ peek }) => (peek.kind === 'freshness' || peek.kind === 'status-list') && peek.version > now + clockLeeway[peek.kind])
  const candidates = readable.filter((entry) => !older.includes(entry) && !early.includes(entry))
  const of = (kind: TrustFileKind) => candidates.filter(({ peek }) => peek.kind === kind).map(({ file }) => file)
  const files: TrustFiles = {
    anchors: held.anchors,
    manifests: [...held.manifests, ...of('manifest')],
    allianceLists: [...held.allianceLists, ...of('alliance')],
    ruleSets: [...held.ruleSets, ...of('rules')],
    statusLists: [...held.statusLists, ...of('status-list')],
    freshness: [...(held.freshness ?? []), ...of('freshness')],
  }
  const { refused: unfit } = assembleTrust(files, office.engine, office.inflate)
  const faultOf = new Map(unfit.map(({ name, fault }) => [name, fault]))
  const refused = candidates.flatMap(({ file }) => (faultOf.has(file.name) ? [{ name: file.given, fault: faultOf.get(file.name)! }] : []))
  const rolledBack = older.map(({ file, peek }) => ({ name: file.given, fault: new Fault('trust-rolled-back', { at: `${peek.kind} ${peek.subject}` }) }))
  const good = candidates.filter(({ file }) => !faultOf.has(file.name))
  const tooEarly = early.map(({ file, peek }) => ({ name: file.given, fault: new Fault('trust-from-future', { at: `${peek.kind} ${peek.subject}` }) }))
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
      ;(outcome === 'new' ? taken : known).push(file.given)
      // What members have signed is a leaf of each one's log: none of them can say later that it never held it.
      if (outcome === 'new' && (peek.kind === 'alliance' || peek.kind === 'rules'))
        await appendToOutbox(tx, [{ id: office.newId(), kind: peek.kind, digest: peek.digest, createdAt: now, publishedAt: null }])
      if (outcome === 'new')
        await audit(tx, office, {
          actor: by,
          action: 'take-trust',
          subject: `${peek.kind} ${peek.subject}`,
          detail: { version: peek.version, digest: encodeBase64url(peek.digest) },
        })
    }
  })
  return { taken, known, refused: [...unreadable, ...rolledBack, ...tooEarly, ...refused] }
}

/** Names come from outside and decide nothing: one that is taken already is told apart, so that no file answers for another. */
function labelled(offered: readonly TrustFile[], held: TrustFiles): readonly (TrustFile & { readonly given: string })[] {
  const names = new Set([...held.manifests, ...held.statusLists, ...held.allianceLists, ...held.ruleSets, ...(held.freshness ?? [])].map(({ name }) => name))
  return offered.map(({ name, bytes }) => {
    let label = name
    for (let again = 2; names.has(label); again++) label = `${name} (${again})`
    names.add(label)
    return { name: label, given: name, bytes }
  })
}

function newestVersions(files: readonly TrustFile[], { engine }: Pick<Office, 'engine'>): ReadonlyMap<string, number> {
  const newest = new Map<string, number>()
  for (const { bytes } of files) {
    const peek = peekTrustFile(bytes, engine)
    if (peek instanceof Fault) continue
    const label = `${peek.kind} ${peek.subject}`
    newest.set(label, Math.max(peek.version, newest.get(label) ?? 0))
  }
  return newest
}
