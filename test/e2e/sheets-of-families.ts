import { approveDraftRoute } from '#contract/drafts.ts'
import { draftRecognitionRoute } from '#contract/recognitions.ts'
import { presentRecord } from '#contract/records.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'

import { titleDraft } from '../support/examples.ts'
import { issueAt, type WebWorld } from '../support/open-web-world.ts'
import type { TestNode } from '../support/open-test-node.ts'
import { longDrafts } from '../support/paper-records.ts'
import { certificateOf } from '../support/sheets-of-nodes.ts'

/** A minority name of which two characters are beyond what any ordinary font has, one of them beyond the BMP. */
export const rareName = '阿卜杜拉·\u{20bb7}㛃'

export interface FamilySheet {
  readonly family: FamilyId
  readonly node: TestNode
  /** With every disclosure. */
  readonly record: string
  /** The identity number covered. */
  readonly pdf: Uint8Array
}

/** A long record of each family with its certificate, drafted, approved and printed by the nodes themselves; what Jinan says is recognised by Zibo. */
export async function sheetsOfFamilies({ jinan, zibo }: WebWorld): Promise<Readonly<Record<FamilyId, FamilySheet>>> {
  const sheets = new Map<FamilyId, FamilySheet>()
  for (const family of familyIds) {
    const node = family === 'recognition' ? zibo : jinan
    const record = family === 'recognition' ? await recognised(zibo, await ordinary(jinan)) : await issued(jinan, family)
    sheets.set(family, { family, node, record, pdf: await certificateOf(node, record) })
  }
  return Object.fromEntries(sheets) as Record<FamilyId, FamilySheet> // one for each id
}

async function issued(node: TestNode, family: FamilyId): Promise<string> {
  const { body, personal, number } = longDrafts[family]
  const { text } = await issueAt(node, family, { body, personal: { ...personal, name: { name: rareName } }, ...(number === undefined ? {} : { number }) })
  return text
}

/** A title of a kind that the sample rules recognise. */
const ordinary = async (node: TestNode): Promise<string> => (await issueAt(node, 'title', titleDraft({ personal: { name: { name: rareName } } }))).text

async function recognised(node: TestNode, record: string): Promise<string> {
  const body = { record, purpose: 'appointment', stated: { holderDishonestyRecordActive: false } }
  const { draft } = await node.call(draftRecognitionRoute, { as: 'drafter', body })
  const { record: id } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
  return (await node.call(presentRecord, { as: 'approver', params: { record: id }, body: {} })).text
}
