-- +goose Up
-- What each rule found in each delivery that has a score.
CREATE VIEW rowgate.rule_result AS
SELECT score.run_id, run.pipeline, run.target, run.uri, run.status, run.finished_at, result.rule, result.dimension, result.columns,
       result.judged, result.passed, result.failed, result.suspected, result.rejected, result."rejectedAlone" AS rejected_alone, result.mostly,
       run.report -> 'examples' -> result.rule AS examples
FROM rowgate.quality_score score
JOIN rowgate.run run ON run.id = score.run_id
CROSS JOIN LATERAL jsonb_to_recordset(score.scorecard -> 'rules') AS result (
  rule text, dimension text, columns jsonb, judged bigint, passed bigint, failed bigint, suspected bigint, rejected bigint,
  "rejectedAlone" bigint, mostly double precision);

-- The score of each column, and how much of it is filled, in percent.
CREATE VIEW rowgate.column_quality AS
SELECT score.run_id, run.pipeline, run.target, run.uri, run.status, run.finished_at, quality."column" AS column_name, quality.score, quality.fill
FROM rowgate.quality_score score
JOIN rowgate.run run ON run.id = score.run_id
CROSS JOIN LATERAL jsonb_to_recordset(score.scorecard -> 'columns') AS quality ("column" text, score double precision, fill double precision);

-- The score of each delivery beside that of the delivery before it. Scores of a dimension compare if the rules are the same, and overall scores if
-- the weights are the same, too.
CREATE VIEW rowgate.score_trend AS
SELECT score.run_id, run.pipeline, run.target, run.uri, run.status, run.finished_at, score.overall, score.coverage,
       (score.scorecard ->> 'rowsPassed')::double precision AS rows_passed, score.provisional, score.ruleset_hash,
       score.overall - lag(score.overall) OVER deliveries AS change,
       score.ruleset_hash = lag(score.ruleset_hash) OVER deliveries AS same_rules,
       score.scorecard -> 'weights' = lag(score.scorecard -> 'weights') OVER deliveries AS same_weights
FROM rowgate.quality_score score
JOIN rowgate.run run ON run.id = score.run_id
WINDOW deliveries AS (PARTITION BY run.pipeline, run.target ORDER BY run.finished_at, run.id);

-- +goose Down
DROP VIEW rowgate.score_trend, rowgate.column_quality, rowgate.rule_result;
