import { makeBundle, packFile, type BundleLabel, type PackedFile } from '#core/bundle/bundle.ts'
import { deriveLogPolicies } from '#core/bundle/derive-log-policy.ts'
import type { Signer } from '#core/crypto/engine.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import type { TrustFiles } from '#core/trust/assemble-trust.ts'
import { deflate, inflate, nodeEngine } from '#custody/engine-node.ts'

import { assemble, type City } from './make-alliance.ts'

/** The files of an alliance in memory, packed as a node would pack them. */
export function packedFiles(files: TrustFiles): readonly PackedFile[] {
  const zlib = { deflate, inflate }
  const policies = deriveLogPolicies(assemble(files).trust, nodeEngine)
  return [
    ...files.allianceLists.map(({ bytes }) => packFile('alliance', bytes, zlib)),
    ...files.manifests.map(({ bytes }) => packFile('manifest', bytes, zlib)),
    ...files.ruleSets.map(({ bytes }) => packFile('rules', bytes, zlib)),
    ...files.statusLists.map(({ bytes }) => packFile('status-list', bytes, zlib)),
    ...(files.freshness ?? []).map(({ bytes }) => packFile('freshness', bytes, zlib)),
    ...policies.map(({ text }) => packFile('log-policy', encodeUtf8(text), zlib)),
  ]
}

export interface BundleOptions {
  readonly maker: City
  readonly iat: number
  readonly signer?: Signer
  readonly label?: Partial<Omit<BundleLabel, 'body'>>
}

/** One bundle of all that somebody holds, made by one of the cities. */
export const bundleOfFiles = (files: TrustFiles, { maker, iat, signer = maker.status.signer, label = {} }: BundleOptions): Uint8Array =>
  makeBundle({ iss: maker.iss, iat, alliance: null, anchors: files.anchors, ...label }, packedFiles(files), signer, nodeEngine)
