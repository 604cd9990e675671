import { z } from 'zod'

import { IssuerUrl, NumericDate } from '../credential/envelope.ts'
import type { Engine, Signer } from '../crypto/engine.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import type { JsonLimits, JsonObject } from '../encoding/parse-json.ts'
import { parseCompactJws, signCompactJws } from '../encoding/parse-jws.ts'
import { joined, openReader, openWriter } from '../encoding/pieces.ts'
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { readLogPolicy } from '../log/log-policy.ts'
import { Digest, digestOf } from '../model/digest.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import type { Inflate } from '../status/status-list.ts'
import { Anchors } from '../trust/anchors.ts'
import type { TrustFile, TrustFiles } from '../trust/assemble-trust.ts'
import { peekTrustFile, type TrustFileKind } from '../trust/peek-trust-file.ts'
import { looksLikeBundle } from './bundle-sniff.ts'
import { malformed } from './columns.ts'
import { packSignedFile, unpackSignedFile, type Zlib } from './pack-signed-file.ts'

// An offline bundle: everything that a verifier needs of an alliance, or of all that a node follows, in one file.
//
//   comity-bundle/1\n
//   <compact JWS, typ comity-bundle+jwt: the label>\n
//   <body: how many files, then each as its kind (one byte), its length, and its bytes packed>
//
// The files carry no names. What each is, its own content says, so there is no path to escape by and no name to take twice.

export const bundleType = 'comity-bundle+jwt'

const magic = encodeUtf8('comity-bundle/1\n')

/** Of the file as it comes, of its files, and of them all unpacked: what a phone holds without trouble. */
export const bundleLimits = { bytes: 8 * 1024 * 1024, files: 2000, unpackedBytes: 64 * 1024 * 1024 } as const

const labelLimits: JsonLimits = { bytes: 256 * 1024, depth: 12 }

const BundleLabel = z.strictObject({
  /** Who made it, and when: it says nothing of what happened after. */
  iss: IssuerUrl,
  iat: NumericDate,
  /** The one alliance that it is about; null for all that its maker follows. */
  alliance: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .nullable(),
  /** What its maker trusts. Nobody else has to, and no program does by itself. */
  anchors: Anchors,
  body: z.strictObject({ digest: Digest, length: z.int().min(1) }),
})
export type BundleLabel = z.infer<typeof BundleLabel>

/** By the number that says which; never renumbered. */
export const bundleKinds = ['manifest', 'alliance', 'rules', 'status-list', 'log-policy', 'freshness'] as const
export type BundleKind = TrustFileKind | 'log-policy'

/** A C2SP tlog-policy of one city's log, as one alliance's list and its members' manifests have it. For other people's tools; `verify` does without. */
export interface BundledPolicy {
  readonly alliance: string
  /** Origin of the log. */
  readonly log: string
  readonly text: string
}

export type BundledFiles = Omit<TrustFiles, 'anchors' | 'freshness'> & { readonly freshness: readonly TrustFile[] }

export interface Bundle {
  readonly label: BundleLabel
  /** Unchecked until trust has been assembled from the verifier's own anchors (`check-bundle.ts`). */
  readonly seal: { readonly kid: string; readonly signingInput: Uint8Array; readonly signature: Uint8Array }
  /** As they were published, byte for byte, and as unchecked as files from anywhere. */
  readonly files: BundledFiles
  readonly policies: readonly BundledPolicy[]
}

export interface PackedFile {
  readonly kind: BundleKind
  readonly packed: Uint8Array
}

export const packFile = (kind: BundleKind, bytes: Uint8Array, zlib: Zlib): PackedFile => ({ kind, packed: packSignedFile(bytes, zlib) })

/**
 * Puts packed files together under the maker's signature. It says who put them together and when, and that none was taken away or put in
 * since; it makes none of them true. That each is genuine is proven by its own signatures, from the verifier's own anchors up, as if it had come
 * any other way.
 *
 * @param signer the maker's status key: the one key that is at hand whenever a node publishes, and whose statements are of this kind already:
 * "so it stood when I said it". Whoever steals it can leave files out of a bundle, which is less than the false lists that it could sign.
 */
export function makeBundle(label: Omit<BundleLabel, 'body'>, files: readonly PackedFile[], signer: Signer, { sha256 }: Pick<Engine, 'sha256'>): Uint8Array {
  const writer = openWriter()
  writer.count(files.length)
  for (const { kind, packed } of files) {
    writer.byte(bundleKinds.indexOf(kind))
    writer.piece(packed)
  }
  const body = writer.bytes()
  const whole: BundleLabel = { ...label, body: { digest: encodeBase64url(sha256(body)), length: body.length } }
  const payload = parseOrFault(BundleLabel, whole, 'bundle-malformed', 'label') as unknown as JsonObject // its schema holds JSON only
  const bundle = joined([magic, encodeUtf8(`${signCompactJws({ typ: bundleType }, payload, signer, labelLimits)}\n`), body])
  if (bundle.length > bundleLimits.bytes || files.length > bundleLimits.files)
    throw new Fault('bytes-too-many', { at: 'bundle', detail: `${files.length} files, ${bundle.length} bytes` })
  return bundle
}

/**
 * Takes a bundle apart, strictly. What comes out is as its maker put it in, if the maker's signature holds; nothing of it is trusted yet.
 * Faults: `bundle-version-unknown`, `bundle-malformed`, `bundle-damaged` (its body is not the one that the label names), `bundle-file-repeated`,
 * `bytes-too-many`, and those of the encodings.
 */
export function readBundle(bytes: Uint8Array, { sha256 }: Pick<Engine, 'sha256'>, inflate: Inflate): Bundle {
  if (bytes.length > bundleLimits.bytes) throw new Fault('bytes-too-many', { at: 'bundle', detail: `${bytes.length}, at most ${bundleLimits.bytes}` })
  if (!looksLikeBundle(bytes)) throw malformed('bundle', 'not a bundle')
  if (!magic.every((byte, index) => bytes[index] === byte)) throw new Fault('bundle-version-unknown', { at: 'bundle' })
  const end = bytes.indexOf(lineEnd, magic.length)
  if (end < 0) throw malformed('label', 'cut off')
  const jws = parseCompactJws(decodeUtf8(bytes.subarray(magic.length, end), 'label'), { typ: bundleType, limits: labelLimits })
  const label = parseOrFault(BundleLabel, jws.payload, 'bundle-malformed', 'label')
  const body = bytes.subarray(end + 1)
  if (body.length !== label.body.length || encodeBase64url(sha256(body)) !== label.body.digest) throw new Fault('bundle-damaged', { at: 'body' })
  const { header, signingInput, signature } = jws
  return { label, seal: { kid: header.kid, signingInput, signature }, ...readBody(body, { sha256 }, inflate) }
}

const lineEnd = 0x0a

function readBody(body: Uint8Array, engine: Pick<Engine, 'sha256'>, inflate: Inflate): Pick<Bundle, 'files' | 'policies'> {
  const files: Record<TrustFileKind, TrustFile[]> = { manifest: [], alliance: [], rules: [], 'status-list': [], freshness: [] }
  const policies: BundledPolicy[] = []
  const names = new Set<string>()
  const take = (name: string): string => {
    if (names.has(name)) throw new Fault('bundle-file-repeated', { at: name })
    names.add(name)
    return name
  }
  const reader = openReader(body, 'body', malformed)
  let total = 0
  for (let left = reader.count(bundleLimits.files); left > 0; left--) {
    const kind = bundleKinds[reader.byte()]
    if (kind === undefined) throw malformed('body', 'a file of no kind')
    const bytes = unpackSignedFile(reader.piece(bundleLimits.bytes), inflate)
    total += bytes.length
    if (total > bundleLimits.unpackedBytes) throw new Fault('bytes-too-many', { at: 'bundle', detail: `more than ${bundleLimits.unpackedBytes} unpacked` })
    if (kind === 'log-policy') {
      const policy = policyOf(bytes)
      take(`log-policy ${policy.alliance} ${policy.log}`)
      policies.push(policy)
      continue
    }
    const peek = peekTrustFile(bytes, engine)
    if (peek instanceof Fault) throw peek
    if (peek.kind !== kind) throw malformed('body', `a ${peek.kind} as ${kind}`)
    files[kind].push({ name: take(`${kind} ${peek.subject} ${peek.version}`), bytes })
  }
  reader.end()
  return {
    files: {
      manifests: files.manifest,
      allianceLists: files.alliance,
      ruleSets: files.rules,
      statusLists: files['status-list'],
      freshness: files.freshness,
    },
    policies,
  }
}

/** Which policy it is stands in it: one log under one or more keys, and the quorum of one alliance. */
function policyOf(bytes: Uint8Array): BundledPolicy {
  const { logs, quorum } = readLogPolicy(bytes)
  const [log] = logs
  const alliance = /^alliance\/([a-z0-9-]{1,64})$/.exec(quorum)?.[1]
  if (log === undefined || alliance === undefined) throw malformed('log-policy', 'of no log or no alliance')
  return { alliance, log: log.key.name, text: decodeUtf8(bytes, 'log-policy') }
}

/** Forty-three characters that a person can compare with what a trusted hand says: two bundles with the same ask to trust the same. */
export const anchorsDigest = (anchors: Anchors, engine: Pick<Engine, 'sha256'>): Digest => digestOf(canonicalJson(anchors), engine)
