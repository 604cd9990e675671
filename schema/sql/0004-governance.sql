-- What the members of an alliance have put before one another to sign, and the signatures that have come in.

-- A check of a column can't be changed in SQLite: the table is made anew. Stamps that a list is still the newest are kept beside the lists;
-- their subject is the alliance and the version of the list, their version the second that they were made in.
create table trust_object_new (
  kind text not null check (kind in ('manifest', 'alliance', 'rules', 'status-list', 'freshness')),
  subject text not null,
  version bigint not null,
  digest bytea not null,
  body bytea not null,
  fetched_at bigint not null,
  primary key (kind, subject, version)
);
insert into trust_object_new select kind, subject, version, digest, body, fetched_at from trust_object;
drop table trust_object;
alter table trust_object_new rename to trust_object;

-- By the digest of its content, whoever has signed it. Whether it was adopted is not kept here: it was if the trust object with this digest is held.
create table proposal (
  digest bytea not null primary key,
  kind text not null check (kind in ('alliance', 'rules', 'freshness')),
  subject text not null,
  version bigint not null,
  payload text not null,
  proposed_by text not null,
  proposed_at bigint not null
);
create index proposal_proposed on proposal (proposed_at, digest);

-- One a key: each was checked before it came in.
create table proposal_signature (
  digest bytea not null references proposal (digest),
  kid text not null,
  protected text not null,
  signature text not null,
  added_by text not null,
  added_at bigint not null,
  primary key (digest, kid)
);
