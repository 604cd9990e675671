import { packSignedFile } from '#core/bundle/pack-signed-file.ts'
import { leafBytes, type LeafKind } from '#core/log/leaf.ts'
import { tilePath } from '#core/log/tiles.ts'
import { tileWidth } from '#core/log/tile-path.ts'
import { changeStatus } from '#registry/change-status.ts'
import { checkpointFile, tileFile } from '#registry/log/log-shelf.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import type { Office } from '#registry/office.ts'
import { publishStatusLists, statusListPath } from '#registry/publish.ts'
import { openTrustShelf } from '#registry/trust-shelf.ts'
import { findLogHead, listLogLeaves } from '#storage/log.ts'
import { getFile } from '#storage/published.ts'
import { findRecordByNumber } from '#storage/records.ts'
import { ourSize } from '#core/status/status-list.ts'
import { chanceOf } from '../scripts/ledger/chance.ts'
import { numberOf } from './filler-rows.ts'
import { atMost, micros, millis, whole, type Line } from './line.ts'
import { clocked, median, rounds } from './measure.ts'
import { isValid, narrowRegisterOf, revokedOfList } from './narrow-register.ts'

const sizes = [10_000, 1_000_000, 10_000_000] as const
const together = 12
const warming = 5
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

interface Contender {
  readonly size: number
  readonly office: Office
  readonly close: () => Promise<void>
  /** A valid record that nobody has asked for before. */
  readonly next: () => string
  /** Milliseconds of CPU of one revocation, by round. */
  readonly cpu: number[]
}

async function contender(size: number): Promise<Contender> {
  const { office, close } = await narrowRegisterOf(size)
  await publishStatusLists(office)
  await sequenceLog(office)
  const chance = chanceOf(9, size)
  const taken = new Set<number>()
  const next = (): string => {
    const index = chance.between(0, size - 1)
    if (!isValid(index, size) || taken.has(index)) return next()
    taken.add(index)
    return numberOf(index)
  }
  return { size, office, close, next, cpu: [] }
}

/** One revocation as an officer makes it, and the round of the sequencer after it: event, list, its signature, two leaves, head, its signature. */
async function revoke(office: Office, number: string): Promise<void> {
  await changeStatus(office, { actor: 'second' }, { family: 'title', number }, { change: 'revoked', reason: 'fraud' })
  await sequenceLog(office)
}

interface Published {
  readonly list: Uint8Array
  readonly checkpoint: number
  /** Bytes at the end of the log's files that were not there before, in entries and tiles. */
  readonly grown: number
  /** The last bundle of entries, which is fetched whole. */
  readonly entries: number
  readonly index: number
}

/** What one revocation leaves behind for those who follow this node. */
async function publishedBy({ office, next }: Contender): Promise<Published> {
  const { read } = office.store
  const number = next()
  const before = (await findLogHead(read, {}))!.size
  await revoke(office, number)
  const { size } = (await findLogHead(read, {}))!
  const leaves = await listLogLeaves(read, { from: before, to: size })
  const { statusList } = (await findRecordByNumber(read, { family: 1, number }))!
  const last = { level: 'entries', index: Math.floor((size - 1) / tileWidth), width: ((size - 1) % tileWidth) + 1 } as const
  return {
    list: (await getFile(read, { path: statusListPath(statusList) }))!.body,
    checkpoint: (await checkpointFile(office)).body.length,
    grown: leaves.reduce((sum, { kind, digest }) => sum + 2 + leafBytes(kind as LeafKind, digest).length + 32, 0), // this software alone writes them
    entries: (await tileFile(office, tilePath(last))).body.length,
    index: (await openTrustShelf(office, () => 0).index()).body.length,
  }
}

/** What a revocation costs, however many records there are: until whoever asks sees it, and until it is in the log. */
export async function revocation(): Promise<readonly Line[]> {
  const nodes: Contender[] = []
  for (const size of sizes) nodes.push(await contender(size))
  for (let turn = 0; turn < warming * together; turn++) for (const { office, next } of nodes) await revoke(office, next())
  for (let round = 0; round < rounds; round++)
    for (const { office, next, cpu } of nodes) {
      const numbers = Array.from({ length: together }, next)
      const cost = await clocked(async () => {
        for (const number of numbers) await revoke(office, number)
      })
      cpu.push(cost.cpu / 1000 / together)
    }
  const [small, , large] = nodes as [Contender, Contender, Contender] // one each of the sizes
  const published = await publishedBy(large)
  const packed = packSignedFile(published.list, large.office).length
  const signing = await clocked(() => {
    for (let turn = 0; turn < 100; turn++) large.office.keyring.status.sign(published.list)
  })
  const signature = signing.cpu / 100
  for (const { close } of nodes) await close()

  const { list, checkpoint, grown, entries, index } = published
  const changed = list.length + grown + checkpoint
  const kept = `${whole(revokedOfList)} of each list's ${whole(ourSize)} places revoked before`
  return [
    ...nodes.map(({ size, cpu }): Line => ({
      work: `one revocation published, ${whole(size)} records: event, list, token, leaves, head`,
      limit: `of it the token's signature ${micros(signature)}`,
      ours: `${millis(median(cpu))} of CPU`,
      value: median(cpu),
      bar: atMost(5, 'ms of CPU and one signature'),
    })),
    {
      work: 'one revocation published, flat',
      limit: `with ${whole(small.size)} records ${millis(median(small.cpu))}`,
      ours: `with ${whole(large.size)} ${millis(median(large.cpu))}`,
      value: median(large.cpu.map((cost, round) => cost / small.cpu[round]!)),
      bar: atMost(1.2, `× with ${whole(small.size)}`),
    },
    {
      work: `changed by it for followers: its list's token whole, what log and tiles grew by, the head; ${kept}`,
      limit: `the token as a bundle packs it ${kilobytes(packed)}`,
      ours: `${kilobytes(list.length)} + ${whole(grown)} + ${whole(checkpoint)} bytes`,
      value: changed / 1000,
      bar: atMost(5, 'kB'),
    },
    {
      work: 'the same as a neighbour fetches it: with the index of trust files and the last bundle of entries, whole',
      limit: '',
      ours: `${kilobytes(index)} + ${kilobytes(list.length)} + ${kilobytes(entries)} + ${whole(checkpoint)} bytes`,
      value: (index + list.length + entries + checkpoint) / 1000,
    },
  ]
}
