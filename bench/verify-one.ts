import { verify as rawVerify } from 'node:crypto'

import { issueSdJwt } from '#core/credential/issue-sd-jwt.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { issueStatusListToken } from '#core/status/status-list-token.ts'
import { verify } from '#core/verify/verify.ts'
import { shippedPolicy } from '#core/verify/verdict.ts'
import { deflate, nodeEngine } from '#custody/engine-node.ts'
import { makeAlliance, seededRandom } from '../test/support/make-alliance.ts'
import { division, keyObjectOf, titleDraft } from './drafts.ts'
import { atLeast, micros, perSecond, type Line } from './line.ts'
import { interleave, median, rateAgainst } from './measure.ts'
import { sdJwtPeer, sdJwtPeerAsDocumented } from './sd-jwt-peer.ts'

const records = 64

/** The whole verdict (strict parse, signature, disclosures, manifest, scope, status), against the signature alone and against the peer. */
export async function verifyOne(): Promise<readonly Line[]> {
  const { trust, rules, at, iat, issue, city } = makeAlliance({ cities: [division, '370300'] })
  const { issue: issuing, status } = city(division)
  const texts = Array.from({ length: records }, (_, index) => issue(division, 'title', titleDraft(index)))
  const evidence = texts.map(encodeUtf8)
  const parsed = evidence.map((bytes) => parseSdJwt(bytes, nodeEngine))
  const key = keyObjectOf(issuing.jwk)
  const uri = `${city(division).iss}/status/1`
  const small = issueStatusListToken({ sub: uri, iat, exp: iat + 86_400 * 365, ttl: 3600, history: new Map(), size: records }, status.signer, deflate)
  const withoutStatus = parsed.map(({ claims, disclosed }) =>
    issueSdJwt({ claims: without(claims, 'status'), disclosures: disclosed }, issuing.signer, nodeEngine, seededRandom('bench')),
  )
  const keys = { public: key, status: keyObjectOf(status.jwk) }
  const peers = { best: sdJwtPeer(keys, small), documented: await sdJwtPeerAsDocumented(keys, small) }
  const run = (which: keyof typeof peers, given: readonly string[]) => async (times: number) => {
    for (let index = 0; index < times; index++) await peers[which].verify(given[index % records]!, { currentDate: iat + 60 })
  }

  const cost = await interleave({
    raw: (times) => {
      for (let index = 0; index < times; index++) {
        const { signingInput, signature } = parsed[index % records]!
        if (!rawVerify(null, signingInput, key, signature)) throw new Error('the raw signature is wrong')
      }
    },
    ours: (times) => {
      for (let index = 0; index < times; index++)
        if (verify(evidence[index % records]!, trust, rules, at, shippedPolicy, nodeEngine).answer !== 'yes') throw new Error('a good record was refused')
    },
    peer: run('best', texts),
    peerWithoutStatus: run('best', withoutStatus),
    documented: run('documented', texts),
  })
  const ours = cost.ours.cpu
  const line = {
    work: 'verify one record in core',
    limit: `crypto.verify ${micros(median(cost.raw.cpu))}`,
    ours: micros(median(ours)),
    perCpuSecond: perSecond(median(ours)),
  }
  const against = (name: string, theirs: readonly number[]) => ({
    ...line,
    peer: `sd-jwt-vc ${name} ${micros(median(theirs))}`,
    value: rateAgainst(ours, theirs),
  })
  return [
    { ...line, value: rateAgainst(ours, cost.raw.cpu), bar: atLeast(0.45, 'of crypto.verify') },
    { ...against('over WebCrypto, as documented', cost.documented.cpu), bar: atLeast(3, '× peer as documented') },
    against('over node:crypto, status list of 64', cost.peer.cpu),
    against('over node:crypto, no status looked at', cost.peerWithoutStatus.cpu),
  ]
}

const without = (claims: JsonObject, member: string): JsonObject => Object.fromEntries(Object.entries(claims).filter(([name]) => name !== member))
