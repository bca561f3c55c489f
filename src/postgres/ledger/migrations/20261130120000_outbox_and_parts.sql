-- +goose Up
-- What has to happen outside of the database after a delivery. Whoever does it takes an entry for a while, does the work, and marks it as done.
-- It may be done twice.
CREATE TABLE rowgate.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The run that the entry is about. For a duplicate, the run that has loaded the same bytes.
  run_id text NOT NULL REFERENCES rowgate.run (id) ON DELETE CASCADE,
  -- The delivery that wrote the entry. For a duplicate it is not in rowgate.run.
  delivery text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('committed', 'refused', 'duplicate', 'failed')),
  uri text NOT NULL,
  version text,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  tries integer NOT NULL DEFAULT 0,
  -- Nobody else takes the entry before this instant.
  leased_until timestamptz,
  last_error text,
  done_at timestamptz,
  -- What the work has made, such as the address of a copy of the file.
  result jsonb
);

CREATE INDEX outbox_open ON rowgate.outbox (topic, id) WHERE done_at IS NULL;
CREATE INDEX outbox_by_run ON rowgate.outbox (run_id);
CREATE INDEX outbox_by_delivery ON rowgate.outbox (delivery);
CREATE INDEX outbox_by_file ON rowgate.outbox (uri);

-- A delivery whose parts are staged in a table of its own, until one transaction loads all of them.
CREATE TABLE rowgate.staging (
  delivery text PRIMARY KEY,
  pipeline text NOT NULL,
  target text NOT NULL,
  uri text NOT NULL,
  -- The staging table, in the schema rowgate. Null until a part has a row.
  table_name text,
  -- Columns of the rows, in their order, and their kinds if the load creates the target.
  columns json,
  specs json,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  touched_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE rowgate.part (
  delivery text NOT NULL REFERENCES rowgate.staging (delivery) ON DELETE CASCADE,
  part integer NOT NULL,
  status text NOT NULL CHECK (status IN ('staging', 'staged')),
  -- What the rows come from.
  source text,
  -- Grows each time that somebody begins to stage the part. Only the latest may commit.
  token bigint NOT NULL,
  -- Until when the others wait, by the clock of the database.
  leased_until timestamptz NOT NULL,
  claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  rows bigint NOT NULL DEFAULT 0,
  refused bigint NOT NULL DEFAULT 0,
  -- Whether a key may be repeated within the part.
  repeats boolean NOT NULL DEFAULT false,
  PRIMARY KEY (delivery, part)
);

-- Rows of a part that were refused while it was staged.
CREATE TABLE rowgate.part_refusal (
  delivery text NOT NULL,
  part integer NOT NULL,
  row_number bigint NOT NULL,
  issues json NOT NULL,
  PRIMARY KEY (delivery, part, row_number),
  FOREIGN KEY (delivery, part) REFERENCES rowgate.part (delivery, part) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE rowgate.part_refusal, rowgate.part, rowgate.staging, rowgate.outbox;
