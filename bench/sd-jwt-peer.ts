import { createHash, hash, randomBytes, sign, subtle, verify, type KeyObject } from 'node:crypto'

import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'

export interface PeerKeys {
  readonly public: KeyObject
  readonly private?: KeyObject | undefined
  readonly status?: KeyObject | undefined
}

/**
 * The peer at its best: one `KeyObject` a key, node's synchronous one-shot hashing and signing behind its asynchronous interface, no
 * network. `statusList` is the token that it would fetch: it checks and unpacks it for every record that names one, which is how it is made.
 */
export const sdJwtPeer = (keys: PeerKeys, statusList = '') =>
  new SDJwtVcInstance({
    signAlg: 'EdDSA',
    hashAlg: 'sha-256',
    hasher: (data) => hash('sha256', bytesOf(data), 'buffer'),
    saltGenerator: () => randomBytes(16).toString('base64url'),
    verifier: verifierOf(keys.public),
    ...(keys.private === undefined ? {} : { signer: signerOf(keys.private) }),
    statusListFetcher: () => Promise.resolve(statusList),
    statusVerifier: verifierOf(keys.status ?? keys.public),
  })

const signerOf = (key: KeyObject) => (data: string) => sign(null, Buffer.from(data), key).toString('base64url')
const verifierOf = (key: KeyObject) => (data: string, signature: string) => verify(null, Buffer.from(data), key, Buffer.from(signature, 'base64url'))
const bytesOf = (data: string | ArrayBuffer): string | Uint8Array => (typeof data === 'string' ? data : new Uint8Array(data))

/** The peer as its own documentation and its package for node wire it: WebCrypto for signatures, a hash object a digest. */
export async function sdJwtPeerAsDocumented(keys: PeerKeys, statusList = '') {
  return new SDJwtVcInstance({
    signAlg: 'EdDSA',
    hashAlg: 'sha-256',
    hasher: (data) => new Uint8Array(createHash('sha256').update(bytesOf(data)).digest()),
    saltGenerator: () => randomBytes(16).toString('hex'),
    verifier: await webVerifierOf(keys.public),
    ...(keys.private === undefined ? {} : { signer: await webSignerOf(keys.private) }),
    statusListFetcher: () => Promise.resolve(statusList),
    statusVerifier: await webVerifierOf(keys.status ?? keys.public),
  })
}

const encoder = new TextEncoder()
const imported = (key: KeyObject, use: 'sign' | 'verify') => subtle.importKey('jwk', key.export({ format: 'jwk' }), 'Ed25519', false, [use])

async function webSignerOf(key: KeyObject) {
  const signing = await imported(key, 'sign')
  return async (data: string) => Buffer.from(await subtle.sign('Ed25519', signing, encoder.encode(data))).toString('base64url')
}

async function webVerifierOf(key: KeyObject) {
  const verifying = await imported(key, 'verify')
  return (data: string, signature: string) => subtle.verify('Ed25519', verifying, Buffer.from(signature, 'base64url'), encoder.encode(data))
}
