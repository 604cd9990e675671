import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readBundle } from '#core/bundle/bundle.ts'
import { checkBundle } from '#core/bundle/check-bundle.ts'
import { changeStatusRoute } from '#contract/records.ts'
import { refreshTrustRoute } from '#contract/trust.ts'
import { inflate, nodeEngine } from '#custody/engine-node.ts'

import { formAlliances } from '../../scripts/demo/form-alliances.ts'
import { assemble } from '../support/make-alliance.ts'
import { titleDraft } from '../support/examples.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'
import { issueAt } from '../support/open-web-world.ts'

// Jinan of one alliance, Qingdao of another; Qingdao follows both.
let jinan: TestNode
let qingdao: TestNode

beforeAll(async () => {
  jinan = await openTestNode({ division: '370100' })
  qingdao = await openTestNode({ division: '370200' })
  await formAlliances(
    new Map([
      ['370100', jinan.office],
      ['370200', qingdao.office],
    ]),
    new Map([
      ['370100', jinan.url],
      ['370200', qingdao.url],
    ]),
  )
  for (const node of [jinan, qingdao]) await issueAt(node, 'title', titleDraft())
  // The alliances were formed behind its back.
  qingdao.desk.changed()
  await qingdao.call(refreshTrustRoute, { as: 'drafter', body: {} })
})
afterAll(async () => {
  await jinan.close()
  await qingdao.close()
})

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  request(qingdao.server)
    .get(path)
    .set(headers)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks)))
    })
const read = (body: unknown) => readBundle(new Uint8Array(body as Buffer), nodeEngine, inflate) // as `get` has put it together
/** How long the node looks no further at its own store, and a bundle at least stands as it is. */
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1500))

const subjectsOf = ({ files }: ReturnType<typeof read>) =>
  Object.values(files)
    .flatMap((of) => of ?? [])
    .map(({ name }) => name.split(' ').slice(0, 2).join(' '))
    .toSorted()

describe('the bundle that a node gives', () => {
  const ofCircle = [
    'alliance sd-capital-circle',
    'manifest https://370100.comity.example',
    'rules sd-capital-circle/2021-1',
    'status-list https://370100.comity.example/status/1',
  ]
  const ofZone = [
    'alliance jiaodong-blue-zone',
    'manifest https://370200.comity.example',
    'rules jiaodong-blue-zone/2022-1',
    'status-list https://370200.comity.example/status/1',
  ]

  it('is of one alliance and holds nothing of another, or of all that the node follows', async () => {
    const answered = await get('/bundle/sd-capital-circle')
    expect([answered.status, answered.headers['content-type'], answered.headers['cache-control']]).toEqual([
      200,
      'application/comity-bundle',
      'public, max-age=60',
    ])
    const [circle, zone, all] = [read(answered.body), read((await get('/bundle/jiaodong-blue-zone')).body), read((await get('/bundle')).body)]
    expect([subjectsOf(circle), subjectsOf(zone), subjectsOf(all)]).toEqual([ofCircle, ofZone, [...ofCircle, ...ofZone].toSorted()])
  })

  it('asks for no more trust than what it is about needs', async () => {
    const anchorsOf = ({ label: { alliance, anchors } }: ReturnType<typeof read>) => [
      alliance,
      anchors.alliances.map((anchor) => anchor.alliance).toSorted(),
      anchors.authorities.map(({ iss }) => iss),
    ]
    expect([anchorsOf(read((await get('/bundle/sd-capital-circle')).body)), anchorsOf(read((await get('/bundle')).body))]).toEqual([
      ['sd-capital-circle', ['sd-capital-circle'], []],
      [null, ['jiaodong-blue-zone', 'sd-capital-circle'], ['https://370200.comity.example']],
    ])
  })

  it('is signed by the node, and proven by what is in it', async () => {
    const bundle = read((await get('/bundle')).body)
    const { trust, refused } = assemble({ ...bundle.files, anchors: bundle.label.anchors })
    const checked = checkBundle(bundle, trust, qingdao.office.clock(), nodeEngine)
    expect([refused, checked.maker?.iss, checked.refused, checked.stale]).toEqual([[], 'https://370200.comity.example', [], false])
  })

  it('is the same until what it holds has changed, and is not sent to whoever has it', async () => {
    const first = await get('/bundle/jiaodong-blue-zone')
    const again = await get('/bundle/jiaodong-blue-zone', { 'if-none-match': first.headers['etag'] as string })
    expect([again.status, again.headers['etag']]).toEqual([304, first.headers['etag']])
    await aSecond()
    expect((await get('/bundle/jiaodong-blue-zone')).headers['etag']).toBe(first.headers['etag'])
    const { record } = await issueAt(qingdao, 'title', titleDraft())
    await qingdao.call(changeStatusRoute, { as: 'drafter', params: { record }, body: { change: 'revoked', reason: 'fraud' } })
    await aSecond()
    const later = await get('/bundle/jiaodong-blue-zone', { 'if-none-match': first.headers['etag'] as string })
    expect([later.status, later.headers['etag'] === first.headers['etag']]).toEqual([200, false])
    const listOf = (body: unknown) => read(body).files.statusLists.map(({ name }) => Number(name.split(' ').at(-1)))
    expect(listOf(later.body)[0]! > listOf(first.body)[0]!).toBe(true)
  })

  it('is none of an alliance that nobody here follows, or that is no name', async () => {
    for (const [path, status, code] of [
      ['/bundle/chuan-yu', 404, 'trust-file-unknown'],
      ['/bundle/nowhere', 404, 'trust-file-unknown'],
      ['/bundle/..%2Fx', 400, 'request-malformed'],
      ['/bundle/', 404, 'route-unknown'],
      ['/bundle?x=1', 400, 'request-malformed'],
    ] as const) {
      const { status: answered, body } = await request(qingdao.server).get(path)
      expect([path, answered, (body as { readonly code: string }).code]).toEqual([path, status, code]) // a problem
    }
  })
})
