import { inArray } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'

import { initialiseNode } from '#registry/initialise-node.ts'
import { openOffice } from '#registry/open-office.ts'
import { holdTrust, readAnchors } from '#registry/held-trust.ts'
import { listFiles } from '#storage/published.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { newNodeOf, openTestOffice, openTestParts, testPassphrase } from '../support/open-test-office.ts'

describe('a new node', () => {
  it('is whole: keys, manifest, status list, trust in itself', async () => {
    const node = await openTestOffice()
    const keys = await listSigningKeys(node.store.read, {})
    expect(keys.map(({ use }) => use).toSorted()).toEqual(['authority', 'issue', 'log', 'status', 'token', 'witness'])
    expect((await listFiles(node.store.read, {})).map(({ path }) => path)).toEqual(['status/1', 'trust/manifest.jwt'])
    const { trust, refused } = await holdTrust(node.office)
    expect([refused, [...trust.authorities.keys()]]).toEqual([[], ['https://370100.comity.example']])
    expect([...trust.authorities.values()][0]!.statusLists.size).toBe(1)
    expect((await readAnchors(node.store.read, node.office.authority)).authorities[0]!.authorised).toEqual([
      { families: ['title', 'qualification', 'skill', 'work-injury', 'labour-capacity', 'recognition'], divisions: ['370100'] },
    ])
    expect((await node.reopened()).keyring.issue.kid).toBe(node.office.keyring.issue.kid)
    expect((await node.audits()).map(({ actor, action, subject }) => [actor, action, subject])).toEqual([['cli:test', 'initialise', '370100']])
    await node.close()
  })

  it('is refused where there is one already, and the one that is there stays', async () => {
    const node = await openTestOffice()
    expect(await faultCodeOf(initialiseNode(node.parts, newNodeOf('370300'), 'cli:test'))).toBe('node-already-initialised')
    expect((await node.reopened()).authority.division).toBe('370100')
    expect(await listSigningKeys(node.store.read, {})).toHaveLength(6)
    await node.close()
  })

  it('gets the keys that came with a later version when it is opened next, once, and its manifest names them', async () => {
    const node = await openTestOffice()
    await node.store.atomically((tx) => tx.handle.db.delete(tx.handle.tables.signingKey).where(inArray(tx.handle.tables.signingKey.use, ['log', 'witness'])))
    const [one, other] = await Promise.all([node.reopened(), node.reopened()])
    expect(one.keyring.log.kid).toBe(other.keyring.log.kid)
    expect((await listSigningKeys(node.store.read, {})).map(({ use }) => use).toSorted()).toEqual(['authority', 'issue', 'log', 'status', 'token', 'witness'])
    const { trust } = await holdTrust(one)
    const { manifest } = [...trust.authorities.values()][0]!
    expect([manifest?.payload.version, manifest?.keys.get(one.keyring.log.kid)?.use, manifest?.keys.get(one.keyring.witness.kid)?.use]).toEqual([
      2,
      'log',
      'witness',
    ])
    await node.close()
  })

  it('is one node when two make it at once', async () => {
    const { parts, store, close } = await openTestParts()
    const outcomes = await Promise.all(['370100', '370300'].map((division) => faultCodeOf(initialiseNode(parts, newNodeOf(division), 'cli:test'))))
    expect(outcomes.toSorted()).toEqual(['no fault', 'node-already-initialised'])
    expect(await listSigningKeys(store.read, {})).toHaveLength(6)
    await close()
  })

  it.each([
    ['a division that does not exist', { division: '379900' }, 'division-unknown'],
    ['an identity that is no HTTPS URL', { iss: 'http://370100.comity.example' }, 'request-malformed'],
    ['an identity with a query', { iss: 'https://370100.comity.example/?a=b' }, 'request-malformed'],
  ])('is refused for %s, and nothing is half done', async (_what, changes, code) => {
    const { parts, store, close } = await openTestParts()
    expect(await faultCodeOf(initialiseNode(parts, { ...newNodeOf('370100'), ...changes }, 'cli:test'))).toBe(code)
    expect([await listSigningKeys(store.read, {}), await listFiles(store.read, {})]).toEqual([[], []])
    expect(await faultCodeOf(openOffice(parts, testPassphrase))).toBe('node-not-initialised')
    expect(await faultCodeOf(initialiseNode(parts, newNodeOf('370100'), 'cli:test'))).toBe('no fault')
    await close()
  })

  it('that fails in its only transaction leaves nothing behind', async () => {
    const { parts, store, close } = await openTestParts()
    // Chance runs out while the first status list is made.
    const random = (): Uint8Array => {
      throw new Error('no entropy')
    }
    await expect(initialiseNode({ ...parts, random }, newNodeOf('370100'), 'cli:test')).rejects.toThrow('no entropy')
    expect([await listSigningKeys(store.read, {}), await listFiles(store.read, {})]).toEqual([[], []])
    expect(await faultCodeOf(initialiseNode(parts, newNodeOf('370100'), 'cli:test'))).toBe('no fault')
    await close()
  })

  it('opens under its own passphrase only', async () => {
    const node = await openTestOffice()
    expect(await faultCodeOf(openOffice(node.parts, 'wrong horse battery staple'))).toBe('passphrase-wrong')
    await node.close()
  })
})
