import { randomUUID } from 'node:crypto'

import { draftRecord } from '#registry/draft-record.ts'
import { titleDraft } from './drafts.ts'
import { loadInTurns, warmingRounds, type Contender } from './http-rounds.ts'
import { atLeast, micros, millis, perSecond, whole, type Line } from './line.ts'
import { requestBytes } from './load.ts'
import { median, rateAgainst, rounds } from './measure.ts'
import { makeNode } from './node-under-test.ts'
import { addClient, tokenOf } from './office-client.ts'
import { startServer, type ServerProcess } from './server-process.ts'

export const connections = 64
export const requests = { together: 2_500, oneEach: 500 } as const
/** Of an answer to an approval. */
const replyLength = 110

type Mode = keyof typeof requests

/** A node with drafts that wait, served, and the requests that approve one each. @param env added to the server's */
export async function approvals(
  mode: Mode,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly server: ServerProcess; readonly next: () => Buffer }> {
  const { place, office, close } = await makeNode()
  const howMany = requests[mode] * (rounds + warmingRounds)
  const client = await addClient(office, 'second', ['approve'])
  const drafts: string[] = []
  // Some hundred at a time, as many as share a commit.
  for (let from = 0; from < howMany; from += 200) {
    const batch = Array.from({ length: Math.min(200, howMany - from) }, (_, index) =>
      draftRecord(office, { actor: 'first' }, 'title', titleDraft(from + index)),
    )
    drafts.push(...(await Promise.all(batch)).map(({ draft }) => draft))
  }
  const server = await startServer(mode === 'together' ? { kind: 'node', place, worker: false } : { kind: 'node-one-commit-each', place }, env)
  const token = await tokenOf(client, office, `http://127.0.0.1:${server.port}`)
  await close()
  let turn = 0
  const next = (): Buffer =>
    requestBytes('POST', `/drafts/${drafts[turn++]}/approval`, '{}', { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() })
  return { server, next }
}

export const contender = (server: ServerProcess, next: () => Buffer, mode: Mode): Contender => ({
  server,
  next,
  connections,
  round: { requests: requests[mode] },
})

/** Approving a draft over HTTP: checked, numbered, signed, durable, and answered after its commit. */
export async function approvePost(): Promise<readonly Line[]> {
  const together = await approvals('together')
  const oneEach = await approvals('oneEach')
  const bare = await startServer({ kind: 'null', replyLength })
  const issuing = await startServer({ kind: 'bare-issuing', replyLength, rowsOfCommit: connections })
  const plain = requestBytes('POST', '/drafts/00000000-0000-7000-8000-000000000000/approval', '{}', {
    authorization: 'x'.repeat(400),
    'idempotency-key': randomUUID(),
  })
  const loaded = await loadInTurns({
    bare: contender(bare, () => plain, 'together'),
    issuing: contender(issuing, () => plain, 'together'),
    together: contender(together.server, together.next, 'together'),
    oneEach: contender(oneEach.server, oneEach.next, 'oneEach'),
  })
  await Promise.all([bare, issuing, together.server, oneEach.server].map((server) => server.close()))

  const ours = loaded.together
  // What a commit for each costs more, on this disk. A node that did nothing but the limit's own work could save no more than that.
  const [limit, each, shared] = [median(loaded.issuing.cpu), median(loaded.oneEach.wall), median(ours.wall)]
  const most = (limit + each - shared) / limit
  const work = `POST approval, durable, ${connections} connections`
  return [
    {
      work,
      // All in one bare server under the same load: the same work takes half as long again when the machine's other core is busy.
      limit: `null + sign + build + row ${micros(limit)} (null ${micros(median(loaded.bare.cpu))})`,
      ours: micros(median(ours.cpu)),
      value: rateAgainst(ours.cpu, loaded.issuing.cpu),
      perCpuSecond: perSecond(median(ours.cpu)),
      bar: atLeast(0.4, 'of the limit'),
    },
    // Without a bar: that is asked of a disk on which a commit is dear (`approve-slow-disk`).
    {
      work: `${work}, requests a second against one commit a request`,
      limit: `the limit itself ${most.toFixed(2)}; one commit a request ${whole(perSecond(each))}/s, p99 ${millis(loaded.oneEach.p99)}`,
      ours: `${whole(perSecond(shared))}/s, p99 ${millis(ours.p99)}`,
      value: rateAgainst(ours.wall, loaded.oneEach.wall),
    },
  ]
}
