import type { Delivery } from "../../contract/delivery.ts"
import type { SettledPlan } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import type { Backend } from "../connection/backend.ts"
import type { Queryable } from "../connection/database.ts"
import { storableJson, storableText } from "../encode/storable-text.ts"
import { leaseLost } from "./lease-lost.ts"
import { unknownRun } from "./unknown-run.ts"
import { storedReport } from "./unquoted-report.ts"

/** What the ledger records of a delivery when it begins. */
export interface RunEntry {
  readonly delivery: Delivery
  readonly invocation: string
  readonly target: string
  readonly mode: string
  /** The hash of the identity that the lock stands for. */
  readonly claim: string
  readonly identity: string | undefined
  readonly backend: Backend
}

/** The plan of a delivery: what it decided about how to read its file. */
export async function planOf(asker: Queryable, run: string): Promise<SettledPlan> {
  const { rows } = await asker.query("SELECT (report -> 'plan')::text AS plan FROM rowgate.run WHERE id = $1", [run])
  const [row] = rows
  if (row === undefined) throw unknownRun(run)
  return typeof row["plan"] === "string" ? JSON.parse(row["plan"]) : {}
}

/** The report of a delivery that was refused; undefined for any other. */
export async function refusedReport(asker: Queryable, run: string): Promise<DeliveryReport | undefined> {
  const { rows } = await asker.query("SELECT report::text AS report FROM rowgate.run WHERE id = $1 AND status = 'refused'", [run])
  const report = rows[0]?.["report"]
  return typeof report === "string" ? JSON.parse(report) : undefined
}

/** A backend that holds an advisory lock, a bigint as text. */
export interface LockHolder {
  readonly pid: number
  readonly lock: string
}

/**
 * Marks earlier runs of a claim as failed. The caller holds the claim's lock, so their processes are gone. Returns false if the caller no longer
 * holds the lock: it was stopped for a while and counted as dead, and must not mark the run that came after it.
 */
export async function failDeadRuns(asker: Queryable, claim: string, { pid, lock }: LockHolder): Promise<boolean> {
  const { rows } = await asker.query(
    `WITH held AS (
       SELECT 1 FROM pg_locks
       WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pid = $2::int
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND ((classid::bigint << 32) | objid::bigint) = $3::bigint),
     dead AS (
       UPDATE rowgate.run SET status = 'failed', reason = 'its process ended without reporting an outcome', token = nextval('rowgate.token'),
              finished_at = clock_timestamp()
       WHERE claim = $1 AND status = 'running' AND EXISTS (SELECT FROM held))
     SELECT EXISTS (SELECT FROM held) AS held`,
    [claim, pid, lock],
  )
  return rows[0]?.["held"] === true
}

/**
 * Enters a delivery as running and returns its fencing token. If an earlier attempt succeeded but its answer was lost, the entry keeps its token.
 * An attempt that reaches the ledger after the delivery has ended does not enter it again.
 */
export async function enterRun(asker: Queryable, entry: RunEntry): Promise<string> {
  const { delivery, invocation, target, mode, claim, identity, backend } = entry
  const { rows } = await asker.query(
    `INSERT INTO rowgate.run (id, invocation, pipeline, target, claim, identity, sha256, uri, version, contract_version, mode,
                              backend_pid, backend_start, corrects, source_sequence, source_table, status, token)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::int, $13::timestamptz, $14, $15::bigint, $16, 'running',
             nextval('rowgate.token'))
     ON CONFLICT (id) DO UPDATE SET
       (invocation, claim, identity, sha256, backend_pid, backend_start, status, token, reason, heartbeat_at, started_at, finished_at)
       = (excluded.invocation, excluded.claim, excluded.identity, excluded.sha256, excluded.backend_pid, excluded.backend_start,
          'running', CASE run.status WHEN 'running' THEN run.token ELSE excluded.token END, NULL, clock_timestamp(), clock_timestamp(), NULL)
     WHERE run.status IN ('failed', 'refused') AND run.finished_at < statement_timestamp()
        OR run.status = 'running' AND (run.invocation, run.backend_pid, run.backend_start)
           IS NOT DISTINCT FROM (excluded.invocation, excluded.backend_pid, excluded.backend_start)
     RETURNING token::text AS token`,
    [
      delivery.id,
      invocation,
      delivery.pipeline,
      target,
      claim,
      identity ?? null,
      delivery.sha256 ?? null,
      delivery.uri,
      delivery.version ?? null,
      delivery.contractVersion ?? null,
      mode,
      backend.pid,
      backend.started,
      delivery.corrects?.delivery ?? null,
      delivery.sequence ?? null,
      delivery.sourceTable ?? null,
    ],
  )
  if (rows[0] !== undefined) return String(rows[0]["token"])
  throw await idInUse(asker, delivery)
}

async function idInUse(asker: Queryable, { id, uri }: Delivery): Promise<RowgateError> {
  const { rows } = await asker.query("SELECT 1 FROM rowgate.run WHERE id = $1 AND status = 'committed'", [id])
  const isUsed = rows.length === 1
  return new RowgateError({
    code: "SINK_BUSY",
    message: isUsed
      ? `The delivery id ${id} belongs to a delivery that was loaded before.`
      : `Another process is loading the delivery ${id}, or has ended it just now.`,
    remedy: isUsed ? "Give each delivery its own id." : "Run it again.",
    origin: { uri },
    retryable: !isUsed,
  })
}

/** What the ledger records of a delivery besides its report. */
export interface RunDetails {
  /** Rows that were removed from the target. */
  readonly deleted: number
  /** Column names of the file. */
  readonly header: readonly string[]
  /** Days that its rejects are kept. */
  readonly rejectDays: number | undefined
  /** The target, quoted, with its schema. */
  readonly targetSql: string
  /** Whether each row records which delivery wrote it. */
  readonly lineage: boolean
  /** The instant that its rows were judged by, or from which its versions are valid. ISO 8601. */
  readonly asOf: string
}

/** The end of a delivery. */
export interface RunEnd extends RunDetails {
  readonly status: "committed" | "refused"
  readonly token: string
  readonly identity: string
  readonly report: DeliveryReport
}

/**
 * Runs the last statement before COMMIT and returns the id of the transaction. Throws `LEASE_LOST` if another run has taken the delivery over.
 */
export async function finishRun(asker: Queryable, end: RunEnd): Promise<string> {
  const { status, token, identity, deleted, header, rejectDays, targetSql, lineage, asOf, report } = end
  const { read, loaded, rejected, filtered, superseded, skipped, withheld } = report
  const { rows } = await asker.query(
    `UPDATE rowgate.run SET status = $3, identity = $4, sha256 = $5, reason = $6, finished_at = clock_timestamp(), read = $7, loaded = $8,
            rejected = $9, filtered = $10, superseded = $11, skipped = $12, withheld = $13, deleted = $14, report = $15,
            header = $16, rejects_until = clock_timestamp() + $17::float8 * interval '1 day', lineage = $18, as_of = $19::timestamptz,
            target_oid = to_regclass($20)::oid::bigint, ledger_oid = 'rowgate.run'::regclass::oid::bigint
     WHERE id = $1 AND token = $2::bigint AND status = 'running'
     RETURNING pg_current_xact_id()::text AS transaction`,
    [
      report.deliveryId,
      token,
      status,
      identity,
      report.sha256,
      report.reason === undefined ? null : storableText(report.reason),
      read,
      loaded,
      rejected,
      filtered,
      superseded,
      skipped,
      withheld,
      deleted,
      storableJson(storedReport(report)),
      JSON.stringify(header),
      rejectDays ?? null,
      lineage,
      asOf,
      targetSql,
    ],
  )
  if (rows[0] === undefined) throw leaseLost(report.uri, "another run has taken it over")
  return String(rows[0]["transaction"])
}

/** Records that a delivery failed, and why, unless another run has taken it over. */
export async function failRun(asker: Queryable, runId: string, token: string, reason: string): Promise<void> {
  await asker.query(
    `UPDATE rowgate.run SET status = 'failed', reason = $3, finished_at = clock_timestamp()
     WHERE id = $1 AND token = $2::bigint AND status = 'running'`,
    [runId, token, storableText(reason)],
  )
}

/** Stores the score of a delivery that has one. */
export async function storeScore(asker: Queryable, { deliveryId, score }: DeliveryReport): Promise<void> {
  if (score === undefined) return
  await asker.query(
    `INSERT INTO rowgate.quality_score (run_id, overall, coverage, provisional, ruleset_hash, scorecard)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [deliveryId, score.overall, score.coverage, score.provisional, score.ruleset.hash, storableJson(score)],
  )
}
