import type { Delivery } from "../../contract/delivery.ts"
import type { SettledPlan } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import type { QueryResult } from "../connection/database.ts"
import { storableJson, storableText } from "./storable.ts"

/** Whatever takes statements: the data connection within its transaction, or the control connection. */
export interface Asker {
  query(text: string, values?: readonly unknown[]): Promise<QueryResult>
}

/** What the ledger must know of a delivery when it begins. */
export interface RunEntry {
  readonly delivery: Delivery
  readonly invocation: string
  readonly target: string
  readonly mode: string
  /** Hash of what the lock stands for. */
  readonly claim: string
  readonly identity: string | undefined
  readonly backend: Backend
}

/** A backend of the server; a number alone may be another's later. */
export interface Backend {
  readonly pid: number
  readonly started: string | null
}

/** The backend at the other end. */
export async function backendOf(asker: Asker): Promise<Backend> {
  const { rows } = await asker.query(
    `SELECT own.pid, a.backend_start::text AS started
     FROM (SELECT pg_backend_pid() AS pid) AS own LEFT JOIN pg_stat_activity a USING (pid)`,
  )
  const started = rows[0]?.["started"]
  return { pid: Number(rows[0]?.["pid"]), started: typeof started === "string" ? started : null }
}

/** Stops where the database has no ledger, or one that lacks the newest step. */
export async function requireLedger(asker: Asker, database?: string): Promise<void> {
  const { rows } = await asker.query(
    `SELECT to_regclass('rowgate.run') IS NOT NULL AS there,
            EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('rowgate.run') AND attname = 'as_of' AND NOT attisdropped) AS whole`,
  )
  if (rows[0]?.["whole"] === true) return
  const isThere = rows[0]?.["there"] === true
  throw new RowgateError({
    code: "LEDGER_MISSING",
    message: isThere ? "the ledger of the database lacks the newest step" : "the database has no ledger: there is no table rowgate.run",
    remedy: "Run `rowgate migrate` once for this database, or call migrate(pool) from rowgate/postgres.",
    origin: { uri: database },
  })
}

/** A delivery that the ledger does not have. */
export function unknownRun(id: string): RowgateError {
  return new RowgateError({
    code: "RUN_NOT_FOUND",
    message: `the ledger has no delivery ${id}`,
    remedy: "Take an id from runs(pool), `rowgate runs`, or the report of a run.",
  })
}

/** What a delivery has settled of how its file is read. */
export async function planOf(asker: Asker, run: string): Promise<SettledPlan> {
  const { rows } = await asker.query("SELECT (report -> 'plan')::text AS plan FROM rowgate.run WHERE id = $1", [run])
  const [row] = rows
  if (row === undefined) throw unknownRun(run)
  return typeof row["plan"] === "string" ? JSON.parse(row["plan"]) : {}
}

/** The holder of a lock: its backend, as `holder.pid`, has the advisory lock `lock`, a bigint as text. */
export interface LockHolder {
  readonly pid: number
  readonly lock: string
}

/**
 * Writes off runs of a claim whose lock the caller has got: whoever had it is gone. False where the caller does not have it any more: it
 * slept meanwhile, was taken for dead, and must not write off the one that came after it.
 */
export async function writeOffDead(asker: Asker, claim: string, { pid, lock }: LockHolder): Promise<boolean> {
  const { rows } = await asker.query(
    `WITH held AS (
       SELECT 1 FROM pg_locks
       WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pid = $2::int
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND ((classid::bigint << 32) | objid::bigint) = $3::bigint),
     dead AS (
       UPDATE rowgate.run SET status = 'failed', reason = 'it ended without a word', token = nextval('rowgate.token'),
              finished_at = clock_timestamp()
       WHERE claim = $1 AND status = 'running' AND EXISTS (SELECT FROM held))
     SELECT EXISTS (SELECT FROM held) AS held`,
    [claim, pid, lock],
  )
  return rows[0]?.["held"] === true
}

/**
 * Enters a delivery as running; gives its fencing token. Where the answer to an earlier attempt was lost, the entry is the load's own already, and
 * keeps its token. An attempt that reaches the ledger after the delivery has ended comes too late to enter it again.
 */
export async function enterRun(asker: Asker, entry: RunEntry): Promise<string> {
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
  throw new RowgateError({
    code: "SINK_BUSY",
    message: `the delivery ${delivery.id} is under way elsewhere, or over`,
    remedy: "Give each delivery an id of its own.",
    origin: { uri: delivery.uri },
  })
}

/** What the ledger's entry says of a delivery beside its report. */
export interface RunExtras {
  /** Rows of the target that went. */
  readonly deleted: number
  /** Column names of the file. */
  readonly header: readonly string[]
  /** How long its rejects are kept. */
  readonly rejectDays: number | undefined
  /** The target, quoted, with its schema. */
  readonly targetSql: string
  /** Whether each row says which delivery wrote it. */
  readonly lineage: boolean
  /** The instant that it was judged by, or from which its versions are valid. ISO 8601. */
  readonly asOf: string
}

/** How a delivery ended, as the ledger's entry says it. */
export interface RunEnd extends RunExtras {
  readonly status: "committed" | "refused"
  readonly token: string
  readonly identity: string
  readonly report: DeliveryReport
}

/**
 * The last statement before COMMIT. It changes nothing where the delivery was deposed: the load must not be committed then.
 * Gives the id of the transaction.
 */
export async function finishRun(asker: Asker, end: RunEnd): Promise<string> {
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
      storableJson(report),
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

/** A load that may no longer commit. */
export function leaseLost(uri: string, why: string): RowgateError {
  return new RowgateError({
    code: "LEASE_LOST",
    message: `the load of ${uri} was stopped: ${why}`,
    remedy: "Nothing of it was loaded. Run it again: what another run has loaded is not loaded twice.",
    retryable: true,
    origin: { uri },
  })
}

/** Says that a delivery has failed, and why; without effect where it is no longer this one's. */
export async function failRun(asker: Asker, runId: string, token: string, reason: string): Promise<void> {
  await asker.query(
    `UPDATE rowgate.run SET status = 'failed', reason = $3, finished_at = clock_timestamp()
     WHERE id = $1 AND token = $2::bigint AND status = 'running'`,
    [runId, token, storableText(reason)],
  )
}

/** Keeps the score, and what is to be done outside of the database. */
export async function keepOutcome(asker: Asker, status: "committed" | "refused", report: DeliveryReport): Promise<void> {
  const { deliveryId, uri, version, sha256, score } = report
  if (score !== undefined) {
    await asker.query(
      `INSERT INTO rowgate.quality_score (run_id, overall, coverage, provisional, ruleset_hash, scorecard)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [deliveryId, score.overall, score.coverage, score.provisional, score.ruleset.hash, storableJson(score)],
    )
  }
  await asker.query("INSERT INTO rowgate.outbox (run_id, topic, payload) VALUES ($1, $2, $3)", [
    deliveryId,
    `delivery.${status}`,
    storableJson({ uri, version: version ?? null, sha256 }),
  ])
}
