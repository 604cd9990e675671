import type { JsonObject } from '#core/encoding/parse-json.ts'

import { postgresKit, sqliteKit, type Kit } from './kit.ts'

export const keyUses = ['authority', 'issue', 'status', 'list', 'token', 'log', 'witness'] as const
export type KeyUse = (typeof keyUses)[number]

/** Where the private half is: sealed in the row under the vault, or in a PKCS #11 token. */
export type KeyCustody = 'vault' | 'pkcs11'

export type ClientKind = 'officer' | 'system'
export type DraftState = 'open' | 'approved' | 'rejected'

/** Values of a token status list with two bits a record: 0 valid, 1 invalid, 2 suspended, 3 ceased from now on. */
export type StatusValue = 0 | 1 | 2 | 3

/** 中止、恢复、撤销 (void from the start)、吊销 (penalty)、注销 (from now on)、作废 (the document). */
export type StatusKind = 'suspended' | 'reinstated' | 'revoked' | 'penalty' | 'cancelled' | 'voided'

/** 0: issued here. 1: taken over from a ledger. */
export type Origin = 0 | 1

export type ImportState = 'queued' | 'running' | 'done' | 'failed'
export type ImportOutcome = 'accepted' | 'normalised' | 'warned' | 'refused'
export const trustKinds = ['manifest', 'alliance', 'rules', 'status-list', 'freshness'] as const
export type TrustKind = (typeof trustKinds)[number]
/** What members put before one another to sign. */
export type ProposalKind = Extract<TrustKind, 'alliance' | 'rules' | 'freshness'>

/** The tables of a node, as `schema/sql` makes them. Ids are 16 bytes of UUIDv7; `…At` and `…Until` are seconds since 1970. */
const tablesOf = ({ table, text, int, flag, json, bytes }: Kit) => ({
  migration: table('migration', { version: int('version').notNull(), digest: bytes('digest').notNull(), appliedAt: int('applied_at').notNull() }),

  meta: table('meta', { name: text('name').notNull(), value: bytes('value').notNull() }),

  signingKey: table('signing_key', {
    kid: text('kid').notNull(),
    use: text('use').$type<KeyUse>().notNull(),
    custody: text('custody').$type<KeyCustody>().notNull(),
    jwk: json<JsonObject>('jwk').notNull(),
    scope: json<JsonObject>('scope').notNull(),
    notBefore: int('not_before').notNull(),
    notAfter: int('not_after').notNull(),
    closedAt: int('closed_at'),
    closedReason: text('closed_reason'),
    compromisedSince: int('compromised_since'),
    sealed: bytes('sealed').notNull(),
    createdAt: int('created_at').notNull(),
    no: int('no').notNull(),
  }),

  client: table('client', {
    id: text('id').notNull(),
    name: text('name').notNull(),
    kind: text('kind').$type<ClientKind>().notNull(),
    jwks: json<JsonObject>('jwks').notNull(),
    duties: json<readonly string[]>('duties').notNull(),
    state: text('state').notNull(),
    createdAt: int('created_at').notNull(),
  }),

  assertionUse: table('assertion_use', { clientId: text('client_id').notNull(), jti: text('jti').notNull(), expiresAt: int('expires_at').notNull() }),

  idempotency: table('idempotency', {
    actor: text('actor').notNull(),
    key: text('key').notNull(),
    requestDigest: bytes('request_digest').notNull(),
    status: int('status').notNull(),
    reply: text('reply'),
    createdAt: int('created_at').notNull(),
  }),

  draft: table('draft', {
    id: bytes('id').notNull(),
    family: int('family').notNull(),
    state: text('state').$type<DraftState>().notNull(),
    claims: json<JsonObject>('claims').notNull(),
    personalSealed: bytes('personal_sealed').notNull(),
    holderIndex: bytes('holder_index'),
    number: text('number'),
    createdBy: text('created_by').notNull(),
    createdAt: int('created_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: int('decided_at'),
    reason: text('reason'),
    recordId: bytes('record_id'),
  }),

  record: table('record', {
    id: bytes('id').notNull(),
    family: int('family').notNull(),
    level: int('level').notNull(),
    state: int('state').$type<StatusValue>().notNull(),
    year: int('year').notNull(),
    serial: int('serial').notNull(),
    number: text('number').notNull(),
    holderIndex: bytes('holder_index').notNull(),
    statusList: int('status_list').notNull(),
    statusIndex: int('status_index').notNull(),
    digest: bytes('digest').notNull(),
    contentDigest: bytes('content_digest').notNull(),
    origin: int('origin').$type<Origin>().notNull(),
    issuedAt: int('issued_at').notNull(),
    recordedAt: int('recorded_at').notNull(),
    sourceDigest: bytes('source_digest'),
    keyNo: int('key_no'),
  }),

  recordBody: table('record_body', {
    recordId: bytes('record_id').notNull(),
    signed: text('signed').notNull(),
    disclosuresSealed: bytes('disclosures_sealed'),
  }),

  statusEvent: table('status_event', {
    id: bytes('id').notNull(),
    recordId: bytes('record_id').notNull(),
    kind: text('kind').$type<StatusKind>().notNull(),
    reason: text('reason').notNull(),
    effectiveAt: int('effective_at').notNull(),
    recordedAt: int('recorded_at').notNull(),
    actor: text('actor').notNull(),
    note: text('note'),
    statusList: int('status_list').notNull(),
    statusIndex: int('status_index').notNull(),
  }),

  statusList: table('status_list', {
    no: int('no').notNull(),
    seed: bytes('seed').notNull(),
    allocated: int('allocated').notNull(),
    places: int('places').notNull(),
    version: int('version').notNull(),
    dirty: flag('dirty').notNull(),
  }),

  counter: table('counter', { class: text('class').notNull(), year: int('year').notNull(), next: int('next').notNull() }),

  outbox: table('outbox', {
    id: bytes('id').notNull(),
    kind: text('kind').notNull(),
    digest: bytes('digest').notNull(),
    createdAt: int('created_at').notNull(),
    publishedAt: int('published_at'),
  }),

  audit: table('audit', {
    id: bytes('id').notNull(),
    at: int('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    reason: text('reason'),
    detail: json<JsonObject>('detail'),
  }),

  claimCode: table('claim_code', {
    codeHash: bytes('code_hash').notNull(),
    recordId: bytes('record_id').notNull(),
    expiresAt: int('expires_at').notNull(),
    attempts: int('attempts').notNull(),
    usedAt: int('used_at'),
    createdBy: text('created_by').notNull(),
    createdAt: int('created_at').notNull(),
  }),

  importJob: table('import_job', {
    id: bytes('id').notNull(),
    family: int('family').notNull(),
    fileName: text('file_name').notNull(),
    fileDigest: bytes('file_digest').notNull(),
    state: text('state').$type<ImportState>().notNull(),
    dryRun: flag('dry_run').notNull(),
    total: int('total'),
    done: int('done').notNull(),
    counts: json<Readonly<Record<string, number>>>('counts').notNull(),
    requestedBy: text('requested_by').notNull(),
    createdAt: int('created_at').notNull(),
    updatedAt: int('updated_at').notNull(),
    leaseUntil: int('lease_until'),
    leaseOwner: text('lease_owner'),
    error: text('error'),
  }),

  importRow: table('import_row', {
    jobId: bytes('job_id').notNull(),
    row: int('row').notNull(),
    outcome: text('outcome').$type<ImportOutcome>().notNull(),
    findings: json<readonly JsonObject[]>('findings').notNull(),
    contentDigest: bytes('content_digest'),
    recordId: bytes('record_id'),
  }),

  importFile: table('import_file', { jobId: bytes('job_id').notNull(), body: bytes('body').notNull() }),

  trustObject: table('trust_object', {
    kind: text('kind').$type<TrustKind>().notNull(),
    subject: text('subject').notNull(),
    version: int('version').notNull(),
    digest: bytes('digest').notNull(),
    body: bytes('body').notNull(),
    fetchedAt: int('fetched_at').notNull(),
  }),

  proposal: table('proposal', {
    digest: bytes('digest').notNull(),
    kind: text('kind').$type<ProposalKind>().notNull(),
    subject: text('subject').notNull(),
    version: int('version').notNull(),
    payload: text('payload').notNull(),
    proposedBy: text('proposed_by').notNull(),
    proposedAt: int('proposed_at').notNull(),
  }),

  proposalSignature: table('proposal_signature', {
    digest: bytes('digest').notNull(),
    kid: text('kid').notNull(),
    protected: text('protected').notNull(),
    signature: text('signature').notNull(),
    addedBy: text('added_by').notNull(),
    addedAt: int('added_at').notNull(),
  }),

  published: table('published', {
    path: text('path').notNull(),
    contentType: text('content_type').notNull(),
    etag: text('etag').notNull(),
    body: bytes('body').notNull(),
    publishedAt: int('published_at').notNull(),
  }),

  publishedVersion: table('published_version', {
    path: text('path').notNull(),
    no: int('no').notNull(),
    fromAt: int('from_at').notNull(),
    etag: text('etag').notNull(),
    body: bytes('body').notNull(),
  }),

  logHead: table('log_head', {
    id: int('id').notNull(),
    size: int('size').notNull(),
    root: bytes('root').notNull(),
  }),

  logLeaf: table('log_leaf', {
    index: int('idx').notNull(),
    kind: text('kind').notNull(),
    digest: bytes('digest').notNull(),
    loggedAt: int('logged_at').notNull(),
  }),

  logTile: table('log_tile', {
    level: int('level').notNull(),
    index: int('idx').notNull(),
    body: bytes('body').notNull(),
  }),

  logCheckpoint: table('log_checkpoint', {
    size: int('size').notNull(),
    note: text('note').notNull(),
    madeAt: int('made_at').notNull(),
  }),

  logCosignature: table('log_cosignature', {
    size: int('size').notNull(),
    kid: text('kid').notNull(),
    cosignedAt: int('cosigned_at').notNull(),
    line: text('line').notNull(),
  }),

  witnessedLog: table('witnessed_log', {
    origin: text('origin').notNull(),
    size: int('size').notNull(),
    root: bytes('root').notNull(),
    note: text('note').notNull(),
    cosignedAt: int('cosigned_at').notNull(),
  }),

  mirroredLog: table('mirrored_log', {
    origin: text('origin').notNull(),
    iss: text('iss').notNull(),
    size: int('size').notNull(),
    root: bytes('root').notNull(),
    note: text('note').notNull(),
    followedAt: int('followed_at').notNull(),
    problem: text('problem'),
    problemAt: int('problem_at'),
  }),

  mirroredTile: table('mirrored_tile', {
    origin: text('origin').notNull(),
    level: int('level').notNull(),
    index: int('idx').notNull(),
    body: bytes('body').notNull(),
  }),

  misbehaviour: table('misbehaviour', {
    digest: bytes('digest').notNull(),
    kind: text('kind').notNull(),
    subject: text('subject').notNull(),
    body: bytes('body').notNull(),
    foundAt: int('found_at').notNull(),
  }),

  reissue: table('reissue', {
    recordId: bytes('record_id').notNull(),
    reason: text('reason').notNull(),
    kid: text('kid').notNull(),
    queuedAt: int('queued_at').notNull(),
    draftId: bytes('draft_id'),
    doneAt: int('done_at'),
  }),
})

export type Tables = ReturnType<typeof tablesOf>

/** A whole row as it is read; written with every member named, null where there is nothing. */
export type Row<Name extends keyof Tables> = Readonly<Tables[Name]['$inferSelect']>

export const sqliteTables = tablesOf(sqliteKit)
export const postgresTables = tablesOf(postgresKit)
