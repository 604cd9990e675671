-- The logs of the neighbours, as far as this node has followed and checked them.

-- The newest head that the mirrored leaves make. `problem` is why the log was not followed further, in the words of a fault's code.
create table mirrored_log (
  origin text not null primary key,
  iss text not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  followed_at bigint not null,
  problem text,
  problem_at bigint
);

-- As `log_tile`; level -1 holds the entries of 256 leaves, as the log serves them.
create table mirrored_tile (
  origin text not null,
  level smallint not null,
  idx bigint not null,
  body bytea not null,
  primary key (origin, level, idx)
);
