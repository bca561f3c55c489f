-- +goose Up
ALTER TABLE rowgate.run
  -- Column names of the file, in its order: what an export of the rejects is laid out by.
  ADD COLUMN header json,
  -- Grows with each version of the file, where its source can tell: microseconds of its last change, or a number of its own.
  ADD COLUMN source_sequence bigint,
  -- How many of the rejects were corrected since.
  ADD COLUMN corrected bigint NOT NULL DEFAULT 0,
  -- Until when the rejects are kept, where the pipeline says so, and when they were removed.
  ADD COLUMN rejects_until timestamptz,
  ADD COLUMN purged_at timestamptz;

CREATE INDEX run_by_time ON rowgate.run (started_at, id);
CREATE INDEX run_corrections ON rowgate.run (corrects) WHERE corrects IS NOT NULL;

ALTER TABLE rowgate.reject
  -- Kinds of the cells that JSON has none for, by column: date, time, duration, error.
  ADD COLUMN kinds json,
  -- The reject, of the delivery that this one corrects, that the row was to stand for: that one stays open, this one is never open itself.
  ADD COLUMN attempts bigint;

-- +goose Down
ALTER TABLE rowgate.reject DROP COLUMN kinds, DROP COLUMN attempts;
DROP INDEX rowgate.run_by_time;
DROP INDEX rowgate.run_corrections;
ALTER TABLE rowgate.run
  DROP COLUMN header,
  DROP COLUMN source_sequence,
  DROP COLUMN corrected,
  DROP COLUMN rejects_until,
  DROP COLUMN purged_at;
