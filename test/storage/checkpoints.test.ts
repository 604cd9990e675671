import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { forgetBareCheckpoints, insertCosignatures, insertLogCheckpoints, listCheckpointsOver } from '#storage/log.ts'
import type { Store } from '#storage/open-store.ts'

import { dialects, type Ground } from './dialects.ts'

describe.each(dialects)('the signed heads of a log on $name', ({ prepare, ground, finish }) => {
  let here: Ground
  let store: Store
  beforeAll(async () => {
    await prepare()
    here = await ground()
    store = await here.open()
  })
  afterAll(async () => {
    await store.close()
    await here.clear()
    await finish()
  })

  // As the sequencer does it.
  const append = (size: number) =>
    store.atomically(async (tx) => {
      await insertLogCheckpoints(tx, [{ size, note: `${size}`, madeAt: size }])
      await forgetBareCheckpoints(tx, { below: size })
    })
  const cosign = (size: number) => store.atomically((tx) => insertCosignatures(tx, [{ size, kid: 'witness', cosignedAt: size, line: 'line' }]))
  const kept = async () => (await listCheckpointsOver(store.read, { index: 0, limit: 100 })).map(({ size }) => size)

  it('are kept where a witness has cosigned them; of the others only the newest is', async () => {
    await append(1)
    await append(2)
    expect(await kept()).toEqual([2])
    await cosign(2)
    await append(3)
    await append(5)
    expect(await kept()).toEqual([2, 5])
    await cosign(5)
    expect(await kept()).toEqual([2, 5])
    await append(9)
    await append(10)
    expect(await kept()).toEqual([2, 5, 10])
  })

  it('go also where several were left behind', async () => {
    await store.atomically((tx) =>
      insertLogCheckpoints(
        tx,
        [11, 12, 13].map((size) => ({ size, note: `${size}`, madeAt: size })),
      ),
    )
    await append(20)
    expect(await kept()).toEqual([2, 5, 20])
  })
})
