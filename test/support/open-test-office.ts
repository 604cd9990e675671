import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { FamilyId } from '#core/model/family-id.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import type { Draft } from '#core/credential/family.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { writeProposal } from '#core/trust/proposal.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import { deflate, deflateList, inflate, nodeEngine } from '#custody/engine-node.ts'
import { approveDraft, draftRecord } from '#registry/draft-record.ts'
import { exportTrust } from '#registry/export-trust.ts'
import { fetchRecord } from '#registry/claim-record.ts'
import { joinAlliance, readAnchors, takeTrustFiles } from '#registry/held-trust.ts'
import { initialiseNode } from '#registry/initialise-node.ts'
import { openOffice, type OfficeParts } from '#registry/open-office.ts'
import type { Office } from '#registry/office.ts'
import { signatoryOf } from '#registry/open-signatory.ts'
import { propose } from '#registry/propose.ts'
import { signProposal } from '#registry/sign-proposal.ts'
import { openTrustDesk, type TrustDesk } from '#registry/trust-desk.ts'
import { listAudits, type AuditRow } from '#storage/audits.ts'
import { openHeadFile } from '#storage/head-file.ts'
import { openStore, type Store } from '#storage/open-store.ts'
import { openWitnessMemory } from '#storage/witness-memory.ts'
import { payloadDigest, seededRandom, testInstant } from './make-alliance.ts'

export const testPassphrase = 'correct horse battery staple'

/** A node in a directory of its own that goes when it is closed; its clock stands still until a test moves it. */
export interface TestOffice {
  readonly office: Office
  /** Looks at the store before each answer. */
  readonly desk: TrustDesk
  readonly parts: OfficeParts
  readonly store: Store
  readonly file: string
  readonly advance: (seconds: number) => void
  readonly set: (at: Instant) => void
  /** The same node opened anew, as after a restart. */
  readonly reopened: () => Promise<Office>
  readonly audits: () => Promise<readonly AuditRow[]>
  readonly close: () => Promise<void>
}

export interface TestParts {
  readonly parts: OfficeParts
  readonly store: Store
  readonly file: string
  readonly advance: (seconds: number) => void
  readonly set: (at: Instant) => void
  readonly close: () => Promise<void>
}

/** Everything but the node itself. */
export async function openTestParts({ at = testInstant, seed = 'office' }: { readonly at?: Instant; readonly seed?: string } = {}): Promise<TestParts> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-test-'))
  const file = join(folder, 'comity.db')
  const store = await openStore({ file })
  let now = at
  const parts: OfficeParts = {
    store,
    engine: nodeEngine,
    deflate,
    deflateList,
    inflate,
    clock: () => now,
    random: seededRandom(seed),
    headFile: openHeadFile(join(folder, 'log-head.json')),
    witnessMemory: openWitnessMemory(join(folder, 'witnessed')),
  }
  return {
    parts,
    store,
    file,
    advance: (seconds) => {
      now = instantOf(secondsOf(now) + seconds)
    },
    set: (instant) => {
      now = instant
    },
    close: async () => {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const newNodeOf = (division: string) => ({
  division,
  name: { zh: `${division}人力资源和社会保障局`, en: `${division} HRSS Bureau` },
  iss: `https://${division}.comity.example`,
  passphrase: testPassphrase,
})

export async function openTestOffice({
  division = '370100',
  at = testInstant,
}: { readonly division?: string; readonly at?: Instant } = {}): Promise<TestOffice> {
  const opened = await openTestParts({ at, seed: division })
  const { parts, store } = opened
  const office = await initialiseNode(parts, newNodeOf(division), 'cli:test')
  let elapsed = 0
  return {
    ...opened,
    office,
    desk: openTrustDesk(office, () => (elapsed += 10_000)),
    reopened: () => openOffice(parts, testPassphrase),
    audits: () => listAudits(store.read, { after: new Uint8Array(0), limit: 10_000 }),
  }
}

export const drafter = { actor: 'officer:drafter' }
export const approver = { actor: 'officer:approver' }

export interface IssuedRecord {
  readonly id: string
  readonly number: string
  readonly registration: string
  /** With all its disclosures. */
  readonly text: string
}

/** A record by the hands of two people. Warnings named are acknowledged. */
export async function issueRecordAt(
  office: Office,
  family: Exclude<FamilyId, 'recognition'>,
  draft: Draft,
  acknowledged: readonly string[] = [],
): Promise<IssuedRecord> {
  const { draft: id } = await draftRecord(office, drafter, family, draft)
  const { record, number, registration } = await approveDraft(office, approver, id, acknowledged)
  const { text } = await fetchRecord(office, approver, { id: record })
  return { id: record, number, registration, text }
}

/** What a request over HTTP brings along. */
export const repeatable = (actor: string, key: string, request: string) => ({ actor, idempotency: { key, digest: nodeEngine.sha256(Buffer.from(request)) } })

/** Proposed by the first office and signed by all others, one after the other. */
export async function proposeAmong([first, ...others]: readonly Office[], draft: unknown): Promise<Uint8Array> {
  const by = { actor: 'cli:secretariat' }
  let proposal = await propose(first!, by, draft as JsonObject, { sign: true }) // JSON, as a test wrote it
  for (const other of others) proposal = await signProposal(signatoryOf(other), by, writeProposal(proposal))
  return writeProposal(proposal)
}

/** Forms an alliance of offices as their secretariats would, with its rules; everybody joins, and takes everybody's files. */
export async function formTestAlliance(offices: readonly Office[], alliance: string, rules: unknown): Promise<void> {
  const by = { actor: 'cli:secretariat' }
  const members = await Promise.all(
    offices.map(async (office) => {
      const { authorities } = await readAnchors(office.store.read, office.authority)
      const { division, name, iss, authorityKey } = authorities[0]!
      return {
        division,
        name,
        iss,
        authorityKey,
        role: 'member',
        coversSubordinates: false,
        state: 'active',
        from: '2020-12-04',
        authorised: authorities[0]!.authorised,
        addresses: [],
      }
    }),
  )
  const thresholds = { list: offices.length, rules: offices.length }
  const list = await proposeAmong(offices, { alliance, name: { zh: '联盟', en: 'Alliance' }, version: 1, prev: null, thresholds, members })
  const ruleSet = await proposeAmong(offices, RuleSet.parse(rules))
  const digest = payloadDigest(list)
  for (const office of offices) {
    await joinAlliance(office, by, { alliance, version: 1, digest })
    await takeTrustFiles(
      office,
      [
        { name: 'list', bytes: list },
        { name: 'rules', bytes: ruleSet },
      ],
      by.actor,
    )
  }
  for (const office of offices) for (const other of offices) if (other !== office) await takeFrom(office, other)
}

/** What a neighbour publishes, but for its anchors. */
export async function takeFrom(office: Office, neighbour: Office): Promise<Awaited<ReturnType<typeof takeTrustFiles>>> {
  const files = (await exportTrust(neighbour)).filter(({ name }) => name !== 'anchors.json' && !name.includes(`${office.authority.division}.comity.example`))
  return takeTrustFiles(office, files, 'cli:secretariat')
}
