import { sequenceLog } from '#registry/log/sequence-log.ts'
import type { Office } from '#registry/office.ts'
import { appendToOutbox } from '#storage/outbox.ts'
import { keepNode, type NodeUnderTest } from './node-under-test.ts'
import { say } from './say.ts'

const batch = 1_000

/** So many leaves that wait: digests of nothing, which cost the log what those of records do. */
export async function fillOutbox(office: Office, howMany: number): Promise<void> {
  for (let from = 0; from < howMany; from += batch)
    await office.store.atomically((tx) =>
      appendToOutbox(
        tx,
        Array.from({ length: Math.min(batch, howMany - from) }, (_, index) => ({
          id: office.newId(),
          kind: 'record',
          digest: office.engine.sha256(Buffer.from(`leaf ${from + index}`)),
          createdAt: 0,
          publishedAt: null,
        })),
      ),
    )
}

const atOnce = 50_000

/** A node whose log holds so many leaves, put there by its own sequencer. */
export const logOf = (size: number): Promise<NodeUnderTest> =>
  keepNode(`log-${size}`, async ({ office }) => {
    const from = performance.now()
    for (let filled = 0; filled < size; filled += atOnce) {
      await fillOutbox(office, Math.min(atOnce, size - filled))
      await sequenceLog(office)
    }
    const seconds = (performance.now() - from) / 1000
    say(`  ${size} leaves in ${seconds.toFixed(1)} s: ${Math.round(size / seconds)} leaves/s`)
  })
