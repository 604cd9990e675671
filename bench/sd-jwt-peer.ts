import { hash, randomBytes, sign, verify, type KeyObject } from 'node:crypto'

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
    hasher: (data) => hash('sha256', typeof data === 'string' ? data : new Uint8Array(data), 'buffer'),
    saltGenerator: () => randomBytes(16).toString('base64url'),
    verifier: verifierOf(keys.public),
    ...(keys.private === undefined ? {} : { signer: signerOf(keys.private) }),
    statusListFetcher: () => Promise.resolve(statusList),
    statusVerifier: verifierOf(keys.status ?? keys.public),
  })

const signerOf = (key: KeyObject) => (data: string) => sign(null, Buffer.from(data), key).toString('base64url')
const verifierOf = (key: KeyObject) => (data: string, signature: string) => verify(null, Buffer.from(data), key, Buffer.from(signature, 'base64url'))
