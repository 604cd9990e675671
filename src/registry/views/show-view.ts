import { encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { AcceptedStatusList } from '#core/trust/assemble-trust.ts'
import type { AcceptedManifest } from '#core/trust/key-manifest.ts'
import { bitstringCredential, type StatusPurpose } from '#core/views/bitstring-status-list.ts'
import { didDocumentOf, sameUntil } from '#core/views/did-document.ts'
import { didOf } from '#core/views/did-web.ts'
import type { Office } from '../office.ts'
import type { TrustDesk } from '../trust-desk.ts'
import type { StaticFile } from '../trust-shelf.ts'
import { statingKey } from './stating-key.ts'

// A view is made once for each version of what it shows, and goes when that version does.
const documents = new WeakMap<AcceptedManifest, { readonly from: number; readonly until: number; readonly file: StaticFile }>()
const credentials = new WeakMap<AcceptedStatusList, Map<StatusPurpose, StaticFile>>()

type Viewing = Pick<Office, 'authority' | 'engine' | 'clock' | 'keyring' | 'deflateList'>

/** This authority's DID document. Faults: `did-web-unfit`, `trust-file-unknown` where there is no manifest yet. */
export async function showDidDocument(office: Viewing, desk: TrustDesk): Promise<StaticFile> {
  const did = ownDid(office)
  const manifest = (await desk.current()).trust.authorities.get(office.authority.iss)?.manifest
  if (manifest === undefined) throw new Fault('trust-file-unknown')
  const at = office.clock()
  const now = secondsOf(at)
  const known = documents.get(manifest)
  if (known !== undefined && known.from <= now && now < known.until) return known.file
  const file = fileOf(office, JSON.stringify(didDocumentOf(did, manifest, at)), 'application/did+json')
  documents.set(manifest, { from: now, until: sameUntil(manifest, at), file })
  return file
}

/** A status list of this node as a W3C credential. Faults: `did-web-unfit`, `node-not-ready`, `trust-file-unknown`. */
export async function showBitstring(office: Viewing, desk: TrustDesk, no: number, purpose: StatusPurpose): Promise<StaticFile> {
  const did = ownDid(office)
  const { trust } = await desk.current()
  const list = trust.authorities.get(office.authority.iss)?.statusLists.get(`${office.authority.iss}/status/${no}`)
  if (list === undefined) throw new Fault('trust-file-unknown')
  const signer = statingKey(office, trust)
  const made = credentials.get(list) ?? new Map<StatusPurpose, StaticFile>()
  credentials.set(list, made)
  const known = made.get(purpose)
  if (known !== undefined) return known
  const file = fileOf(office, bitstringCredential(did, list, purpose, signer, office.deflateList), 'application/vc+jwt')
  made.set(purpose, file)
  return file
}

function ownDid({ authority }: Pick<Office, 'authority'>): string {
  const did = didOf(authority.iss)
  if (did === undefined) throw new Fault('did-web-unfit')
  return did
}

function fileOf({ engine }: Pick<Office, 'engine'>, text: string, contentType: string): StaticFile {
  const body = encodeUtf8(text)
  return { body, etag: `"${encodeBase64url(engine.sha256(body))}"`, contentType }
}
