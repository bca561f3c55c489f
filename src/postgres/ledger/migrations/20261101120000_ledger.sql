-- +goose Up
CREATE SCHEMA IF NOT EXISTS rowgate;

-- Every claim, and every change of hands, gets a higher token than all before it.
CREATE SEQUENCE rowgate.token;

-- One row a delivery: one version of one file on its way into one table.
CREATE TABLE rowgate.run (
  id text PRIMARY KEY,
  -- The call of run() that the delivery belongs to; one call may deliver many files.
  invocation text NOT NULL,
  pipeline text NOT NULL,
  target text NOT NULL,
  -- Hash of what the run holds the lock of: its content, or its file where the content is not known yet.
  claim text NOT NULL,
  -- Hash of pipeline, target and content: what may be committed once. Null until the content's hash is known.
  identity text,
  sha256 text,
  uri text NOT NULL,
  version text,
  contract_version text,
  mode text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'committed', 'refused', 'failed', 'replaced')),
  reason text,
  token bigint NOT NULL,
  backend_pid integer,
  backend_start timestamptz,
  heartbeat_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  -- The delivery whose rejected rows this one brings corrected, and the one that loaded this one's rows anew.
  corrects text REFERENCES rowgate.run (id),
  replaced_by text REFERENCES rowgate.run (id),
  read bigint NOT NULL DEFAULT 0,
  loaded bigint NOT NULL DEFAULT 0,
  rejected bigint NOT NULL DEFAULT 0,
  filtered bigint NOT NULL DEFAULT 0,
  superseded bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  withheld bigint NOT NULL DEFAULT 0,
  -- Rows of the target that went, in the modes that remove.
  deleted bigint NOT NULL DEFAULT 0,
  report jsonb
);

CREATE UNIQUE INDEX run_committed_once ON rowgate.run (identity) WHERE status = 'committed';
CREATE INDEX run_open ON rowgate.run (claim) WHERE status = 'running';
CREATE INDEX run_by_file ON rowgate.run (pipeline, target, uri, version);

-- A share of a delivery that was split between workers, held by lease.
CREATE TABLE rowgate.part (
  run_id text NOT NULL REFERENCES rowgate.run (id) ON DELETE CASCADE,
  part integer NOT NULL,
  status text NOT NULL CHECK (status IN ('planned', 'running', 'staged', 'failed')),
  token bigint NOT NULL,
  lease_until timestamptz,
  plan jsonb NOT NULL,
  result jsonb,
  PRIMARY KEY (run_id, part)
);

-- Rows that were set aside. `raw` and `issues` are json, not jsonb: a cell may hold what jsonb cannot (U+0000).
CREATE TABLE rowgate.reject (
  run_id text NOT NULL REFERENCES rowgate.run (id) ON DELETE CASCADE,
  reject bigint NOT NULL,
  uri text NOT NULL,
  version text,
  table_name text,
  row_number bigint NOT NULL,
  line_number bigint,
  byte_offset bigint,
  address text,
  raw json NOT NULL,
  issues json NOT NULL,
  corrected_by text REFERENCES rowgate.run (id),
  PRIMARY KEY (run_id, reject)
);

CREATE TABLE rowgate.quality_score (
  run_id text PRIMARY KEY REFERENCES rowgate.run (id) ON DELETE CASCADE,
  overall double precision,
  coverage double precision NOT NULL,
  provisional boolean NOT NULL,
  ruleset_hash text NOT NULL,
  scorecard jsonb NOT NULL
);

-- What must happen outside of the database after a delivery: read, done, then marked; doing it twice must be harmless.
CREATE TABLE rowgate.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text NOT NULL REFERENCES rowgate.run (id) ON DELETE CASCADE,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  done_at timestamptz
);

CREATE INDEX outbox_open ON rowgate.outbox (id) WHERE done_at IS NULL;

-- +goose Down
-- The schema stays, for the table that says which steps were applied is in it.
DROP TABLE rowgate.outbox, rowgate.quality_score, rowgate.reject, rowgate.part, rowgate.run CASCADE;
DROP SEQUENCE rowgate.token CASCADE;
