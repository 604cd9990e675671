import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

import { checkDraft } from '#core/credential/check-draft.ts'
import { families } from '#core/credential/families.ts'
import { issueRecord } from '#core/credential/issue-record.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import { PartialDate } from '#core/model/partial-date.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import { division, titleDraft } from './drafts.ts'
import { atLeast, micros, perSecond, type Line } from './line.ts'
import { interleave, median, rateAgainst } from './measure.ts'
import { sdJwtPeer } from './sd-jwt-peer.ts'

const iss = 'https://370100.comity.example'
const policy = { today: PartialDate.parse('2026-11-22'), scope: { families: [...Object.keys(families)] as never, divisions: [DivisionCode.parse(division)] }, division }

/** Draft → lint → disclosures, salts, hashes → signature, against the signature alone and against the peer with the same claims. */
export async function issueOne(): Promise<readonly Line[]> {
  const pair = generateKeyPairSync('ed25519')
  const signer = nodeSigner(Buffer.from(pair.privateKey.export({ format: 'jwk' }).d!, 'base64url'))
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
  const drafts = Array.from({ length: 64 }, (_, index) => titleDraft(index))
  const envelopes = drafts.map((_, index) => ({
    iss,
    iat: 1_795_318_256,
    division: policy.scope.divisions[0]!,
    issuedBy: '济南市人力资源和社会保障局',
    number: `JN2021050${String(index).padStart(5, '0')}`,
    status: { status_list: { idx: 4096 + index, uri: `${iss}/status/1` } },
  }))
  const issue = (index: number): string => issueRecord(checkDraft(families.title, drafts[index]!, policy), envelopes[index]!, signer, nodeEngine, random)
  const issued = drafts.map((_, index) => parseSdJwt(issue(index), nodeEngine))
  const signed = issued.map(({ signingInput }) => signingInput)
  // The peer is handed what our record says, so that both hash and sign the same claims.
  const frame = { _sd: Object.keys(issued[0]!.disclosed) }
  const claims = issued.map((record) => ({ ...record.claims, ...record.disclosed }) as JsonObject & { readonly iss: string; readonly vct: string })
  const peer = sdJwtPeer({ public: pair.publicKey, private: pair.privateKey })
  const header = { header: { typ: 'dc+sd-jwt', kid: signer.kid } }

  const cost = await interleave({
    raw: (times) => {
      for (let index = 0; index < times; index++) sign(null, signed[index & 63]!, pair.privateKey)
    },
    ours: (times) => {
      for (let index = 0; index < times; index++) issue(index & 63)
    },
    peer: async (times) => {
      for (let index = 0; index < times; index++) await peer.issue(claims[index & 63]!, frame as never, header) // the frame's type is derived from the claims' type
    },
  })
  const line = { work: 'issue one record in core', limit: `crypto.sign ${micros(median(cost.raw.cpu))}`, ours: micros(median(cost.ours.cpu)), perCpuSecond: perSecond(median(cost.ours.cpu)) }
  return [
    { ...line, value: rateAgainst(cost.ours.cpu, cost.raw.cpu), bar: atLeast(0.3, 'of crypto.sign') },
    { ...line, peer: `@sd-jwt/sd-jwt-vc ${micros(median(cost.peer.cpu))}`, value: rateAgainst(cost.ours.cpu, cost.peer.cpu), bar: atLeast(3, '× peer') },
  ]
}
