-- +goose Up
ALTER TABLE rowgate.run
  -- Which table of the file was read, where it is not the first one: a sheet, a range or a member of a zip.
  ADD COLUMN source_table text,
  -- The oids of the target and of this ledger. A target that was dropped and made anew has another oid; so does everything in a restored dump.
  ADD COLUMN target_oid bigint,
  ADD COLUMN ledger_oid bigint,
  -- Whether each row in the target says, in its column _run_id, which delivery wrote it. Null where an earlier version of rowgate wrote the entry.
  ADD COLUMN lineage boolean,
  -- The instant that the delivery was judged by; in a history, the instant from which its versions are valid.
  ADD COLUMN as_of timestamptz;

CREATE INDEX run_by_content ON rowgate.run (sha256) WHERE status = 'committed';

-- +goose Down
DROP INDEX rowgate.run_by_content;
ALTER TABLE rowgate.run
  DROP COLUMN source_table,
  DROP COLUMN target_oid,
  DROP COLUMN ledger_oid,
  DROP COLUMN lineage,
  DROP COLUMN as_of;
