import { createPublicKey, verify as rawVerify } from 'node:crypto'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { decodeUtf8, encodeUtf8 } from '#core/encoding/utf8.ts'
import { shippedPolicy } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { approveDraft, draftRecord } from '#registry/draft-record.ts'
import { fetchRecord } from '#registry/claim-record.ts'
import { holdTrust } from '#registry/held-trust.ts'
import { getFile } from '#storage/published.ts'
import { titleDraft } from './drafts.ts'
import { atLeast, micros, perSecond, type Line } from './line.ts'
import { interleave, median, rateAgainst } from './measure.ts'
import { makeNode } from './node-under-test.ts'
import { sdJwtPeer } from './sd-jwt-peer.ts'

/** The whole verdict (strict parse, signature, disclosures, manifest, scope, status) on records of a real node, against the signature alone and the peer. */
export async function verifyOne(): Promise<readonly Line[]> {
  const { office, close } = await makeNode()
  const texts: string[] = []
  for (let index = 0; index < 64; index++) {
    const { draft } = await draftRecord(office, { actor: 'first' }, 'title', titleDraft(index))
    const { record } = await approveDraft(office, { actor: 'second' }, draft)
    texts.push((await fetchRecord(office, { actor: 'second' }, { id: record })).text)
  }
  const { trust, rules } = await holdTrust(office)
  const list = await getFile(office.store.read, { path: 'status/1' })
  const at = office.clock()
  const evidence = texts.map(encodeUtf8)
  const parsed = evidence.map((bytes) => parseSdJwt(bytes, office.engine))
  const { key } = trust.authorities.get(office.authority.iss)!.manifest!.keys.get(office.keyring.issue.kid)!
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.x).toString('base64url') } })
  const statusKey = [...trust.authorities.get(office.authority.iss)!.manifest!.keys.values()].find(({ use }) => use === 'status')!.key
  const statusPublicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(statusKey.x).toString('base64url') } })
  const peer = sdJwtPeer({ public: publicKey })
  const peerWithStatus = sdJwtPeer({ public: publicKey, status: statusPublicKey }, decodeUtf8(list!.body))
  await close()

  const cost = await interleave({
    raw: (times) => {
      for (let index = 0; index < times; index++) {
        const { signingInput, signature } = parsed[index & 63]!
        if (!rawVerify(null, signingInput, publicKey, signature)) throw new Error('the raw signature is wrong')
      }
    },
    ours: (times) => {
      for (let index = 0; index < times; index++)
        if (verify(evidence[index & 63]!, trust, rules, at, shippedPolicy, office.engine).answer !== 'yes') throw new Error('a good record was refused')
    },
    peer: async (times) => {
      for (let index = 0; index < times; index++) await peerWithStatus.verify(texts[index & 63]!)
    },
    peerWithoutStatus: async (times) => {
      for (let index = 0; index < times; index++) await peer.verify(texts[index & 63]!)
    },
  })
  const line = { work: 'verify one record in core', limit: `crypto.verify ${micros(median(cost.raw.cpu))}`, ours: micros(median(cost.ours.cpu)), perCpuSecond: perSecond(median(cost.ours.cpu)) }
  return [
    { ...line, value: rateAgainst(cost.ours.cpu, cost.raw.cpu), bar: atLeast(0.45, 'of crypto.verify') },
    { ...line, peer: `@sd-jwt/sd-jwt-vc ${micros(median(cost.peer.cpu))}`, value: rateAgainst(cost.ours.cpu, cost.peer.cpu), bar: atLeast(3, '× peer') },
    { ...line, peer: `the same, status not looked at ${micros(median(cost.peerWithoutStatus.cpu))}`, value: rateAgainst(cost.ours.cpu, cost.peerWithoutStatus.cpu) },
  ]
}
