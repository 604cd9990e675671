import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readMigrations } from '#storage/migrate.ts'
import type { Store } from '#storage/open-store.ts'
import { putFile } from '#storage/published.ts'
import { findPublishedVersion, keepPublishedVersion } from '#storage/published-versions.ts'

import { dialects, type Ground } from './dialects.ts'
import { bytesOf } from './samples.ts'

const path = 'trust/manifest.jwt'
const file = (n: number, fromAt: number) => ({ path, fromAt, etag: `"${n}"`, body: bytesOf(n, 40) })

describe.each(dialects)('the versions of a published file on $name', ({ prepare, ground, finish }) => {
  let here: Ground
  let store: Store
  beforeAll(async () => {
    await prepare()
    here = await ground()
    // A node from before versions were kept, with its newest manifest and a status list.
    store = await here.open({ migrations: readMigrations().filter(({ version }) => version < 5) })
    await store.atomically(async (tx) => {
      await putFile(tx, { path, contentType: 'application/comity-manifest+jwt', etag: '"1"', body: bytesOf(1, 40), publishedAt: 100 })
      await putFile(tx, { path: 'status/1', contentType: 'application/statuslist+jwt', etag: '"s"', body: bytesOf(9, 40), publishedAt: 100 })
    })
    await store.close()
    store = await here.open()
  })
  afterAll(async () => {
    await store.close()
    await here.clear()
    await finish()
  })

  const keep = (n: number, fromAt: number) => store.atomically((tx) => keepPublishedVersion(tx, file(n, fromAt)))
  const etagAt = async (at: number, of = path) => (await findPublishedVersion(store.read, { path: of, at }))?.etag

  it('begin with the one that an older node has left, and hold until the next', async () => {
    await keep(2, 200)
    await keep(3, 300)
    expect([await etagAt(99), await etagAt(100), await etagAt(199), await etagAt(200), await etagAt(300), await etagAt(9999)]).toEqual([
      undefined,
      '"1"',
      '"1"',
      '"2"',
      '"3"',
      '"3"',
    ])
    expect(Buffer.from((await findPublishedVersion(store.read, { path, at: 250 }))!.body).equals(bytesOf(2, 40))).toBe(true)
    expect(await etagAt(9999, 'status/1')).toBeUndefined()
  })

  it('of two within one second the later counts; what is published already is kept once', async () => {
    await keep(4, 400)
    await keep(5, 400)
    await keep(5, 500)
    expect([await etagAt(400), (await findPublishedVersion(store.read, { path, at: 600 }))!.fromAt]).toEqual(['"5"', 400])
  })
})
