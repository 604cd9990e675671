-- The transparency log of a node, what it has cosigned as a witness, and keys for both.

-- A check of a column can't be changed in SQLite: the table is made anew. `custody` says where the private half is: sealed in `sealed`
-- under the vault, or in a PKCS #11 token that `sealed` tells how to find.
create table signing_key_new (
  kid text not null primary key,
  use text not null check (use in ('authority', 'issue', 'status', 'list', 'token', 'log', 'witness')),
  custody text not null check (custody in ('vault', 'pkcs11')),
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
insert into signing_key_new
  select kid, use, 'vault', jwk, scope, not_before, not_after, closed_at, closed_reason, compromised_since, sealed, created_at from signing_key;
drop table signing_key;
alter table signing_key_new rename to signing_key;

-- One row. Whoever appends compares and swaps it: of two sequencers at once one has nothing written.
create table log_head (
  id smallint not null primary key check (id = 1),
  size bigint not null,
  root bytea not null
);

-- Dense from 0. The leaf's text is made of kind and digest; `logged_at` is this node's own word and proves nothing.
create table log_leaf (
  idx bigint not null primary key,
  kind text not null,
  digest bytea not null,
  logged_at bigint not null
);
create index log_leaf_digest on log_leaf (digest);

-- Hashes of 256 neighbours, 32 bytes each (C2SP tlog-tiles). Those at the right edge grow; a full one never changes.
create table log_tile (
  level smallint not null,
  idx bigint not null,
  body bytea not null,
  primary key (level, idx)
);

-- Signed tree heads. Of those that no witness has cosigned only the newest is kept.
create table log_checkpoint (
  size bigint not null primary key,
  note text not null,
  made_at bigint not null
);

create table log_cosignature (
  size bigint not null,
  kid text not null,
  cosigned_at bigint not null,
  line text not null,
  primary key (size, kid)
);

-- The newest checkpoint of each log that this node has cosigned. Written before the cosignature leaves the house.
create table witnessed_log (
  origin text not null primary key,
  size bigint not null,
  root bytea not null,
  note text not null,
  cosigned_at bigint not null
);

-- Two signed heads of one log that cannot both be true, kept as they were signed: anybody can check them offline.
create table misbehaviour (
  digest bytea not null primary key,
  kind text not null,
  subject text not null,
  body bytea not null,
  found_at bigint not null
);
