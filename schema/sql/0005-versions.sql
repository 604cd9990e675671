-- What a node has published, version by version, so that it can say what it published at an instant in the past.

-- Only files that differ in content and cannot be made anew: the key manifest. Status lists are not kept: the events that they tell are never
-- deleted, and a list as of any instant is made from them. A version holds until the next one begins.
create table published_version (
  path text not null,
  no integer not null,
  from_at bigint not null,
  etag text not null,
  body bytea not null,
  primary key (path, no)
);

-- Of a node that is older than this table only the newest version is left.
insert into published_version (path, no, from_at, etag, body)
  select path, 1, published_at, etag, body from published where path = 'trust/manifest.jwt';
