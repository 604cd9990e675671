import { verify } from 'node:crypto'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import { keyObjectOf } from './drafts.ts'
import { loadInTurns } from './http-rounds.ts'
import { issueSome, verifyRequests } from './issued-records.ts'
import { atLeast, micros, millis, perSecond, type Line } from './line.ts'
import { interleave, median, rateAgainst } from './measure.ts'
import { makeNode } from './node-under-test.ts'
import { startServer } from './server-process.ts'

const connections = 32

/** `POST /verify` through everything that a request passes, against a bare server that answers as many bytes, and the signature. */
export async function verifyPost(): Promise<readonly Line[]> {
  const { place, office, close } = await makeNode()
  const texts = await issueSome(office, 64)
  const issuing = (await listSigningKeys(office.store.read, {})).find(({ kid }) => kid === office.keyring.issue.kid)!
  await close()
  const key = keyObjectOf(issuing.jwk as Parameters<typeof keyObjectOf>[0]) // a public key of our own
  const signed = texts.map((text) => parseSdJwt(text, nodeEngine))

  const { next, first } = verifyRequests(texts)
  const node = await startServer({ kind: 'node', place, worker: false })
  const reply = await fetch(`http://127.0.0.1:${node.port}/verify`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: first })
  const text = await reply.text()
  if (!text.includes('"answer":"yes"')) throw new Error('a good record was refused')
  const bare = await startServer({ kind: 'null', replyLength: Buffer.byteLength(text) })
  const round = { milliseconds: 1500 }
  const loaded = await loadInTurns({ bare: { server: bare, connections, next, round }, ours: { server: node, connections, next, round } })
  await node.close()
  await bare.close()

  const raw = await interleave({
    verify: (times) => {
      for (let index = 0; index < times; index++) {
        const { signingInput, signature } = signed[index % signed.length]!
        if (!verify(null, signingInput, key, signature)) throw new Error('the raw signature is wrong')
      }
    },
  })
  const limit = loaded.bare.cpu.map((cost, at) => cost + raw.verify.cpu[at]!)
  const { ours } = loaded
  const line = { work: `POST /verify, ${connections} connections`, perCpuSecond: perSecond(median(ours.cpu)) }
  const most = 3 * ours.p50 + 10
  return [
    { ...line, limit: `null ${micros(median(loaded.bare.cpu))} + crypto.verify ${micros(median(raw.verify.cpu))}`, ours: micros(median(ours.cpu)), value: rateAgainst(ours.cpu, limit), bar: atLeast(0.5, 'of the limit') },
    { ...line, limit: `p50 ${millis(ours.p50)}`, ours: `p99 ${millis(ours.p99)}`, value: ours.p99 / most, bar: { text: `p99 ≤ 3 × p50 + 10 ms = ${millis(most)}`, most: 1 } },
  ]
}
