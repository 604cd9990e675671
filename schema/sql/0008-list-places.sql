-- How many places a status list has: what its token unpacks to, and which permutation gives a record its place. New lists have 65,536; those that were
-- opened with 131,072 are filled and published as they are, since the places of issued records stand in what was signed.
alter table status_list add column places integer not null default 131072 check (allocated <= places);
