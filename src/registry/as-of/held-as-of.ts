import { encodeBase64url } from '#core/encoding/base64url.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { secondsOf, type Instant } from '#core/model/instant.ts'
import { AnchoredAlliance, Anchors } from '#core/trust/anchors.ts'
import type { TrustFile } from '#core/trust/assemble-trust.ts'
import { familyIds } from '#core/model/family-id.ts'
import { listAuditsOfSubject } from '#storage/audits.ts'
import type { Reader } from '#storage/open-store.ts'
import { findPublishedVersion } from '#storage/published-versions.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import type { TrustKind } from '#storage/tables.ts'
import { findTrustObject, listTrustSubjects, listTrustVersions } from '#storage/trust-objects.ts'
import { readAnchors } from '../held-trust.ts'
import type { Office, OwnAuthority } from '../office.ts'
import { manifestPath } from '../publish.ts'

/** A file that a node held at an instant. `version` is its own count; none for a file of the node's own, which is known by its content. */
export interface HeldFile extends TrustFile {
  readonly kind: TrustKind
  readonly subject: string
  readonly version: number | undefined
  /** Of the content, whoever signed it: base64url. */
  readonly content: string
}

/** What a node held and believed at an instant, before anything of it is checked again. */
export interface HeldThen {
  readonly anchors: Anchors
  readonly manifests: readonly HeldFile[]
  /** Of each alliance the newest list of that day. */
  readonly allianceLists: readonly HeldFile[]
  /** Of each rule set every version of that day: which one is in force is a question of its own dates. */
  readonly ruleSets: readonly HeldFile[]
}

type Holding = Pick<Office, 'authority' | 'store'>

/** Own files by the day on which they were published, those of others by the day on which they were taken. */
export async function heldAsOf(office: Holding, at: Instant): Promise<HeldThen> {
  const { read } = office.store
  const then = secondsOf(at)
  const [own, manifests, allianceLists, ruleSets] = await Promise.all([
    findPublishedVersion(read, { path: manifestPath, at: then }),
    heldOf(read, 'manifest', then, 'newest'),
    heldOf(read, 'alliance', then, 'newest'),
    heldOf(read, 'rules', then, 'every'),
  ])
  const { iss } = office.authority
  const ownFile: readonly HeldFile[] =
    own === undefined ? [] : [{ kind: 'manifest', subject: iss, version: undefined, name: manifestPath, bytes: own.body, content: own.etag }]
  return { anchors: await anchorsThen(read, office.authority, allianceLists, then), manifests: [...ownFile, ...manifests], allianceLists, ruleSets }
}

async function heldOf(from: Reader, kind: TrustKind, then: number, which: 'newest' | 'every'): Promise<readonly HeldFile[]> {
  const subjects = await listTrustSubjects(from, { kind })
  const keys = await Promise.all(
    subjects.map(async ({ subject }) => {
      const versions = (await listTrustVersions(from, { kind, subject })).filter(({ fetchedAt }) => fetchedAt <= then)
      return (which === 'newest' ? versions.slice(-1) : versions).map(({ version }) => ({ kind, subject, version }))
    }),
  )
  const objects = await Promise.all(keys.flat().map((key) => findTrustObject(from, key)))
  return objects.flatMap((object) =>
    object === undefined
      ? []
      : [
          {
            kind,
            subject: object.subject,
            version: object.version,
            name: `${kind} ${object.subject} ${object.version}`,
            bytes: object.body,
            content: encodeBase64url(object.digest),
          },
        ],
  )
}

/**
 * The anchors of that day. The authority key is the one that was open. An alliance is anchored at the list that was held: it led back to an
 * anchor when it was taken, and where it leads from today's need not be the same. One that was joined and had no list yet stays anchored, so that
 * what it would have said remains unknown.
 */
async function anchorsThen(from: Reader, { division, iss, name }: OwnAuthority, lists: readonly HeldFile[], then: number): Promise<Anchors> {
  const key = (await listSigningKeys(from, {})).findLast(
    ({ use, createdAt, closedAt }) => use === 'authority' && createdAt <= then && (closedAt === null || closedAt > then),
  )
  const followed = (await readAnchors(from, { division, iss, name })).alliances
  const alliances = await Promise.all(
    followed.map(async (anchor) => {
      const list = lists.find(({ subject }) => subject === anchor.alliance)
      if (list !== undefined) return [parseOrFault(AnchoredAlliance, { ...anchor, version: list.version, digest: list.content }, 'trust-malformed', 'anchors')]
      return (await joinedBy(from, anchor.alliance, then)) ? [anchor] : []
    }),
  )
  const authorities =
    key === undefined
      ? []
      : [
          {
            division,
            iss,
            name,
            authorityKey: { kty: key.jwk['kty'], crv: key.jwk['crv'], x: key.jwk['x'] },
            authorised: [{ families: [...familyIds], divisions: [division] }],
          },
        ]
  return parseOrFault<unknown>(Anchors, { authorities, alliances: alliances.flat() }, 'trust-malformed', 'anchors') as Anchors // by its schema
}

const joinedBy = async (from: Reader, alliance: string, then: number): Promise<boolean> =>
  (await listAuditsOfSubject(from, { subject: alliance, after: new Uint8Array(0), limit: 100 })).some(
    ({ action, at }) => action === 'join-alliance' && at <= then,
  )
