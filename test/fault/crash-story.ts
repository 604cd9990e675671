import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { verifyCheckpoint } from '#core/log/checkpoint.ts'
import { readStatusListToken } from '#core/status/status-list-token.ts'
import { inflate, nodeEngine } from '#custody/engine-node.ts'
import { changeStatus, type StatusReceipt } from '#registry/change-status.ts'
import { fetchRecord } from '#registry/claim-record.ts'
import { approveDraft, draftRecord, type IssueReceipt } from '#registry/draft-record.ts'
import { publishDue } from '#registry/keep-published.ts'
import { checkLog } from '#registry/log/check-log.ts'
import { ownLogKeys, publicKeyOf } from '#registry/log/own-keys.ts'
import { timeProofOf } from '#registry/log/prove-record.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import type { Office } from '#registry/office.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'
import { listAudits } from '#storage/audits.ts'
import { findLogHead, findNewestCheckpoint, listCosignatures, listLogLeaves } from '#storage/log.ts'
import { listMisbehaviours } from '#storage/misbehaviours.ts'
import { listUnpublished } from '#storage/outbox.ts'
import { getFile, listFiles } from '#storage/published.ts'
import { listRecords } from '#storage/records.ts'
import { findDirtyLists } from '#storage/status-lists.ts'
import { findWitnessedLog } from '#storage/witnessed-logs.ts'

import { titleDraft } from '../support/examples.ts'
import { approver, drafter, repeatable } from '../support/open-test-office.ts'
import { issuing, type City, type World } from './crash-world.ts'
import { hex } from './read-register.ts'

/** What the officers were told, whatever happened on the way. */
export interface Told {
  readonly issued: IssueReceipt
  readonly revoked: StatusReceipt
}

const approve = (office: Office, draft: string) => approveDraft(office, repeatable(approver.actor, 'approval', draft), draft)
const revoke = (office: Office, { record }: IssueReceipt) =>
  changeStatus(office, repeatable(approver.actor, 'revocation', record), { id: record }, { change: 'revoked', reason: 'fraud' })

/**
 * One record from its draft to a cosigned log, and its revocation after it. Whoever is not answered asks again under the same key, as clients
 * do; a job that fails is run again; and a process that has died is started anew. A minute passes between two steps.
 */
export async function tellStory(world: World): Promise<Told> {
  const { strikes } = world
  const step = async <Found>(phase: string, work: (city: City) => Promise<Found>): Promise<Found> => {
    world.pass(60)
    for (let attempt = 0; attempt < 5; attempt++) {
      strikes.begin(phase)
      let found: { readonly value: Found } | undefined
      try {
        found = { value: await work(world.city(issuing)) }
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault
      }
      const dead = world.cities.filter((city) => city.process().down)
      // What a process answers in its death nobody hears.
      if (found !== undefined && dead.length === 0) return found.value
      for (const city of dead) await city.restart()
    }
    throw new Error(`${phase} never came to an end`)
  }
  const jobs = async (name: string): Promise<void> => {
    await step(`publish ${name}`, ({ office }) => publishDue(office()))
    await step(`sequence ${name}`, ({ office }) => sequenceLog(office()))
    await step(`cosign ${name}`, cosignedByAll)
  }

  const { draft } = await step('draft', ({ office }) => draftRecord(office(), repeatable(drafter.actor, 'draft', 'draft'), 'title', titleDraft()))
  const issued = await step('approve', ({ office }) => approve(office(), draft))
  await jobs('the record')
  const revoked = await step('revoke', ({ office }) => revoke(office(), issued))
  await jobs('the revocation')
  for (const round of ['the rest', 'nothing']) await jobs(round)
  strikes.begin('ask again')
  // Asked again after everything, they hear the same.
  const again = { issued: await approve(world.city(issuing).office(), draft), revoked: await revoke(world.city(issuing).office(), issued) }
  if (JSON.stringify(again) !== JSON.stringify({ issued, revoked })) throw new Error('another answer to the same request')
  return { issued, revoked }
}

async function cosignedByAll({ cosigner }: City): Promise<void> {
  const reports = await cosigner().round()
  const missing = reports.find(({ outcome }) => outcome !== 'cosigned' && outcome !== 'has-it')
  if (missing !== undefined) throw new Fault('neighbour-unreachable', { at: missing.iss, detail: missing.outcome })
}

const all = { after: new Uint8Array(0), limit: 1000 }

/** Everything that must be the same whatever has happened: what the node holds, publishes and has had witnessed, but for what chance has made. */
export async function stateOf(world: World, { issued }: Told) {
  const city = world.city(issuing)
  const office = city.office()
  const { read } = office.store
  office.gate.check()
  const head = (await findLogHead(read, {}))!
  const { note, madeAt } = (await findNewestCheckpoint(read, {}))!
  const signed = verifyCheckpoint(note, await ownLogKeys(read, office), nodeEngine).checkpoint
  const list = (await getFile(read, { path: 'status/1' }))!
  const token = readStatusListToken(decodeUtf8(list.body), await publicKeyOf(read, office.keyring.status.kid), nodeEngine, inflate)
  const { text } = await fetchRecord(office, approver, { id: issued.record })
  const time = await timeProofOf(office, (await openTrustDesk(office, () => performance.now()).current()).trust, text)
  const leaves = await listLogLeaves(read, { from: 0, to: 1000 })
  const { digest } = parseSdJwt(text, nodeEngine)
  return {
    records: (await listRecords(read, all)).map(({ number, year, serial, state, statusList }) => ({ number, year, serial, state, statusList })),
    audits: (await listAudits(read, all)).map(({ action, actor, at }) => `${at} ${actor} ${action}`).toSorted(),
    // What two processes have done within one second has no order.
    leaves: leaves.map(({ kind, loggedAt }) => `${loggedAt} ${kind}`).toSorted(),
    placesOfTheRecord: leaves.filter((leaf) => hex(leaf.digest) === hex(digest)).length,
    waiting: (await listUnpublished(read, { limit: 1000 })).length,
    head: { size: head.size, madeAt, signed: signed.size === head.size && hex(signed.root) === hex(head.root) },
    headFile: office.headFile.read()?.size,
    logFindings: (await checkLog(office, () => undefined)).findings,
    files: (await listFiles(read, {})).map(({ path, publishedAt }) => `${publishedAt} ${path}`),
    listsBehind: (await findDirtyLists(read, {})).length,
    listed: [...token.list.history!.values()].map((periods) => periods.map(({ kind, reason, from }) => ({ kind, reason, from }))),
    cosigned: (await listCosignatures(read, { size: head.size })).map(({ cosignedAt }) => cosignedAt),
    logged: time === undefined ? undefined : { at: time.logged.at, by: time.logged.by.toSorted() },
    witnesses: await Promise.all(world.cities.filter((each) => each !== city).map((each) => witnessed(each, head))),
  }
}

/** What a witness vouches for, which must be this very head and nothing else. */
async function witnessed({ division, office }: City, head: { readonly size: number; readonly root: Uint8Array }) {
  const { read } = office().store
  const held = await findWitnessedLog(read, { origin: `${issuing}.comity.example/log` })
  return {
    division,
    size: held?.size,
    same: held !== undefined && hex(held.root) === hex(head.root),
    cosignedAt: held?.cosignedAt,
    misbehaviours: (await listMisbehaviours(read, {})).length,
  }
}
