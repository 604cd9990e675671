import { approveDraft, draftRecord } from '#registry/draft-record.ts'
import { fetchRecord } from '#registry/claim-record.ts'
import type { Office } from '#registry/office.ts'
import { titleDraft } from './drafts.ts'
import { requestBytes } from './load.ts'

/** Records that a node has issued in the way in which it issues them, as text. */
export async function issueSome(office: Office, howMany: number): Promise<readonly string[]> {
  const texts: string[] = []
  for (let index = 0; index < howMany; index++) {
    const { draft } = await draftRecord(office, { actor: 'first' }, 'title', titleDraft(index))
    const { record } = await approveDraft(office, { actor: 'second' }, draft)
    texts.push((await fetchRecord(office, { actor: 'second' }, { id: record })).text)
  }
  return texts
}

/** Requests to verify them, one a request, over and over. Each comes from another address, as if a proxy spoke for many. */
export function verifyRequests(texts: readonly string[]): { readonly next: () => Buffer; readonly first: string } {
  const bodies = texts.map((record) => JSON.stringify({ record }))
  const requests = bodies.map((body, index) => requestBytes('POST', '/verify', body, { 'x-forwarded-for': `192.0.2.${index + 1}` }))
  let turn = 0
  return { next: () => requests[turn++ % requests.length]!, first: bodies[0]! }
}
