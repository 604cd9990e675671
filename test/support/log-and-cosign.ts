import { openCosigner } from '#registry/log/request-cosignatures.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'

import type { TestNode } from './open-test-node.ts'

/** Takes into a node's log what it has issued, and asks its neighbours to cosign, as a serving node does by itself every minute. */
export async function logAndCosign({ office }: Pick<TestNode, 'office'>): Promise<void> {
  await sequenceLog(office)
  const desk = openTrustDesk(office, () => performance.now())
  const cosigner = openCosigner(office, desk, { post: (url, init) => fetch(url, init), fetch: (url, init) => fetch(url, init) })
  // A neighbour in the same process may be too busy to answer in time.
  for (let round = 0; round < 5; round++) {
    const reports = await cosigner.round()
    if (reports.every(({ outcome }) => outcome === 'cosigned' || outcome === 'has-it')) return
    if (round === 4) throw new Error(`not cosigned: ${JSON.stringify(reports)}`)
  }
}
