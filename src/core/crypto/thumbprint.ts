import { sha256 } from '@noble/hashes/sha2.js'

import { encodeBase64url } from '../encoding/base64url.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'

/**
 * The JWK thumbprint (RFC 7638, SHA-256) of an Ed25519 key: the digest of its required members in lexicographic order, base64url.
 * @param x the encoded point as the JWK has it (base64url, 43 characters)
 */
export const thumbprint = (x: string): string => encodeBase64url(sha256(encodeUtf8(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`)))
