import type { Delivery } from "../../../contract/delivery.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import type { DeliveryReport } from "../../../model/run-report.ts"
import type { Connection } from "../database.ts"

/** What the ledger must know of a delivery when it begins. */
export interface RunEntry {
  readonly delivery: Delivery
  readonly invocation: string
  readonly target: string
  readonly mode: string
  readonly identity: string | undefined
}

/** Stops where the database, of the name that messages call it by, has no ledger. */
export async function requireLedger(connection: Connection, database: string): Promise<void> {
  const { rows } = await connection.query("SELECT to_regclass('rowgate.run') IS NOT NULL AS there")
  if (rows[0]?.["there"] === true) return
  throw new RowgateError({
    code: "LEDGER_MISSING",
    message: "the database has no ledger: there is no table rowgate.run",
    remedy: "Run `rowgate migrate` once for this database, or call migrate(pool) from rowgate/postgres.",
    origin: { uri: database },
  })
}

/** The delivery that committed an identity. */
export async function committedRun(connection: Connection, identity: string): Promise<string | undefined> {
  const { rows } = await connection.query("SELECT id FROM rowgate.run WHERE identity = $1 AND status = 'committed'", [identity])
  return rows[0] === undefined ? undefined : String(rows[0]["id"])
}

/** Enters a delivery as running; gives its fencing token. */
export async function enterRun(connection: Connection, entry: RunEntry): Promise<string> {
  const { delivery, invocation, target, mode, identity } = entry
  const { rows } = await connection.query(
    `INSERT INTO rowgate.run (id, invocation, pipeline, target, identity, sha256, uri, version, contract_version, mode, status, token,
                              backend_pid, backend_start)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'running', nextval('rowgate.token'), a.pid, a.backend_start
     FROM (SELECT pg_backend_pid() AS pid) AS own LEFT JOIN pg_stat_activity a USING (pid)
     RETURNING token::text`,
    [
      delivery.id,
      invocation,
      delivery.pipeline,
      target,
      identity ?? null,
      delivery.sha256 ?? null,
      delivery.uri,
      delivery.version ?? null,
      delivery.contractVersion ?? null,
      mode,
    ],
  )
  return String(rows[0]?.["token"])
}

/** How a delivery ended, as the ledger's entry says it. */
export interface RunEnd {
  readonly status: "committed" | "refused"
  readonly token: string
  readonly identity: string
  readonly report: DeliveryReport
}

/** The last statement before COMMIT: it changes nothing where the delivery was deposed, and the load must not be committed then. */
export async function finishRun(connection: Connection, { status, token, identity, report }: RunEnd): Promise<void> {
  const { read, loaded, rejected, filtered, superseded, skipped, withheld } = report
  const { rowCount } = await connection.query(
    `UPDATE rowgate.run SET status = $3, identity = $4, sha256 = $5, reason = $6, finished_at = clock_timestamp(), read = $7, loaded = $8,
            rejected = $9, filtered = $10, superseded = $11, skipped = $12, withheld = $13, report = $14
     WHERE id = $1 AND token = $2::bigint AND status = 'running'`,
    [
      report.deliveryId,
      token,
      status,
      identity,
      report.sha256,
      report.reason ?? null,
      read,
      loaded,
      rejected,
      filtered,
      superseded,
      skipped,
      withheld,
      JSON.stringify(report),
    ],
  )
  if (rowCount === 1) return
  throw new RowgateError({
    code: "LEASE_LOST",
    message: `the delivery ${report.deliveryId} was taken over by another run while it was loading`,
    remedy: "Nothing of it was loaded; the run that took over loads the file.",
    retryable: true,
    origin: { uri: report.uri },
  })
}

/** Keeps the score, and what is to be done outside of the database. */
export async function keepOutcome(connection: Connection, status: "committed" | "refused", report: DeliveryReport): Promise<void> {
  const { deliveryId, uri, version, sha256, score } = report
  if (score !== undefined) {
    await connection.query(
      `INSERT INTO rowgate.quality_score (run_id, overall, coverage, provisional, ruleset_hash, scorecard)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [deliveryId, score.overall, score.coverage, score.provisional, score.ruleset.hash, JSON.stringify(score)],
    )
  }
  await connection.query("INSERT INTO rowgate.outbox (run_id, topic, payload) VALUES ($1, $2, $3)", [
    deliveryId,
    `delivery.${status}`,
    JSON.stringify({ uri, version: version ?? null, sha256 }),
  ])
}
