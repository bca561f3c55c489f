-- +goose Up
-- Nothing reads the outbox, which grew by one row with each delivery, and nothing writes parts.
DROP TABLE rowgate.outbox, rowgate.part;

-- +goose Down
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

CREATE TABLE rowgate.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text NOT NULL REFERENCES rowgate.run (id) ON DELETE CASCADE,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  done_at timestamptz
);

CREATE INDEX outbox_open ON rowgate.outbox (id) WHERE done_at IS NULL;
