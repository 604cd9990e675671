-- The tables of a node. One text for SQLite and for PostgreSQL 15 and its distributed relatives.
--
-- `bytea` is only a name to SQLite (affinity NUMERIC, which leaves blobs alone). Identifiers are UUIDv7 in 16 bytes, made by the
-- node. Instants (`*_at`) are whole seconds since 1970. JSON is text. Flags are smallint 0 or 1. No sequences, no triggers.
-- A file that has been applied anywhere is never edited: the next change is the next file.

create table meta (
  name text not null primary key,
  value bytea not null
);

create table signing_key (
  kid text not null primary key,
  use text not null check (use in ('authority', 'issue', 'status', 'list', 'token')),
  jwk text not null,
  scope text not null,
  not_before bigint not null,
  not_after bigint not null,
  closed_at bigint,
  closed_reason text,
  compromised_since bigint,
  sealed bytea not null,
  created_at bigint not null
);

create table client (
  id text not null primary key,
  name text not null,
  kind text not null check (kind in ('officer', 'system')),
  jwks text not null,
  duties text not null,
  state text not null,
  created_at bigint not null
);

create table assertion_use (
  client_id text not null,
  jti text not null,
  expires_at bigint not null,
  primary key (client_id, jti)
);
create index assertion_use_expires on assertion_use (expires_at);

-- `status` is 0 while the work that owns the row has not answered; no other transaction can see it so.
create table idempotency (
  actor text not null,
  key text not null,
  request_digest bytea not null,
  status smallint not null,
  reply text,
  created_at bigint not null,
  primary key (actor, key)
);
create index idempotency_created on idempotency (created_at);

create table draft (
  id bytea not null primary key,
  family smallint not null,
  state text not null check (state in ('open', 'approved', 'rejected')),
  claims text not null,
  personal_sealed bytea not null,
  holder_index bytea,
  number text,
  created_by text not null,
  created_at bigint not null,
  decided_by text,
  decided_at bigint,
  reason text,
  record_id bytea
);
create index draft_state on draft (state, id);

-- Narrow on purpose: whatever a decision reads is here, the signed text is beside it.
-- `state` holds the values of a token status list: 0 valid, 1 invalid, 2 suspended, 3 ceased from now on.
-- `origin` is 0 for a record issued here, 1 for one taken over from a ledger.
create table record (
  id bytea not null primary key,
  family smallint not null,
  level smallint not null,
  state smallint not null check (state between 0 and 3),
  year smallint not null,
  serial integer not null,
  number text not null,
  holder_index bytea not null,
  status_list integer not null,
  status_index integer not null,
  digest bytea not null,
  content_digest bytea not null,
  origin smallint not null check (origin in (0, 1)),
  issued_at bigint not null,
  recorded_at bigint not null,
  source_digest bytea
);
create unique index record_serial on record (family, year, serial);
create unique index record_number on record (family, number);
create unique index record_digest on record (digest);
create unique index record_status_place on record (status_list, status_index);
create index record_holder on record (holder_index, id);
-- What a status list shows besides "valid"; small, however many records there are.
create index record_not_valid on record (status_list, status_index, state) where state <> 0;
create index record_source on record (source_digest, id) where source_digest is not null;

-- `disclosures_sealed` becomes null when the person is erased; the signed text stays.
create table record_body (
  record_id bytea not null primary key references record (id),
  signed text not null,
  disclosures_sealed bytea
);

-- Never updated, never deleted. `effective_at` is when it counts from, `recorded_at` when the node learned of it.
create table status_event (
  id bytea not null primary key,
  record_id bytea not null references record (id),
  kind text not null check (kind in ('suspended', 'reinstated', 'revoked', 'penalty', 'cancelled', 'voided')),
  reason text not null,
  effective_at bigint not null,
  recorded_at bigint not null,
  actor text not null,
  note text
);
create index status_event_record on status_event (record_id, id);

create table status_list (
  no integer not null primary key,
  seed bytea not null,
  allocated integer not null check (allocated between 0 and 131072),
  version integer not null,
  dirty smallint not null
);
create index status_list_dirty on status_list (no) where dirty = 1;

create table counter (
  class text not null,
  year smallint not null,
  next integer not null,
  primary key (class, year)
);

create table outbox (
  id bytea not null primary key,
  kind text not null,
  digest bytea not null,
  created_at bigint not null,
  published_at bigint
);
create index outbox_unpublished on outbox (id) where published_at is null;

create table audit (
  id bytea not null primary key,
  at bigint not null,
  actor text not null,
  action text not null,
  subject text not null,
  reason text,
  detail text
);
create index audit_at on audit (at, id);
create index audit_subject on audit (subject, id);

create table claim_code (
  code_hash bytea not null primary key,
  record_id bytea not null references record (id),
  expires_at bigint not null,
  attempts smallint not null,
  used_at bigint,
  created_by text not null,
  created_at bigint not null
);
create index claim_code_expires on claim_code (expires_at);

create table import_job (
  id bytea not null primary key,
  family smallint not null,
  file_name text not null,
  file_digest bytea not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed')),
  dry_run smallint not null,
  total integer,
  done integer not null,
  counts text not null,
  requested_by text not null,
  created_at bigint not null,
  updated_at bigint not null,
  lease_until bigint,
  lease_owner text,
  error text
);
create index import_job_state on import_job (state, id);
create index import_job_file on import_job (file_digest);

create table import_row (
  job_id bytea not null references import_job (id),
  "row" integer not null,
  outcome text not null,
  findings text not null,
  content_digest bytea,
  record_id bytea,
  primary key (job_id, "row")
);

create table import_file (
  job_id bytea not null primary key references import_job (id),
  body bytea not null
);

create table trust_object (
  kind text not null check (kind in ('manifest', 'alliance', 'rules', 'status-list')),
  subject text not null,
  version integer not null,
  digest bytea not null,
  body bytea not null,
  fetched_at bigint not null,
  primary key (kind, subject, version)
);

create table published (
  path text not null primary key,
  content_type text not null,
  etag text not null,
  body bytea not null,
  published_at bigint not null
);
