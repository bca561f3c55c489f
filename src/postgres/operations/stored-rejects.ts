import type { PlanJson } from "../../contract/plan.ts"
import type { Row } from "../../model/cell-value.ts"
import type { StoredReject, StoredRejects } from "../../model/stored-reject.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { flag, text, whole } from "../../options/option-kinds.ts"
import type { ResultRow } from "../connection/database.ts"
import { type CellKinds, withKinds } from "../ledger/cell-kinds.ts"
import { unknownRun } from "../ledger/unknown-run.ts"
import { checkAccess, type LedgerAccess, onLedger } from "./ledger-access.ts"

/** Options of `storedRejects`. */
export interface StoredRejectsOptions {
  /** Whether to list only rejects that wait for a correction: not corrected yet, and not themselves an attempt to correct one. Default: false. */
  readonly open?: boolean | undefined
  /** The greatest number of rejects to list. Default: all. */
  readonly limit?: number | undefined
}

/** Smaller than a page of runs, because cells can be long. */
const pageRows = 200

const selected = `x.run_id, x.reject::float8 AS reject, x.uri, x.version, x.table_name, x.row_number::float8 AS row_number,
  x.line_number::float8 AS line_number, x.byte_offset::float8 AS byte_offset, x.address, x.raw::text AS raw, x.kinds::text AS kinds,
  x.issues::text AS issues, x.corrected_by, x.attempts::float8 AS attempts, r.corrects`

/**
 * Lists the rejects of a delivery in the order of their numbers. They are read page by page. Cells have their original values, including dates, times
 * and errors of workbooks. Iterating throws `RUN_NOT_FOUND`, `LEDGER_MISSING` or `SINK_UNREACHABLE`.
 */
export function storedRejects(access: LedgerAccess, delivery: string, options: StoredRejectsOptions = {}): StoredRejects {
  checkAccess("storedRejects()", access)
  checkArgument("The delivery of storedRejects()", delivery, text("the id of a delivery"))
  checkOptions("storedRejects()", options, { open: flag(), limit: whole(0) })
  return {
    columns: () => columnsOf(access, delivery),
    headers: () => boundHeaders(access, delivery),
    [Symbol.asyncIterator]: () => walk(access, delivery, options),
  }
}

async function* walk(access: LedgerAccess, delivery: string, { open = false, limit }: StoredRejectsOptions): AsyncGenerator<StoredReject> {
  await headerOf(access, delivery)
  const condition = open ? "AND x.corrected_by IS NULL AND x.attempts IS NULL" : ""
  let left = limit ?? Number.POSITIVE_INFINITY
  let after = 0
  while (left > 0) {
    const most = Math.min(left, pageRows)
    const sql = `SELECT ${selected} FROM rowgate.reject x JOIN rowgate.run r ON r.id = x.run_id
      WHERE x.run_id = $1 AND x.reject > $2::bigint ${condition} ORDER BY x.reject LIMIT ${most}`
    const rows = await onLedger(access, async (connection) => (await connection.query(sql, [delivery, String(after)])).rows)
    for (const row of rows) yield toStoredReject(row)
    if (rows.length < most) return
    after = Number(rows.at(-1)?.["reject"])
    left -= rows.length
  }
}

/** The header that the delivery recorded. Deliveries of earlier versions have none, so the cells tell. */
async function columnsOf(access: LedgerAccess, delivery: string): Promise<readonly string[]> {
  const header = await headerOf(access, delivery)
  const names = new Set(header)
  if (header === undefined) for await (const { raw } of walk(access, delivery, {})) for (const name of Object.keys(raw)) names.add(name)
  else if (await hasUnread(access, delivery)) names.add("_raw")
  return [...names]
}

async function headerOf(access: LedgerAccess, delivery: string): Promise<readonly string[] | undefined> {
  const rows = await onLedger(access, async (connection) => {
    return (await connection.query("SELECT header::text AS header FROM rowgate.run WHERE id = $1", [delivery])).rows
  })
  const [row] = rows
  if (row === undefined) throw unknownRun(delivery)
  return typeof row["header"] === "string" ? JSON.parse(row["header"]) : undefined
}

/** The headers that the plan of the delivery has bound. */
async function boundHeaders(access: LedgerAccess, delivery: string): Promise<ReadonlyMap<string, string>> {
  const sql = "SELECT (report -> 'plan' -> 'headers')::text AS bound FROM rowgate.run WHERE id = $1"
  const rows = await onLedger(access, async (connection) => (await connection.query(sql, [delivery])).rows)
  const text = rows[0]?.["bound"]
  const tables: NonNullable<PlanJson["headers"]> = typeof text === "string" ? JSON.parse(text) : {}
  return new Map(Object.values(tables).flatMap((bound) => bound.flatMap(([column, header]) => (header === null ? [] : [[column, header]]))))
}

/** Searches the text, because a cell may hold characters that PostgreSQL cannot extract from JSON. */
async function hasUnread(access: LedgerAccess, delivery: string): Promise<boolean> {
  const sql = `SELECT EXISTS (SELECT FROM rowgate.reject WHERE run_id = $1 AND raw::text LIKE '{"\\_raw":%') AS there`
  return onLedger(access, async (connection) => (await connection.query(sql, [delivery])).rows[0]?.["there"] === true)
}

function toStoredReject(row: ResultRow): StoredReject {
  const kinds: CellKinds | undefined = typeof row["kinds"] === "string" ? JSON.parse(row["kinds"]) : undefined
  const raw: Row = JSON.parse(String(row["raw"]))
  const { corrected_by: correctedBy, attempts, corrects } = row
  const number = (column: string) => (row[column] === null ? undefined : Number(row[column]))
  const [line, offset] = [number("line_number"), number("byte_offset")]
  return {
    delivery: String(row["run_id"]),
    number: Number(row["reject"]),
    origin: {
      uri: String(row["uri"]),
      ...(typeof row["version"] === "string" ? { version: row["version"] } : {}),
      ...(typeof row["table_name"] === "string" ? { table: row["table_name"] } : {}),
      row: Number(row["row_number"]),
      ...(line === undefined ? {} : { line }),
      ...(offset === undefined ? {} : { offset }),
      ...(typeof row["address"] === "string" ? { address: row["address"] } : {}),
    },
    raw: kinds === undefined ? raw : withKinds(raw, kinds),
    issues: JSON.parse(String(row["issues"])),
    ...(typeof correctedBy === "string" ? { correctedBy } : {}),
    ...(attempts === null || typeof corrects !== "string" ? {} : { attemptOf: { delivery: corrects, number: Number(attempts) } }),
  }
}
