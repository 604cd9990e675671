import { listAudit } from '#contract/audit.ts'
import { closeClientRoute, listClientsRoute, putNumberScheme, registerClientRoute } from '#contract/clients.ts'
import { approveDraftRoute, createDraft, getDraft, listDraftsRoute, rejectDraftRoute } from '#contract/drafts.ts'
import { draftRecognitionRoute } from '#contract/recognitions.ts'
import { changeStatusRoute, getRecord, handOutCode, lookUpRecords, presentRecord, statusHistoryRoute } from '#contract/records.ts'
import type { PublicJwk } from '#core/crypto/read-public-key.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import { instantOf } from '#core/model/instant.ts'
import type { Mode } from '#core/rules/rule-set.ts'
import type { StatusChange } from '#core/status/status-reasons.ts'
import { changeStatus } from '#registry/change-status.ts'
import { fetchRecord, handOutClaimCode } from '#registry/claim-record.ts'
import { timeProofOf } from '#registry/log/prove-record.ts'
import { approveDraft, draftRecord, rejectDraft } from '#registry/draft-record.ts'
import { draftPage, readDraft } from '#registry/list-drafts.ts'
import { findByHolder, findByNumber, statusHistory, summariseRecord } from '#registry/look-up-records.ts'
import { setNumberScheme } from '#registry/open-office.ts'
import { auditPage } from '#registry/read-audit.ts'
import { draftRecognition } from '#registry/recognise-record.ts'
import { clientsOf, closeClient, registerClient } from '#registry/register-client.ts'
import { remember } from '#registry/remember.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'

/** What the officers and business systems of the bureau do with drafts and recognitions. */
export function bindDrafts(binding: Binding, { office, desk }: Pick<Desks, 'office' | 'desk'>): void {
  bind(binding, approveDraftRoute, ({ params, body, request }) => approveDraft(office, request, params.draft, body.acknowledged))
  bind(binding, createDraft, ({ body, request }) => draftRecord(office, request, body.family, body.draft))
  bind(binding, listDraftsRoute, ({ query: { state = 'open', ...page } }) => draftPage(office, state, page))
  bind(binding, getDraft, ({ params, caller }) => readDraft(office, params.draft, { actor: caller.client, approves: caller.duties.has('approve') }))
  bind(binding, rejectDraftRoute, ({ params, body, request }) => rejectDraft(office, request, params.draft, body.reason))
  bind(binding, draftRecognitionRoute, async ({ body, request }) => {
    const { mode, ...receipt } = await draftRecognition(office, desk, request, body)
    return { ...receipt, mode: mode as Mode } // the family's schema has read it
  })
}

export function bindRecords(binding: Binding, { office, desk, trustChanged }: Pick<Desks, 'office' | 'desk' | 'trustChanged'>): void {
  // Before the routes with a parameter in its place.
  bind(binding, lookUpRecords, async ({ body, request }) => ({
    records: 'holder' in body ? await findByHolder(office, request, body.holder) : await findByNumber(office, body),
  }))
  bind(binding, getRecord, ({ params }) => summariseRecord(office, { id: params.record }))
  bind(binding, presentRecord, async ({ params, body, request }) => {
    const shown = await fetchRecord(office, request, { id: params.record }, body.disclose)
    const proof = await timeProofOf(office, (await desk.current()).trust, shown.text)
    return proof === undefined ? shown : { ...shown, proof: proof.text }
  })
  bind(binding, changeStatusRoute, async ({ params, body, request }) => {
    const { change, effectiveOn, ...receipt } = await changeStatus(office, request, { id: params.record }, body)
    trustChanged()
    return { ...receipt, change: change as StatusChange, effectiveOn } // what was asked for
  })
  bind(binding, statusHistoryRoute, async ({ params }) => ({ record: params.record, changes: await statusHistory(office, { id: params.record }) }))
  bind(binding, handOutCode, async ({ params, body, request }) => {
    const { code, expiresOn } = await handOutClaimCode(office, request, { id: params.record }, body.days)
    return { code, expiresOn }
  })
}

export function bindClients(binding: Binding, { office, tokens, schemesChanged }: Pick<Desks, 'office' | 'tokens' | 'schemesChanged'>): void {
  bind(binding, registerClientRoute, ({ body, request }) => registerClient(office, request, { ...body, keys: body.keys as unknown as readonly JsonObject[] })) // parsed JSON by construction
  bind(binding, closeClientRoute, async ({ params, body, request }) => {
    const closed = await closeClient(office, request, params.client, body.reason)
    tokens.changed()
    return closed
  })
  bind(binding, listClientsRoute, async () => ({
    clients: (await clientsOf(office)).map(({ id, name, kind, jwks, duties, state, createdAt }) => {
      const { keys } = jwks as unknown as { readonly keys: readonly PublicJwk[] } // written by registerClient alone
      return { id, name, kind, keys: [...keys], duties: [...duties], state, createdAt: instantOf(createdAt) }
    }),
  }))
  bind(binding, putNumberScheme, async ({ params, body, request }) => {
    if (params.family !== body.family) throw new Fault('request-malformed', { at: 'body/family' })
    await remember(office, request, async () => ({ id: (await setNumberScheme(office, request, body)).id }))
    await schemesChanged()
    return body
  })
  bind(binding, listAudit, ({ query }) => auditPage(office, query))
}
