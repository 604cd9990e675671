import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { changeStatusRoute, presentRecord } from '#contract/records.ts'
import { refreshTrustRoute } from '#contract/trust.ts'
import type { Draft } from '#core/credential/family.ts'
import type { FamilyId } from '#core/model/family-id.ts'

import { formAlliances } from '../../scripts/demo/form-alliances.ts'
import { disclosureOf, takeApart, withDisclosures } from './craft-record.ts'
import { qualificationDraft, skillDraft, titleDraft } from './examples.ts'
import { makeAlliance } from './make-alliance.ts'
import { stolenIssuingKey } from './issuing-signer.ts'
import { openTestNode, type TestNode } from './open-test-node.ts'

/** Two cities of one alliance, each with a node that serves its pages, and records of every kind that the page has to tell apart. */
export interface WebWorld {
  readonly jinan: TestNode
  readonly zibo: TestNode
  readonly records: Readonly<Record<'good' | 'changed' | 'revoked' | 'registrationExpired' | 'unlisted' | 'odd' | 'skill', string>>
  /** Issues in Jinan what an officer drafted. */
  readonly issue: (family: FamilyId, draft: Draft) => Promise<{ readonly record: string; readonly text: string }>
  readonly close: () => Promise<void>
}

export const oddName = '孙\u202e<b>远敏</b>\u0000'

export async function openWebWorld(): Promise<WebWorld> {
  const jinan = await openTestNode({ division: '370100', name: { zh: '济南市人力资源和社会保障局', en: 'Jinan Human Resources and Social Security Bureau' } })
  const zibo = await openTestNode({ division: '370300', name: { zh: '淄博市人力资源和社会保障局', en: 'Zibo Human Resources and Social Security Bureau' } })
  // Of the other alliance; it checks the members' records, and nothing in their agreement speaks for it.
  const qingdao = await openTestNode({
    division: '370200',
    name: { zh: '青岛市人力资源和社会保障局', en: 'Qingdao Human Resources and Social Security Bureau' },
  })
  await formAlliances(
    new Map([
      ['370100', jinan.office],
      ['370300', zibo.office],
      ['370200', qingdao.office],
    ]),
    new Map([
      ['370100', jinan.url],
      ['370300', zibo.url],
      ['370200', qingdao.url],
    ]),
  )
  const issue: WebWorld['issue'] = (family, draft) => issueAt(jinan, family, draft)
  const { text: good } = await issue('title', titleDraft())
  const revoked = await issue('title', titleDraft())
  await jinan.call(changeStatusRoute, { as: 'drafter', params: { record: revoked.record }, body: { change: 'revoked', reason: 'fraud' } })
  const { text: registrationExpired } = await issue(
    'qualification',
    qualificationDraft({ body: { registration: { number: '鲁1372020202001234', unit: '济南第三建筑工程有限公司', from: '2020-06-01', until: '2023-05-31' } } }),
  )
  const { text: skill } = await issue('skill', skillDraft())
  const elsewhere = makeAlliance({ cities: ['420100'] })
  for (const { call } of [jinan, zibo, qingdao]) await call(refreshTrustRoute, { as: 'drafter', body: {} })
  return {
    jinan,
    zibo,
    records: {
      good,
      changed: changeDigit(good),
      revoked: revoked.text,
      registrationExpired,
      skill,
      unlisted: elsewhere.issue('420100', 'title', titleDraft()),
      odd: await oddRecord(good, jinan),
    },
    issue,
    close: async () => {
      await jinan.close()
      await zibo.close()
      await qingdao.close()
    },
  }
}

/** Drafted by one officer of the node and approved by another, who has looked at its warnings; the whole signed text. */
export async function issueAt(node: TestNode, family: FamilyId, draft: Draft): Promise<{ readonly record: string; readonly text: string }> {
  const { draft: id, warnings } = await node.call(createDraft, { as: 'drafter', body: { family, draft } as never }) // an example of the family
  const acknowledged = warnings.map(({ code }) => code)
  const { record } = await node.call(approveDraftRoute, { as: 'approver', params: { draft: id }, body: { acknowledged } })
  const { text } = await node.call(presentRecord, { as: 'approver', params: { record }, body: {} })
  return { record, text }
}

/** The same record with another grade written into it: the form is whole, the signature is not. */
function changeDigit(record: string): string {
  const [jwt, ...rest] = record.split('~')
  const [header, payload, signature] = jwt!.split('.')
  const claims = Buffer.from(payload!, 'base64url').toString('utf8').replace('2021-03-05', '2011-03-05')
  return [[header, Buffer.from(claims).toString('base64url'), signature].join('.'), ...rest].join('~')
}

/** Signed by the city itself, with texts that would be markup, turn round what stands beside them, or hide. */
async function oddRecord(record: string, node: TestNode): Promise<string> {
  const { payload } = takeApart(record)
  const { _sd, ...claims } = payload
  const name = disclosureOf('name', { name: '孙远敏', nameAsIssued: oddName })
  const employer = disclosureOf('employer', '<img src=x onerror=alert(1)>')
  return withDisclosures(record, await stolenIssuingKey(node.office), [name, employer], { ...claims, number: `JN-\u202e0001<script>` })
}
