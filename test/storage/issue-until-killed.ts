import { takeNumbers } from '#storage/counters.ts'
import { openStore } from '#storage/open-store.ts'
import { insertRecord } from '#storage/records.ts'

import { bytesOf, record } from './samples.ts'

// Issues without end and prints each serial once it is acknowledged. Started, and killed, by the test beside it.
const store = await openStore({ file: process.argv[2]! })

const issue = async (issuer: number): Promise<never> => {
  for (let n = issuer; ; n += 8) {
    const serial = await store.atomically(async (tx) => {
      const taken = await takeNumbers(tx, { class: 'title', year: 2025, howMany: 1 })
      await insertRecord(tx, record(taken, { id: bytesOf(n) }))
      return taken
    })
    process.stdout.write(`${serial}\n`)
  }
}
await Promise.all(Array.from({ length: 8 }, (_, issuer) => issue(issuer)))
