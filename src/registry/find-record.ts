import { families } from '#core/credential/families.ts'
import { Fault } from '#core/fault.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import { readUuid } from '#core/model/uuid.ts'
import type { Reader } from '#storage/open-store.ts'
import { findRecordById, findRecordByNumber, loadBody, type RecordRow } from '#storage/records.ts'
import type { Office } from './office.ts'
import { openDisclosures } from './record-personal.ts'

/** A record by its id, or by the number that means something within its family. */
export type RecordReference = { readonly id: string } | { readonly family: FamilyId; readonly number: string }

export async function findRecord(from: Reader, reference: RecordReference): Promise<RecordRow> {
  const row =
    'id' in reference ? await byId(from, reference.id) : await findRecordByNumber(from, { family: families[reference.family].code, number: reference.number })
  if (row === undefined) throw new Fault('record-unknown', { at: 'id' in reference ? 'id' : 'number' })
  return row
}

async function byId(from: Reader, text: string): Promise<RecordRow | undefined> {
  const id = readUuid(text)
  return id === undefined ? undefined : findRecordById(from, { id })
}

/** The record as it was signed, with all its disclosures. Fault `record-erased` when the person has been erased from it. */
export async function loadRecord({ vault }: Pick<Office, 'vault'>, from: Reader, id: Uint8Array): Promise<string> {
  const body = await loadBody(from, { id })
  if (body === undefined) throw new Fault('record-unknown', { at: 'id' })
  if (body.disclosuresSealed === null) throw new Fault('record-erased', { at: 'id' })
  return body.signed + openDisclosures(vault, id, body.disclosuresSealed)
}
