import { checkOptions } from "../../options/check-options.ts"
import { abortSignal, flag, instant, position, text } from "../../options/option-kinds.ts"
import type { Connection } from "../connection/database.ts"
import type { FileCopy } from "./follow-ups.ts"
import { checkAccess, type LedgerAccess, onLedger } from "./ledger-access.ts"

/** Options of `purge`. */
export interface PurgeOptions {
  /** Also removes rejects of deliveries that ended before this instant. Default: only rejects that are older than the `rejectDays` of their pipeline. */
  readonly rejectsOlderThan?: Date | undefined
  /** Also removes the profiles of columns of deliveries that ended before this instant. Default: none. Later deliveries are not compared with these any more. */
  readonly profilesOlderThan?: Date | undefined
  /** Only rejects and profiles of this pipeline. Default: of all. */
  readonly pipeline?: string | undefined
  /** Only those of deliveries into this table: `orders`, or with its schema `public.orders`. Default: into all. */
  readonly target?: string | undefined
  /** Only those of this delivery and of the replays that corrected its rejects, which hold the same rows. Default: of all. */
  readonly delivery?: string | undefined
  /** Whether to count without removing anything. Default: false. */
  readonly dryRun?: boolean | undefined
  /** How many rejects or profiles one transaction removes, at least 1. Default: 10,000. */
  readonly batchRows?: number | undefined
  /** Ends the purge between two batches. Rejects that were removed before stay removed. */
  readonly signal?: AbortSignal | undefined
}

/** What `purge` removed, or would remove. */
export interface PurgeReport {
  /** Deliveries whose rejects were removed. */
  readonly deliveries: number
  /** Rejects that were removed. */
  readonly rejects: number
  /** Profiles of columns that were removed. Left out without `profilesOlderThan`. */
  readonly profiles?: number
  /**
   * Copies of files whose rejects were removed, now or earlier, at most 10,000. Remove them, and then pass their `followUp` to `forgetCopies`; until
   * then, each purge returns them again.
   */
  readonly copies: readonly PurgedCopy[]
}

/** A copy of a file whose rejects were removed. */
export interface PurgedCopy extends FileCopy {
  /** The number of the follow-up that made it. */
  readonly followUp: number
  /** The id of the delivery. */
  readonly delivery: string
}

/**
 * Removes rejects, and with them the values of their rows, from the ledger, and profiles of columns if you ask for it. Entries of deliveries, counts, scores and identities stay, so files
 * are not loaded again. It works in batches, each in its own transaction. You can call it again at any time, even while another purge
 * runs. Throws `LEDGER_MISSING`, `SINK_UNREACHABLE`, or `SINK_REFUSED` if the user may not delete.
 */
export async function purge(access: LedgerAccess, options: PurgeOptions = {}): Promise<PurgeReport> {
  checkAccess("purge()", access)
  checkOptions("purge()", options, {
    rejectsOlderThan: instant(),
    profilesOlderThan: instant(),
    pipeline: text(),
    target: text(),
    delivery: text(),
    dryRun: flag(),
    batchRows: position(),
    signal: abortSignal(),
  })
  const { dryRun = false, batchRows = 10_000, signal } = options
  if (dryRun) return onLedger(access, (connection) => count(connection, options))
  let deliveries = 0
  let rejects = 0
  for (;;) {
    signal?.throwIfAborted()
    const removed = await onLedger(access, (connection) => purgeNext(connection, options, batchRows))
    if (removed === undefined) break
    rejects += removed.rejects
    if (removed.isLast) deliveries++
  }
  const copies = await onLedger(access, (connection) => copiesOf(connection, options, "r.purged_at IS NOT NULL"))
  return { deliveries, rejects, ...(await purgeProfiles(access, options, batchRows)), copies }
}

/** Removes the profiles that are due, in batches. */
async function purgeProfiles(access: LedgerAccess, options: PurgeOptions, batchRows: number): Promise<Pick<PurgeReport, "profiles">> {
  if (options.profilesOlderThan === undefined) return {}
  const { sql, values } = dueProfiles(options)
  let profiles = 0
  for (;;) {
    options.signal?.throwIfAborted()
    const { rowCount } = await onLedger(access, (connection) =>
      connection.query(
        `DELETE FROM rowgate.column_profile WHERE (run_id, column_name) IN (
           SELECT p.run_id, p.column_name FROM rowgate.column_profile p JOIN rowgate.run r ON r.id = p.run_id WHERE ${sql} LIMIT $5::bigint)`,
        [...values, batchRows],
      ),
    )
    profiles += rowCount
    if (rowCount === 0) return { profiles }
  }
}

async function countProfiles(connection: Connection, options: PurgeOptions): Promise<Pick<PurgeReport, "profiles">> {
  if (options.profilesOlderThan === undefined) return {}
  const { sql, values } = dueProfiles(options)
  const { rows } = await connection.query(
    `SELECT count(*)::float8 AS profiles FROM rowgate.column_profile p JOIN rowgate.run r ON r.id = p.run_id WHERE ${sql}`,
    values,
  )
  return { profiles: Number(rows[0]?.["profiles"]) }
}

/** The condition for runs `r` whose profiles are due. */
function dueProfiles(options: PurgeOptions): { readonly sql: string; readonly values: readonly unknown[] } {
  const { narrowed, values } = due({ ...options, rejectsOlderThan: options.profilesOlderThan })
  return { sql: `r.finished_at < $1::timestamptz AND ${narrowed}`, values }
}

/** Removes a batch of rejects of the next delivery whose rejects are due; undefined if there is none. */
async function purgeNext(connection: Connection, options: PurgeOptions, batchRows: number) {
  const { sql, values } = due(options)
  const { rows } = await connection.query(`SELECT r.id FROM rowgate.run r WHERE ${sql} ORDER BY r.started_at, r.id LIMIT 1`, values)
  const id = rows[0]?.["id"]
  if (id === undefined) return undefined
  const { rowCount } = await connection.query(
    `DELETE FROM rowgate.reject WHERE run_id = $1 AND reject IN (
       SELECT reject FROM rowgate.reject WHERE run_id = $1 ORDER BY reject LIMIT $2::bigint)`,
    [id, batchRows],
  )
  // Another purge may be working on the same delivery and still have rejects to remove.
  const marked = await connection.query(
    `UPDATE rowgate.run SET purged_at = clock_timestamp()
     WHERE id = $1 AND purged_at IS NULL AND NOT EXISTS (SELECT FROM rowgate.reject WHERE run_id = $1)`,
    [id],
  )
  return { rejects: rowCount, isLast: marked.rowCount === 1 }
}

async function count(connection: Connection, options: PurgeOptions): Promise<PurgeReport> {
  const { sql, values } = due(options)
  const copies = await copiesOf(connection, options, `(r.purged_at IS NOT NULL OR ${sql})`)
  const { rows } = await connection.query(
    `SELECT count(DISTINCT r.id)::float8 AS deliveries, count(x.reject)::float8 AS rejects
     FROM rowgate.run r LEFT JOIN rowgate.reject x ON x.run_id = r.id WHERE ${sql}`,
    values,
  )
  return {
    deliveries: Number(rows[0]?.["deliveries"]),
    rejects: Number(rows[0]?.["rejects"]),
    ...(await countProfiles(connection, options)),
    copies,
  }
}

/** Copies of files of the runs `r` that meet a condition. */
async function copiesOf(connection: Connection, options: PurgeOptions, condition: string): Promise<readonly PurgedCopy[]> {
  const { narrowed, values } = due(options)
  const { rows } = await connection.query(
    `SELECT o.id::float8 AS id, o.delivery, o.result::text AS result FROM rowgate.outbox o JOIN rowgate.run r ON r.id = o.run_id
     WHERE o.result IS NOT NULL AND ${condition} AND $1::timestamptz IS NOT DISTINCT FROM $1 AND ${narrowed} ORDER BY o.id LIMIT ${mostCopies}`,
    values,
  )
  return rows.map(({ id, delivery, result }) => {
    const copy: FileCopy = JSON.parse(String(result))
    return { ...copy, followUp: Number(id), delivery: String(delivery) }
  })
}

const mostCopies = 10_000

/** Conditions for the runs `r` whose rejects are due; `narrowed` are those that only tell which deliveries count. */
function due({ rejectsOlderThan, pipeline, target, delivery }: PurgeOptions): {
  readonly sql: string
  readonly narrowed: string
  readonly values: readonly unknown[]
} {
  const narrowed = `($2::text IS NULL OR r.pipeline = $2) AND ($3::text IS NULL OR $3 IN (r.target, substring(r.target FROM position('.' IN r.target) + 1)))
      AND ($4::text IS NULL OR $4 IN (r.id, r.corrects))`
  const values = [rejectsOlderThan?.toISOString(), pipeline, target, delivery].map((value) => value ?? null)
  return {
    sql: `r.finished_at IS NOT NULL AND r.status <> 'running' AND r.purged_at IS NULL AND r.rejected > 0
      AND (r.rejects_until < clock_timestamp() OR r.finished_at < $1::timestamptz) AND ${narrowed}`,
    narrowed,
    values,
  }
}
