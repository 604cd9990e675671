import { generateKeyPairSync, sign } from 'node:crypto'

import { checkDraft } from '#core/credential/check-draft.ts'
import { families } from '#core/credential/families.ts'
import { issueRecord } from '#core/credential/issue-record.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import { familyIds } from '#core/model/family-id.ts'
import { PartialDate } from '#core/model/partial-date.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import { randomBytes } from '#custody/random-bytes.ts'
import { division, titleDraft } from './drafts.ts'
import { atLeast, micros, perSecond, type Line } from './line.ts'
import { interleave, median, rateAgainst, type Contender } from './measure.ts'
import { sdJwtPeer, sdJwtPeerAsDocumented } from './sd-jwt-peer.ts'

const iss = 'https://370100.comity.example'
const policy = { today: PartialDate.parse('2026-11-22'), scope: { families: [...familyIds], divisions: [DivisionCode.parse(division)] }, division }

const distinct = 64

/** Issuing in core, draft → lint → disclosures, salts, hashes → signature, and its signature alone, over the same records and key. */
export function signAndBuild() {
  const pair = generateKeyPairSync('ed25519')
  const signer = nodeSigner(Buffer.from(pair.privateKey.export({ format: 'jwk' }).d!, 'base64url'))
  const drafts = Array.from({ length: distinct }, (_, index) => titleDraft(index))
  const envelopes = drafts.map((_, index) => ({
    iss,
    iat: 1_795_318_256,
    division: policy.scope.divisions[0]!,
    issuedBy: '济南市人力资源和社会保障局',
    number: `JN2021050${String(index).padStart(5, '0')}`,
    status: { status_list: { idx: 4096 + index, uri: `${iss}/status/1` } },
  }))
  const issueOf = (index: number): string => issueRecord(checkDraft(families.title, drafts[index]!, policy), envelopes[index]!, signer, nodeEngine, randomBytes)
  const issued = drafts.map((_, index) => parseSdJwt(issueOf(index), nodeEngine))
  const issue: Contender = (times) => {
    for (let index = 0; index < times; index++) issueOf(index % distinct)
  }
  const signOnly: Contender = (times) => {
    for (let index = 0; index < times; index++) sign(null, issued[index % distinct]!.signingInput, pair.privateKey)
  }
  return { issue, sign: signOnly, issued, pair, kid: signer.kid }
}

/** Issuing one record, against its signature alone and against the peer with the same claims. */
export async function issueOne(): Promise<readonly Line[]> {
  const { issue, sign: signOnly, issued, pair, kid } = signAndBuild()
  // The peer is handed what our record says, so that both hash and sign the same claims.
  const frame = { _sd: Object.keys(issued[0]!.disclosed) }
  const claims = issued.map((record) => ({ ...record.claims, ...record.disclosed }) as JsonObject & { readonly iss: string; readonly vct: string }) // ours have both
  const keys = { public: pair.publicKey, private: pair.privateKey }
  const header = { header: { typ: 'dc+sd-jwt', kid } }
  const peer =
    (instance: ReturnType<typeof sdJwtPeer>): Contender =>
    async (times) => {
      for (let index = 0; index < times; index++) await instance.issue(claims[index % distinct]!, frame as never, header) // the frame's type is derived from the claims' type
    }

  const cost = await interleave({
    raw: signOnly,
    ours: issue,
    peer: peer(sdJwtPeer(keys)),
    documented: peer(await sdJwtPeerAsDocumented(keys)),
  })
  const ours = cost.ours.cpu
  const line = {
    work: 'issue one record in core',
    limit: `crypto.sign ${micros(median(cost.raw.cpu))}`,
    ours: micros(median(ours)),
    perCpuSecond: perSecond(median(ours)),
  }
  const against = (name: string, theirs: readonly number[]) => ({
    ...line,
    peer: `sd-jwt-vc ${name} ${micros(median(theirs))}`,
    value: rateAgainst(ours, theirs),
  })
  return [
    { ...line, value: rateAgainst(ours, cost.raw.cpu), bar: atLeast(0.3, 'of crypto.sign') },
    { ...against('over WebCrypto, as documented', cost.documented.cpu), bar: atLeast(3, '× peer as documented') },
    // Three times would leave four microseconds beside the signature.
    against('over node:crypto', cost.peer.cpu),
  ]
}
