import { approveDraft, draftRecord } from '#registry/draft-record.ts'
import { changeStatus } from '#registry/change-status.ts'
import { openRemoteLog } from '#federation/fetch-log.ts'
import { followLog } from '#registry/log/follow-log.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import type { Office } from '#registry/office.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'
import { findLogHead } from '#storage/log.ts'
import { getFile } from '#storage/published.ts'
import { serveOpenNode } from '../src/main.ts'
import { openLog } from '#http/request-log.ts'
import { titleDraft } from './drafts.ts'
import { fillOutbox } from './filled-log.ts'
import { atLeast, atMost, micros, millis, perSecond, whole, type Line } from './line.ts'
import { clocked, median, rateAgainst, rounds } from './measure.ts'
import { makeNode } from './node-under-test.ts'

const leaves = 100_000
const together = 200
const quiet = (): void => undefined

async function approveSome(office: Office, from: number): Promise<readonly string[]> {
  const drafts = await Promise.all(Array.from({ length: together }, (_, index) => draftRecord(office, { actor: 'first' }, 'title', titleDraft(from + index))))
  return drafts.map(({ draft }) => draft)
}

/** What the log costs the node that keeps it, and a neighbour that follows it. */
export async function logService(): Promise<readonly Line[]> {
  const node = await makeNode()
  const { office } = node
  const [off, on] = [[] as { cpu: number; wall: number }[], [] as { cpu: number; wall: number }[]]
  for (let round = 0; round <= rounds; round++)
    for (const costs of [off, on]) {
      const drafts = await approveSome(office, round * 2 * together + (costs === on ? together : 0))
      await sequenceLog(office) // nothing of before is counted
      const cost = await clocked(async () => {
        await Promise.all(drafts.map((draft) => approveDraft(office, { actor: 'second' }, draft)))
        if (costs === on) await sequenceLog(office)
      })
      if (round > 0) costs.push({ cpu: cost.cpu / together, wall: cost.wall / together })
    }
  await sequenceLog(office)

  const revocations: number[] = []
  for (let turn = 0; turn < 20; turn++) {
    const { draft } = await draftRecord(office, { actor: 'first' }, 'title', titleDraft(10_000 + turn))
    const { record } = await approveDraft(office, { actor: 'second' }, draft)
    await sequenceLog(office)
    const { cpu } = await clocked(async () => {
      await changeStatus(office, { actor: 'second' }, { id: record }, { change: 'revoked', reason: 'fraud' })
      await sequenceLog(office)
    })
    revocations.push(cpu)
  }
  const list = (await getFile(office.store.read, { path: 'status/1' }))!.body.length

  await fillOutbox(office, leaves)
  const sequencing = await clocked(async () => void (await sequenceLog(office)))
  const { size } = (await findLogHead(office.store.read, {}))!
  const desk = openTrustDesk(office, () => performance.now())
  const city = (await desk.current()).trust.authorities.get(office.authority.iss)!
  const serving = await serveOpenNode({ office, desk, close: node.close }, { host: '127.0.0.1', port: 0, refreshEvery: 0, cosignEvery: 0 }, openLog(quiet))
  const neighbour = await makeNode()
  const following = await clocked(async () => {
    const report = await followLog(
      neighbour.office,
      city,
      openRemoteLog(serving.url, 'log', (url, init) => fetch(url, init)),
    )
    if (report.outcome !== 'followed' || report.size !== size) throw new Error(`not followed: ${report.outcome} ${report.detail}`)
  })
  await neighbour.close()
  await serving.close()

  return [
    {
      work: 'approving with the log on',
      limit: `log off ${micros(median(off.map(({ cpu }) => cpu)))}`,
      ours: micros(median(on.map(({ cpu }) => cpu))),
      value: rateAgainst(
        on.map(({ cpu }) => cpu),
        off.map(({ cpu }) => cpu),
      ),
      bar: atLeast(0.9, 'of the log off'),
    },
    {
      work: `sequencing ${whole(leaves)} leaves`,
      limit: '',
      ours: `${whole(perSecond(sequencing.wall / leaves))} leaves/s`,
      value: perSecond(sequencing.wall / leaves),
    },
    {
      work: `a neighbour follows ${whole(size)} leaves over HTTP`,
      limit: '',
      ours: `${whole(perSecond(following.wall / size))} leaves/s`,
      value: perSecond(following.wall / size),
      bar: atLeast(20_000, 'leaves a second'),
    },
    {
      work: 'one revocation in a small register: event, list, signature, leaf, head',
      limit: '',
      ours: `${millis(median(revocations) / 1000)} of CPU, a list of ${whole(list)} bytes`,
      value: median(revocations) / 1000,
      bar: atMost(5, 'ms of CPU'),
    },
  ]
}
