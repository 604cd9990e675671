import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import { loadInTurns } from './http-rounds.ts'
import { issueSome, verifyRequests } from './issued-records.ts'
import { atLeast, micros, millis, perSecond, type Line } from './line.ts'
import { median, rateAgainst } from './measure.ts'
import { makeNode } from './node-under-test.ts'
import { startServer, type Check } from './server-process.ts'

const connections = 32

/** `POST /verify` through everything that a request passes, against a bare server that answers as many bytes, and the signature. */
export async function verifyPost(): Promise<readonly Line[]> {
  const { place, office, close } = await makeNode()
  const texts = await issueSome(office, 64)
  const { jwk } = (await listSigningKeys(office.store.read, {})).find(({ kid }) => kid === office.keyring.issue.kid)!
  await close()
  const { signingInput, signature } = parseSdJwt(texts[0]!, nodeEngine)
  const check = {
    jwk: jwk as unknown as Check['jwk'],
    signingInput: Buffer.from(signingInput).toString(),
    signature: Buffer.from(signature).toString('base64url'),
  } // a public key of our own

  const { next, first } = verifyRequests(texts)
  const node = await startServer({ kind: 'node', place, worker: false })
  const reply = await fetch(`http://127.0.0.1:${node.port}/verify`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: first })
  const text = await reply.text()
  if (!text.includes('"answer":"yes"')) throw new Error('a good record was refused')
  const replyLength = Buffer.byteLength(text)
  const bare = await startServer({ kind: 'null', replyLength })
  const checking = await startServer({ kind: 'null', replyLength, check })
  const round = { milliseconds: 1500 }
  const { bareLoaded, limit, ours } = await loadInTurns({
    bareLoaded: { server: bare, connections, next, round },
    limit: { server: checking, connections, next, round },
    ours: { server: node, connections, next, round },
  })
  await Promise.all([node, bare, checking].map((server) => server.close()))

  const line = { work: `POST /verify, ${connections} connections`, perCpuSecond: perSecond(median(ours.cpu)) }
  const most = 3 * ours.p50 + 10
  return [
    {
      ...line,
      limit: `null + crypto.verify ${micros(median(limit.cpu))} (null ${micros(median(bareLoaded.cpu))})`,
      ours: micros(median(ours.cpu)),
      value: rateAgainst(ours.cpu, limit.cpu),
      bar: atLeast(0.5, 'of the limit'),
    },
    {
      ...line,
      limit: `p50 ${millis(ours.p50)}`,
      ours: `p99 ${millis(ours.p99)}`,
      value: ours.p99 / most,
      bar: { text: `p99 ≤ 3 × p50 + 10 ms = ${millis(most)}`, most: 1 },
    },
  ]
}
