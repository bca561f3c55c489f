import type { DeliveryReport, RowCounts } from "../../model/run-report.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { instant as instantKind, milliseconds, oneOf, text as textKind, whole } from "../../options/option-kinds.ts"
import type { ResultRow } from "../connection/database.ts"
import { defaultStaleMs } from "../ledger/concurrency-options.ts"
import { unknownRun } from "../ledger/unknown-run.ts"
import { checkAccess, type LedgerAccess, onLedger } from "./ledger-access.ts"

/**
 * The status of a delivery in the ledger. `"lost"`: it is recorded as running, but its process has sent no heartbeat for a while, so it was most
 * likely killed; nothing was loaded. `"replaced"`: it was loaded, and a reload has replaced its rows.
 */
export type RunStatus = "running" | "lost" | "committed" | "refused" | "failed" | "replaced"

/** Options of `storedRun` and `storedRuns`. */
export interface StoredRunOptions {
  /** Milliseconds without a heartbeat, by the database's clock, after which a running delivery counts as lost. Default: 30,000, as for loads. */
  readonly staleMs?: number | undefined
}

/** A delivery in the ledger. */
export interface StoredRun extends RowCounts {
  /** The delivery's UUID. */
  readonly id: string
  /** The id of the call of `pipeline.run()` that it belonged to. */
  readonly invocation: string
  /** The pipeline's name. */
  readonly pipeline: string
  /** The table with its schema: `public.orders`. */
  readonly target: string
  /** The mode of the load, such as `upsert`. */
  readonly mode: string
  /** Its status. */
  readonly status: RunStatus
  /** Why it was refused or failed. */
  readonly reason?: string
  /** The address of the file. */
  readonly uri: string
  /** The version of the file, if its source has versions. */
  readonly version?: string
  /** The table of the file that was read, such as `Prices!B4:H90`, if options chose it. */
  readonly sourceTable?: string
  /** The instant that its rows were judged by; in a history, the instant from which its versions are valid. */
  readonly asOf?: Date
  /** A number that grows with the versions of the file, if its source knows it. */
  readonly sequence?: number
  /** The sha256 of the file's bytes in hex, once it is known. */
  readonly sha256?: string
  /** The declared version of the pipeline's contract. */
  readonly contractVersion?: string
  /** When it began, by the database's clock. */
  readonly startedAt: Date
  /** When it ended. */
  readonly finishedAt?: Date
  /** Rows that it removed from the target. */
  readonly deleted: number
  /** How many of its rejects have been corrected. */
  readonly corrected: number
  /** The delivery whose rejects this one corrects. */
  readonly corrects?: string
  /** The delivery that reloaded it. */
  readonly replacedBy?: string
  /** When `purge` removed its rejects. */
  readonly purgedAt?: Date
  /** The score, 0 to 100; null if nothing could be judged. */
  readonly score?: number | null
}

/** Options of `storedRuns`. */
export interface StoredRunsOptions extends StoredRunOptions {
  /** Only deliveries of this pipeline. Default: of all. */
  readonly pipeline?: string | undefined
  /** Only deliveries into this table: `orders`, or with its schema `public.orders`. Default: into all. */
  readonly target?: string | undefined
  /** Only deliveries with this status. Default: all. */
  readonly status?: RunStatus | undefined
  /** Only deliveries of this file. Default: of all. */
  readonly uri?: string | undefined
  /** Only deliveries that began at this instant or later. Default: all. */
  readonly since?: Date | undefined
  /** Only deliveries that began before this instant. Default: all. */
  readonly until?: Date | undefined
  /** The greatest number of deliveries to list. Default: all. */
  readonly limit?: number | undefined
}

const pageRows = 500

/** The first parameter of every statement is `staleMs`. */
const status = `CASE WHEN r.status = 'running' AND r.heartbeat_at < clock_timestamp() - $1::float8 * interval '1 millisecond'
  THEN 'lost' ELSE r.status END`

const selected = `r.id, r.invocation, r.pipeline, r.target, r.mode, ${status} AS status, r.reason, r.uri, r.version, r.source_sequence::text AS sequence,
  r.sha256, r.source_table, r.contract_version, r.corrects, r.replaced_by, r.started_at::text AS place,
  ${["started_at", "finished_at", "purged_at", "as_of"].map((name) => `(extract(epoch FROM r.${name}) * 1000)::float8 AS ${name}`).join(", ")},
  ${["read", "loaded", "rejected", "filtered", "superseded", "skipped", "withheld", "deleted", "corrected"]
    .map((name) => `r.${name}::float8 AS ${name}`)
    .join(", ")},
  q.run_id IS NOT NULL AS scored, q.overall`

/**
 * Lists the deliveries of the ledger, the latest first. They are read page by page, so any number of them takes little memory, and no connection
 * is held between two pages. Throws `LEDGER_MISSING` or `SINK_UNREACHABLE`.
 */
export function storedRuns(access: LedgerAccess, options: StoredRunsOptions = {}): AsyncGenerator<StoredRun, void, undefined> {
  checkAccess("storedRuns()", access)
  checkOptions("storedRuns()", options, {
    staleMs: milliseconds(),
    pipeline: textKind(),
    target: textKind(),
    status: oneOf("running", "lost", "committed", "refused", "failed", "replaced"),
    uri: textKind(),
    since: instantKind(),
    until: instantKind(),
    limit: whole(0),
  })
  return walk(access, options)
}

async function* walk(access: LedgerAccess, options: StoredRunsOptions): AsyncGenerator<StoredRun, void, undefined> {
  let left = options.limit ?? Number.POSITIVE_INFINITY
  let after: ResultRow | undefined
  while (left > 0) {
    const rows = await page(access, options, after, Math.min(left, pageRows))
    for (const row of rows) yield toStoredRun(row)
    after = rows.at(-1)
    left -= rows.length
    if (rows.length < pageRows) return
  }
}

/** One delivery of the ledger, with its report. Throws `RUN_NOT_FOUND`, `LEDGER_MISSING` or `SINK_UNREACHABLE`. */
export async function storedRun(
  access: LedgerAccess,
  id: string,
  options: StoredRunOptions = {},
): Promise<StoredRun & { readonly report?: DeliveryReport }> {
  checkAccess("storedRun()", access)
  checkArgument("The id of storedRun()", id, textKind("the id of a delivery"))
  checkOptions("storedRun()", options, { staleMs: milliseconds() })
  const { staleMs = defaultStaleMs } = options
  const rows = await onLedger(access, async (connection) => {
    return (await connection.query(`SELECT ${selected}, r.report::text AS report ${tables} WHERE r.id = $2`, [staleMs, id])).rows
  })
  const [row] = rows
  if (row === undefined) throw unknownRun(id)
  return { ...toStoredRun(row), ...(typeof row["report"] === "string" ? { report: JSON.parse(row["report"]) } : {}) }
}

const tables = "FROM rowgate.run r LEFT JOIN rowgate.quality_score q ON q.run_id = r.id"

async function page(
  access: LedgerAccess,
  options: StoredRunsOptions,
  after: ResultRow | undefined,
  rows: number,
): Promise<readonly ResultRow[]> {
  const { pipeline, target, uri, since, until, staleMs = defaultStaleMs } = options
  const values: unknown[] = [staleMs]
  const conditions: string[] = []
  const where = (sql: (place: string) => string, value: string | undefined) => {
    if (value === undefined) return
    values.push(value)
    conditions.push(sql(`$${values.length}`))
  }
  where((place) => `r.pipeline = ${place}`, pipeline)
  where((place) => `${place} IN (r.target, substring(r.target FROM position('.' IN r.target) + 1))`, target)
  where((place) => `${status} = ${place}`, options.status)
  where((place) => `r.uri = ${place}`, uri)
  where((place) => `r.started_at >= ${place}::timestamptz`, since?.toISOString())
  where((place) => `r.started_at < ${place}::timestamptz`, until?.toISOString())
  if (after !== undefined) {
    values.push(after["place"], after["id"])
    conditions.push(`(r.started_at, r.id) < ($${values.length - 1}::timestamptz, $${values.length})`)
  }
  const sql = `SELECT ${selected} ${tables} ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`}
    ORDER BY r.started_at DESC, r.id DESC LIMIT ${rows}`
  return onLedger(access, async (connection) => (await connection.query(sql, values)).rows)
}

function toStoredRun(row: ResultRow): StoredRun {
  const count = (name: string) => Number(row[name])
  return {
    id: String(row["id"]),
    invocation: String(row["invocation"]),
    pipeline: String(row["pipeline"]),
    target: String(row["target"]),
    mode: String(row["mode"]),
    // A check of the table allows only these, and the query adds `lost`.
    status: row["status"] as RunStatus,
    ...text(row, "reason", "reason"),
    uri: String(row["uri"]),
    ...text(row, "version", "version"),
    ...text(row, "source_table", "sourceTable"),
    ...instant(row, "as_of", "asOf"),
    ...(row["sequence"] === null ? {} : { sequence: count("sequence") }),
    ...text(row, "sha256", "sha256"),
    ...text(row, "contract_version", "contractVersion"),
    startedAt: new Date(count("started_at")),
    ...instant(row, "finished_at", "finishedAt"),
    read: count("read"),
    loaded: count("loaded"),
    rejected: count("rejected"),
    filtered: count("filtered"),
    superseded: count("superseded"),
    skipped: count("skipped"),
    withheld: count("withheld"),
    deleted: count("deleted"),
    corrected: count("corrected"),
    ...text(row, "corrects", "corrects"),
    ...text(row, "replaced_by", "replacedBy"),
    ...instant(row, "purged_at", "purgedAt"),
    ...(row["scored"] === true ? { score: row["overall"] === null ? null : count("overall") } : {}),
  }
}

function text<K extends string>(row: ResultRow, column: string, property: K): { readonly [P in K]?: string } {
  const value = row[column]
  return (typeof value === "string" ? { [property]: value } : {}) as { readonly [P in K]?: string }
}

function instant<K extends string>(row: ResultRow, column: string, property: K): { readonly [P in K]?: Date } {
  const value = row[column]
  return (value === null || value === undefined ? {} : { [property]: new Date(Number(value)) }) as { readonly [P in K]?: Date }
}
