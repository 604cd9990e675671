import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { listAudit } from '#contract/audit.ts'
import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { changeStatusRoute, presentRecord } from '#contract/records.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { duties } from '#core/model/duty.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { layOut } from '../registry/certificate/sheets.ts'
import { titleDraft } from '../support/examples.ts'
import { makeAlliance } from '../support/make-alliance.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode
let issued: { readonly id: string; readonly text: string }

beforeAll(async () => {
  node = await openTestNode({ clients: { drafter: duties, approver: duties }, limits: { certificate: 100 } })
  issued = await issue()
})
afterAll(() => node.close())

async function issue(): Promise<{ readonly id: string; readonly text: string }> {
  const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
  const { record: id } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
  const { text } = await node.call(presentRecord, { as: 'drafter', params: { record: id }, body: {} })
  return { id, text }
}

const ask = (record: string, identity: 'masked' | 'full' = 'masked') => request(node.server).post('/certificates').send({ record, identity }).buffer(true)

describe('the certificate of a record', () => {
  it('is given to whoever holds the record, with a code that leads to this node, and is noted for the person', async () => {
    const { status, headers, body } = await ask(issued.text)
    expect([status, headers['content-type'], headers['content-disposition'], headers['cache-control']]).toEqual([
      200,
      'application/pdf',
      'attachment; filename="certificate.pdf"',
      'no-store',
    ])
    const sheet = layOut(body as Uint8Array)
    try {
      const text = sheet.text()
      expect([text.includes('孙远敏'), text.includes('370***********2288'), text.includes('370100人力资源和社会保障局')]).toEqual([true, true, true])
      const { content } = sheet.attachment()
      expect(content).toBe(presentSdJwt(issued.text, ['name', 'birth', 'employer', 'photo']))
      sheet.run('pdftoppm', '-r', '150', '-png', '@', '@')
      const scanned = sheet.run('zbarimg', '--quiet', '--raw', `${sheet.path}-1.png`).trim()
      expect(scanned).toMatch(new RegExp(`^${node.url}/q#\\d{600,1200}$`))
    } finally {
      sheet.close()
    }
    const { items } = await node.call(listAudit, { as: 'approver', query: { subject: issued.id } })
    expect(items.filter(({ action }) => action === 'certificate')).toMatchObject([
      { actor: 'holder', detail: { disclosed: ['birth', 'employer', 'identity', 'name', 'photo'], identity: 'masked' } },
    ])
  })

  it('shows in full what the holder wants in full', async () => {
    const sheet = layOut((await ask(issued.text, 'full')).body as Uint8Array)
    expect([sheet.text().includes('370113199604192288'), sheet.attachment().content]).toEqual([true, issued.text])
    sheet.close()
  })

  it('is refused for what this node has not issued, however well it is signed', async () => {
    const stranger = makeAlliance({ cities: ['370100', '370300'] }).issue('370300', 'title', titleDraft())
    const { status, body } = await ask(stranger)
    expect([status, body.code]).toEqual([409, 'certificate-foreign'])
  })

  it('is refused for a record with a byte changed', async () => {
    const [jwt, ...rest] = issued.text.split('~')
    const changed = `${jwt!.slice(0, -2)}${jwt!.at(-2) === 'A' ? 'B' : 'A'}${jwt!.at(-1)}`
    expect((await ask([changed, ...rest].join('~'))).status).toBe(409)
    expect((await ask(`${issued.text}WyJzYWx0IiwieCIsMV0~`)).status).toBe(422)
  })

  it('is refused once the record no longer holds', async () => {
    const other = await issue()
    await node.call(changeStatusRoute, { as: 'approver', params: { record: other.id }, body: { change: 'revoked', reason: 'fraud' } })
    const { status, body } = await ask(other.text)
    expect([status, body.code]).toEqual([409, 'certificate-not-in-force'])
    expect((await ask(issued.text)).status).toBe(200)
    expect(Object.keys(parseSdJwt(other.text, nodeEngine).disclosed)).toHaveLength(5)
  })
})
