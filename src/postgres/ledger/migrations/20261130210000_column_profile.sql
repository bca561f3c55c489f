-- +goose Up
-- What the columns of a loaded delivery are like, so that later deliveries can be compared with it. It holds no text of the file: texts are counted by a
-- hash of 32 bits and by their pattern, numbers and dates in buckets of five digits or fewer. Redacted columns have counts only.
CREATE TABLE rowgate.column_profile (
  run_id text NOT NULL REFERENCES rowgate.run (id) ON DELETE CASCADE,
  column_name text NOT NULL,
  -- Its place among the columns of the rows, from 0.
  position integer NOT NULL,
  -- Rows that passed, and how many of their cells are empty.
  rows bigint NOT NULL,
  nulls bigint NOT NULL,
  -- Different values in the sample, estimated.
  distinct_values bigint,
  sample json,
  PRIMARY KEY (run_id, column_name)
);

-- The latest loaded deliveries of a pipeline and target.
CREATE INDEX run_history ON rowgate.run (pipeline, target, finished_at) WHERE status = 'committed';

-- Each column of each loaded delivery, beside the delivery before it.
CREATE VIEW rowgate.column_history AS
SELECT profile.run_id, run.pipeline, run.target, run.source_table, run.uri, run.status, run.finished_at, profile.column_name, profile.position, profile.rows,
       profile.nulls, profile.nulls / NULLIF(profile.rows, 0)::double precision AS null_share,
       lag(profile.nulls / NULLIF(profile.rows, 0)::double precision) OVER deliveries AS null_share_before, profile.distinct_values
FROM rowgate.column_profile profile
JOIN rowgate.run run ON run.id = profile.run_id
WINDOW deliveries AS (PARTITION BY run.pipeline, run.target, run.source_table, profile.column_name ORDER BY run.finished_at, run.id);

-- What was found to have drifted in each delivery.
CREATE VIEW rowgate.drift AS
SELECT run.id AS run_id, run.pipeline, run.target, run.uri, run.status, run.finished_at, finding.kind, finding."column" AS column_name, finding.value, finding.bound,
       finding.probability
FROM rowgate.run run
CROSS JOIN LATERAL jsonb_to_recordset(run.report -> 'drift' -> 'findings') AS finding (
  kind text, "column" text, value double precision, bound double precision, probability double precision);

-- A change of the score says nothing if the rules or weights have changed, too.
CREATE OR REPLACE VIEW rowgate.score_trend AS
SELECT score.run_id, run.pipeline, run.target, run.uri, run.status, run.finished_at, score.overall, score.coverage,
       (score.scorecard ->> 'rowsPassed')::double precision AS rows_passed, score.provisional, score.ruleset_hash,
       score.overall - lag(score.overall) OVER deliveries AS change,
       score.ruleset_hash = lag(score.ruleset_hash) OVER deliveries AS same_rules,
       score.scorecard -> 'weights' = lag(score.scorecard -> 'weights') OVER deliveries AS same_weights,
       NULLIF(concat_ws(', ',
         CASE WHEN score.ruleset_hash <> lag(score.ruleset_hash) OVER deliveries THEN 'rules changed' END,
         CASE WHEN score.scorecard -> 'weights' <> lag(score.scorecard -> 'weights') OVER deliveries THEN 'weights changed' END), '') AS remark
FROM rowgate.quality_score score
JOIN rowgate.run run ON run.id = score.run_id
WINDOW deliveries AS (PARTITION BY run.pipeline, run.target ORDER BY run.finished_at, run.id);

-- +goose Down
DROP VIEW rowgate.drift, rowgate.column_history, rowgate.score_trend;
DROP INDEX rowgate.run_history;
DROP TABLE rowgate.column_profile;
CREATE VIEW rowgate.score_trend AS
SELECT score.run_id, run.pipeline, run.target, run.uri, run.status, run.finished_at, score.overall, score.coverage,
       (score.scorecard ->> 'rowsPassed')::double precision AS rows_passed, score.provisional, score.ruleset_hash,
       score.overall - lag(score.overall) OVER deliveries AS change,
       score.ruleset_hash = lag(score.ruleset_hash) OVER deliveries AS same_rules,
       score.scorecard -> 'weights' = lag(score.scorecard -> 'weights') OVER deliveries AS same_weights
FROM rowgate.quality_score score
JOIN rowgate.run run ON run.id = score.run_id
WINDOW deliveries AS (PARTITION BY run.pipeline, run.target ORDER BY run.finished_at, run.id);
