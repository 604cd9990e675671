import { encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { peekTrustFile, type TrustFileKind } from '#core/trust/peek-trust-file.ts'
import { getFile, listFiles } from '#storage/published.ts'
import { trustKinds } from '#storage/tables.ts'
import { findTrustObject, listTrustSubjects, listTrustVersions } from '#storage/trust-objects.ts'
import type { Office } from './office.ts'

/** A trust file that can be fetched here. `path` is below the node's address. */
export interface ShelvedFile {
  readonly kind: TrustFileKind
  readonly subject: string
  readonly version: number
  /** Digest of the content, base64url, whoever signed it. */
  readonly digest: string
  readonly own: boolean
  readonly path: string
}

export interface StaticFile {
  readonly body: Uint8Array
  /** Strong: of every byte. */
  readonly etag: string
  readonly contentType: string
}

/** What a node gives to everybody: signed files, and an unsigned index of them that decides nothing. */
export interface TrustShelf {
  readonly list: () => Promise<readonly ShelvedFile[]>
  readonly index: () => Promise<StaticFile>
  /** A file that the node has signed itself, by its path. Fault: `trust-file-unknown`. */
  readonly published: (path: string) => Promise<StaticFile>
  readonly shared: (kind: 'alliance' | 'rules', subject: string, version: number) => Promise<StaticFile>
  /** A manifest or status list of another authority, by its digest. */
  readonly held: (digest: string) => Promise<StaticFile>
  /** This process took or published something: list anew before the next answer. */
  readonly changed: () => void
}

/** Listing costs a few queries a subject; it is done again after so many milliseconds. */
const listAgain = 1000

type Shelving = Pick<Office, 'authority' | 'store' | 'engine'>

/** Owned by the process. @param elapsed milliseconds of a clock that never goes back */
export function openTrustShelf(office: Shelving, elapsed: () => number): TrustShelf {
  let listed: { readonly at: number; readonly files: Promise<readonly ShelvedFile[]> } | undefined
  const peeked = new Map<string, ShelvedFile>()
  const list = (): Promise<readonly ShelvedFile[]> => {
    if (listed === undefined || elapsed() - listed.at >= listAgain) {
      const files = listShelf(office, peeked)
      listed = { at: elapsed(), files }
      files.catch(() => {
        if (listed?.files === files) listed = undefined // whoever asks next tries again
      })
    }
    return listed.files
  }
  const { read } = office.store
  return {
    list,
    index: async () => {
      const body = encodeUtf8(JSON.stringify({ iss: office.authority.iss, files: await list() }))
      return { body, etag: etagOf(office, body), contentType: 'application/json' }
    },
    published: async (path) => {
      const file = await getFile(read, { path })
      if (file === undefined) throw new Fault('trust-file-unknown')
      return file
    },
    shared: async (kind, subject, version) => {
      const object = await findTrustObject(read, { kind, subject, version })
      if (object === undefined) throw new Fault('trust-file-unknown')
      return { body: object.body, etag: etagOf(office, object.body), contentType: 'application/json' }
    },
    held: async (digest) => {
      const entry = (await list()).find((file) => !file.own && file.digest === digest)
      const object = entry === undefined ? undefined : await findTrustObject(read, entry)
      if (object === undefined) throw new Fault('trust-file-unknown')
      const contentType = heldTypes[object.kind]
      return { body: object.body, etag: etagOf(office, object.body), contentType }
    },
    changed: () => {
      listed = undefined
    },
  }
}

const heldTypes: Readonly<Record<TrustFileKind, string>> = {
  manifest: 'application/comity-manifest+jwt',
  'status-list': 'application/statuslist+jwt',
  alliance: 'application/json',
  rules: 'application/json',
  freshness: 'application/json',
}

const etagOf = ({ engine }: Pick<Office, 'engine'>, body: Uint8Array): string => `"${encodeBase64url(engine.sha256(body))}"`

async function listShelf(office: Shelving, peeked: Map<string, ShelvedFile>): Promise<readonly ShelvedFile[]> {
  const held = await Promise.all(trustKinds.map((kind) => listHeld(office, kind)))
  return [...(await listOwn(office, peeked)), ...held.flat()]
}

async function listOwn({ store: { read }, engine }: Shelving, peeked: Map<string, ShelvedFile>): Promise<readonly ShelvedFile[]> {
  const files: ShelvedFile[] = []
  for (const { path, etag } of await listFiles(read, {})) {
    const known = peeked.get(`${path} ${etag}`)
    const file = known ?? (await peekOwn(path))
    if (file === undefined) continue
    if (known === undefined) {
      for (const key of peeked.keys()) if (key.startsWith(`${path} `)) peeked.delete(key)
      peeked.set(`${path} ${etag}`, file)
    }
    files.push(file)
  }
  return files

  async function peekOwn(path: string): Promise<ShelvedFile | undefined> {
    const body = (await getFile(read, { path }))?.body
    const peek = body === undefined ? undefined : peekTrustFile(body, engine)
    if (peek === undefined || peek instanceof Fault) return undefined
    return { kind: peek.kind, subject: peek.subject, version: peek.version, digest: encodeBase64url(peek.digest), own: true, path }
  }
}

/** Of manifests, status lists and stamps the newest is enough; lists and rule sets form chains and stay citable, so every version is given. */
async function listHeld({ store: { read }, authority: { iss } }: Shelving, kind: TrustFileKind): Promise<readonly ShelvedFile[]> {
  const chained = kind === 'alliance' || kind === 'rules'
  const subjects = (await listTrustSubjects(read, { kind })).filter(({ subject }) => subject !== iss && !subject.startsWith(`${iss}/`))
  const files = await Promise.all(
    subjects.map(async ({ subject }) => {
      const versions = await listTrustVersions(read, { kind, subject })
      return (chained ? versions : versions.slice(-1)).map(({ version, digest }) => {
        const text = encodeBase64url(digest)
        return { kind, subject, version, digest: text, own: false, path: chained ? sharedPath(kind, subject, version) : `trust/held/${text}` }
      })
    }),
  )
  return files.flat()
}

const sharedPath = (kind: 'alliance' | 'rules', subject: string, version: number): string =>
  `trust/${kind === 'alliance' ? 'alliances' : 'rules'}/${subject}/${version}.json`
