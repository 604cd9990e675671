import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  forgetBareCheckpoints,
  insertCosignatures,
  insertLogCheckpoints,
  listCheckpointsOver,
  listFirstCosignedOver,
  listLastCosignedOver,
} from '#storage/log.ts'
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

  it('turns over the heads above a leaf that so many have cosigned, from either end, and counts no further than it is told', async () => {
    const heads = [1003, 1005, 1008, 1009, 1012].map((size) => ({ size, note: `head ${size}`, madeAt: size }))
    const cosigned: Readonly<Record<number, readonly string[]>> = { 1003: ['a', 'b'], 1005: ['a'], 1008: ['a', 'b', 'c'], 1012: ['b', 'c'] }
    await store.atomically(async (tx) => {
      await insertLogCheckpoints(tx, heads)
      for (const [size, kids] of Object.entries(cosigned))
        await insertCosignatures(
          tx,
          kids.map((kid) => ({ size: Number(size), kid, cosignedAt: 1, line: kid })),
        )
    })
    const all = { least: 1, within: 10, limit: 10 }
    expect(await listFirstCosignedOver(store.read, { ...all, index: 1003 })).toEqual([
      { size: 1005, note: 'head 1005', madeAt: 1005, cosignatures: 1 },
      { size: 1008, note: 'head 1008', madeAt: 1008, cosignatures: 3 },
      { size: 1012, note: 'head 1012', madeAt: 1012, cosignatures: 2 },
    ])
    const sizes = (found: readonly { readonly size: number }[]) => found.map(({ size }) => size)
    expect(sizes(await listFirstCosignedOver(store.read, { ...all, index: 1002, least: 2, limit: 2 }))).toEqual([1003, 1008])
    expect(sizes(await listFirstCosignedOver(store.read, { ...all, index: 1003, least: 2, within: 1 }))).toEqual([])
    expect(sizes(await listLastCosignedOver(store.read, { ...all, index: 1004, least: 2 }))).toEqual([1012, 1008])
    expect(sizes(await listLastCosignedOver(store.read, { ...all, index: 1002, least: 3, within: 2 }))).toEqual([1008])
    expect(await listLastCosignedOver(store.read, { ...all, index: 1012 })).toEqual([])
  })
})
