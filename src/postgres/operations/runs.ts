import type { DeliveryReport, RowCounts } from "../../model/run-report.ts"
import type { ResultRow } from "../connection/database.ts"
import { defaultStaleMs } from "../ledger/concurrency-options.ts"
import { unknownRun } from "../ledger/unknown-run.ts"
import { type LedgerAccess, onLedger } from "./ledger-access.ts"

/**
 * How a delivery stands in the ledger. `"lost"`: it is under way by its entry, but its process has given no sign of life for a while, so it was most
 * likely killed; nothing of it is loaded. `"replaced"`: it was loaded, and a reload put other rows in the place of its rows.
 */
export type RunStatus = "running" | "lost" | "committed" | "refused" | "failed" | "replaced"

/** What all looks at deliveries take. */
export interface StoredRunOptions {
  /** After what silence a delivery that is under way counts as lost, in milliseconds of the database's clock. Default 30,000, as for loads. */
  readonly staleMs?: number | undefined
}

/** A delivery as the ledger knows it. */
export interface StoredRun extends RowCounts {
  /** The delivery's UUID. */
  readonly id: string
  /** The call of `run` that it belonged to. */
  readonly invocation: string
  /** The pipeline's name. */
  readonly pipeline: string
  /** Schema and table. */
  readonly target: string
  /** How rows went into the table. */
  readonly mode: string
  /** How it stands. */
  readonly status: RunStatus
  /** Why it was refused, or has failed. */
  readonly reason?: string
  /** The file. */
  readonly uri: string
  /** The version of the file, where its source has versions. */
  readonly version?: string
  /** Which table of the file was read, such as `Prices!B4:H90`, where it is not the one that is read without options. */
  readonly sourceTable?: string
  /** The instant that it was judged by; in a history, the instant from which its versions are valid. */
  readonly asOf?: Date
  /** Grows with the versions of the file, where its source can tell. */
  readonly sequence?: number
  /** Of the file's bytes, in hex, once it is known. */
  readonly sha256?: string
  /** The declared version of the pipeline's contract. */
  readonly contractVersion?: string
  /** When it began, by the database's clock. */
  readonly startedAt: Date
  /** When it ended. */
  readonly finishedAt?: Date
  /** Rows of the target that went, in the modes that remove. */
  readonly deleted: number
  /** Of its rejects, those that were corrected since. */
  readonly corrected: number
  /** The delivery whose rejects this one brought corrected. */
  readonly corrects?: string
  /** The delivery that loaded its rows anew. */
  readonly replacedBy?: string
  /** When its rejects were removed by `purge`. */
  readonly purgedAt?: Date
  /** The score, 0 to 100; null where nothing could be judged. */
  readonly score?: number | null
}

/** Which deliveries `runs` gives. */
export interface RunsOptions extends StoredRunOptions {
  /** Of this pipeline. */
  readonly pipeline?: string | undefined
  /** Into this table: `orders`, or with its schema `public.orders`. */
  readonly target?: string | undefined
  /** That stand so. */
  readonly status?: RunStatus | undefined
  /** Of this file. */
  readonly uri?: string | undefined
  /** That began at this instant or later. */
  readonly since?: Date | undefined
  /** That began before this instant. */
  readonly until?: Date | undefined
  /** At most so many. Default: all. */
  readonly limit?: number | undefined
}

const pageRows = 500

/** The first parameter of every statement is the time after which silence means lost. */
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
 * Deliveries of the ledger, the one that began last first. They are read by the page, so that any number of them takes little memory, and
 * no connection is held between two pages. Throws `LEDGER_MISSING`, `SINK_UNREACHABLE`.
 */
export async function* runs(access: LedgerAccess, options: RunsOptions = {}): AsyncGenerator<StoredRun, void, undefined> {
  let left = options.limit ?? Number.POSITIVE_INFINITY
  let after: ResultRow | undefined
  while (left > 0) {
    const rows = await page(access, options, after, Math.min(left, pageRows))
    for (const row of rows) yield storedRun(row)
    after = rows.at(-1)
    left -= rows.length
    if (rows.length < pageRows) return
  }
}

/** One delivery. Throws `RUN_NOT_FOUND`, `LEDGER_MISSING`, `SINK_UNREACHABLE`. */
export async function run(
  access: LedgerAccess,
  id: string,
  { staleMs = defaultStaleMs }: StoredRunOptions = {},
): Promise<StoredRun & { readonly report?: DeliveryReport }> {
  const rows = await onLedger(access, async (connection) => {
    return (await connection.query(`SELECT ${selected}, r.report::text AS report ${tables} WHERE r.id = $2`, [staleMs, id])).rows
  })
  const [row] = rows
  if (row === undefined) throw unknownRun(id)
  return { ...storedRun(row), ...(typeof row["report"] === "string" ? { report: JSON.parse(row["report"]) } : {}) }
}

const tables = "FROM rowgate.run r LEFT JOIN rowgate.quality_score q ON q.run_id = r.id"

async function page(access: LedgerAccess, options: RunsOptions, after: ResultRow | undefined, rows: number): Promise<readonly ResultRow[]> {
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

function storedRun(row: ResultRow): StoredRun {
  const count = (name: string) => Number(row[name])
  return {
    id: String(row["id"]),
    invocation: String(row["invocation"]),
    pipeline: String(row["pipeline"]),
    target: String(row["target"]),
    mode: String(row["mode"]),
    // The table's own check holds it, and the query adds one.
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
