-- Where the record of an event stands in the status lists, beside the event itself: a list is then made from the events of its own records,
-- and not from all records that have a place in it, which are 131,072 however few of them ever changed. A record's place never changes.
alter table status_event add column status_list integer not null default 0;
alter table status_event add column status_index integer not null default 0;
update status_event set
  status_list = (select record.status_list from record where record.id = status_event.record_id),
  status_index = (select record.status_index from record where record.id = status_event.record_id);
-- Holds all that is read to make a list: its events stand together here, and scattered among all others in the table.
create index status_event_list on status_event (status_list, status_index, id, kind, reason, effective_at, recorded_at);
