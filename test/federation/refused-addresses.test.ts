import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { joinAllianceRoute, refreshTrustRoute, takeTrustFile } from '#contract/trust.ts'
import { secondsOf } from '#core/model/instant.ts'
import { logNeighbours } from '#registry/log/neighbours.ts'
import { readAnchors } from '#registry/held-trust.ts'
import { alliancePayload, makeCity, memberOf, payloadDigest, signAllianceList } from '../support/make-alliance.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

/** Something on the node's own machine that is not meant for its neighbours. */
let inner: Server
let port = 0
let reached = 0
let node: TestNode
beforeAll(async () => {
  inner = createServer((_request, response) => {
    reached++
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(inner, 'listening')
  ;({ port } = inner.address() as AddressInfo) // listening on TCP
  node = await openTestNode()
})
afterAll(async () => {
  await node.close()
  inner.close()
})

it('a list that its members have signed leads no node into its own network, whether by address or by name', async () => {
  const { office } = node
  const own = (await readAnchors(office.store.read, office.authority)).authorities[0]!
  const [zibo, taian, dezhou, liaocheng] = [makeCity('370300'), makeCity('370900'), makeCity('371400'), makeCity('371500')]
  const members = [
    { ...memberOf(zibo), ...own, authorised: [...own.authorised], addresses: ['https://370100.comity.example'] },
    memberOf(zibo, { addresses: [`http://127.0.0.1:${port}`] }),
    memberOf(taian, { addresses: ['https://169.254.169.254'] }),
    memberOf(dezhou, { addresses: [`https://localhost:${port}`] }),
    memberOf(liaocheng, { addresses: ['https://10.0.0.5', `http://localhost:${port}`] }),
  ]
  const bytes = signAllianceList(alliancePayload('circle', members, secondsOf(office.clock()), { thresholds: { list: 1, rules: 1 } }), [zibo.authority.signer])
  await node.call(joinAllianceRoute, { as: 'drafter', body: { alliance: 'circle', version: 1, digest: payloadDigest(bytes) } })
  await node.call(takeTrustFile, { as: 'drafter', body: Uint8Array.from(bytes) })
  const { neighbours } = await node.call(refreshTrustRoute, { as: 'drafter', body: {} })
  expect(neighbours.map(({ division, outcome, problem }) => [division, outcome, problem])).toEqual(
    ['370300', '370900', '371400', '371500'].map((division) => [division, 'unreachable', 'neighbour-address-refused']),
  )
  expect(reached).toBe(0)
  expect(logNeighbours((await node.desk.current()).trust, office).map(({ addresses }) => addresses)).toEqual([
    ['https://169.254.169.254'],
    [`https://localhost:${port}`],
    ['https://10.0.0.5'],
  ])
})
