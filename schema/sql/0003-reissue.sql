-- Which key has signed what, and what has to be issued again because of it.

-- A number for each key, in the order of their making: short enough to stand beside every record.
alter table signing_key add column no smallint not null default 0;
update signing_key set no = (
  select count(*) from signing_key other
  where other.created_at < signing_key.created_at or (other.created_at = signing_key.created_at and other.kid <= signing_key.kid)
);
create unique index signing_key_no on signing_key (no);

-- Null in records from before this column, until somebody asks: the header of the signed text names the key.
alter table record add column key_no smallint;
create index record_key on record (key_no);
create index record_without_key on record (id) where key_no is null;

-- Records that a compromised key has taken down although they are the bureau's own. `draft_id` is the draft that replaces the record.
create table reissue (
  record_id bytea not null primary key references record (id),
  reason text not null,
  kid text not null,
  queued_at bigint not null,
  draft_id bytea,
  done_at bigint
);
create index reissue_draft on reissue (draft_id) where draft_id is not null;
create index reissue_open on reissue (record_id) where done_at is null;
