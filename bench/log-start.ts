import { compareWithHead } from '#registry/log/issuing-gate.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { openNode, type Place } from '../src/main.ts'
import { fillOutbox, logOf } from './filled-log.ts'
import { atMost, millis, whole, type Line } from './line.ts'
import { clocked, median, rounds } from './measure.ts'
import { buildCommand, timeToReady } from './time-to-ready.ts'

const sizes = [10_000, 1_000_000] as const
/** Leaves that a node which was stopped has not taken up: those of its last second. */
const left = 10

/**
 * CPU of a node's own part in its start, in microseconds: it holds its log against the head file beside the database, and takes up what was left
 * waiting. Without the passphrase, which takes many times as long whatever is in the log.
 */
async function checkAndSequence(place: Place): Promise<number> {
  const before = await openNode(place)
  await fillOutbox(before.office, left)
  await before.close()
  const { office, close } = await openNode(place)
  const { cpu } = await clocked(async () => {
    await compareWithHead(office)
    office.gate.check()
    await sequenceLog(office)
  })
  await close()
  return cpu
}

/** What a long log costs a node that starts: the process until it is ready, and its own part in that. */
export async function logStart(): Promise<readonly Line[]> {
  buildCommand()
  const nodes: { readonly place: Place; readonly ready: number[]; readonly own: number[] }[] = []
  for (const size of sizes) {
    const { place, close } = await logOf(size)
    await close()
    nodes.push({ place, ready: [], own: [] })
  }
  // One turn that does not count: the first has the files still to be read and the code still to be compiled.
  for (let round = 0; round <= rounds; round++)
    for (const { place, ready, own } of nodes) {
      const taken = { ready: await timeToReady(place), own: await checkAndSequence(place) }
      if (round === 0) continue
      ready.push(taken.ready)
      own.push(taken.own / 1000)
    }
  const [small, large] = nodes as [(typeof nodes)[number], (typeof nodes)[number]] // one each of the two sizes
  const line = (work: string, of: (node: (typeof nodes)[number]) => readonly number[]): Line => ({
    work: `${work}, a log of ${whole(sizes[1])} leaves`,
    limit: `with ${whole(sizes[0])} leaves ${millis(median(of(small)))}`,
    ours: millis(median(of(large))),
    value: median(of(large).map((taken, round) => taken / of(small)[round]!)),
    bar: atMost(1.2, `× with ${whole(sizes[0])}`),
  })
  return [line('node ready', ({ ready }) => ready), line(`check the log against its head file, sequence the ${left} leaves that wait (CPU)`, ({ own }) => own)]
}
