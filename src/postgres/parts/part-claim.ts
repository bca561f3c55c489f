import { createHash } from "node:crypto"
import { setTimeout as wait } from "node:timers/promises"
import type { Context } from "../../contract/context.ts"
import type { Delivery } from "../../contract/delivery.ts"
import type { StagedPart } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { Connection } from "../connection/database.ts"
import { beginTransaction } from "../connection/transaction.ts"
import { concurrencyOptions } from "../ledger/concurrency-options.ts"
import { anotherRunIsLoading } from "../ledger/lock-wait.ts"
import { isHeld, terminateHolders } from "../ledger/take-over-stale-run.ts"
import type { AnyLoadOptions } from "../load-modes.ts"
import { createStagingTable, freeUnfilledColumns, stagingTableName, stagingTableSql } from "./staging-table.ts"

/** What to claim. */
export interface PartClaimOptions {
  /** A connection without an open transaction. */
  readonly connection: Connection
  readonly context: Context
  readonly delivery: Delivery
  readonly options: AnyLoadOptions
  readonly part: number
  readonly source: string | undefined
  /** The columns of its rows, in their order; undefined if no row passes. */
  readonly columns: readonly string[] | undefined
  /** The columns and their kinds, for a target that does not exist yet. */
  readonly specs: readonly ColumnSpec[]
  /** Database columns that the rows fill, given the columns of the staging table. */
  readonly filled: (stage: string) => Promise<readonly string[]>
}

/** The right to stage a part until somebody else takes it over. */
export interface PartClaim {
  readonly token: string
  /** The advisory lock that the data transaction holds. It shows that its owner is alive. */
  readonly lock: string
  /** Whether the staging table has rows of an earlier attempt. */
  readonly hasRows: boolean
}

/** How long a lease lasts if the context has no deadline: the longest time that a function may run. */
const defaultLeaseMs = 15 * 60_000
const pauseMs = 100
/** How long an owner may take from its claim to its lock. */
const graceMs = 5_000

/** For a delivery that was loaded before: nobody needs its parts. */
const nothingStaged: StagedPart = { rows: 0, refused: 0 }

/**
 * Takes the claim on a part, in a short transaction of its own, and creates the staging table if it does not exist. Waits while somebody else is staging the part,
 * until that one's connection ends or its lease is over. Resolves with the staged part if it was staged from the same source before, and without rows if the
 * delivery was loaded before.
 */
export async function claimPart(on: PartClaimOptions): Promise<PartClaim | StagedPart> {
  const { connection, context, delivery, options } = on
  const lock = partLock(delivery.id, on.part)
  for (;;) {
    await beginTransaction(connection, options, context)
    const taken = await tryClaim(on, lock)
    await connection.query("COMMIT")
    if (taken !== "busy") {
      // Its owner has lost the token. Ending its connection frees the lock at once.
      if ("token" in taken) await terminateHolders(connection, lock)
      return taken
    }
    if (concurrencyOptions(options).whileRunning === "fail") throw anotherRunIsLoading(delivery.uri)
    await wait(pauseMs * (0.5 + Math.random()), undefined, { signal: context.signal })
  }
}

/** Resolves with what was staged before from the same source. */
export async function stagedBefore(
  connection: Connection,
  { id }: Delivery,
  part: number,
  source: string,
): Promise<StagedPart | undefined> {
  const { rows } = await connection.query(
    "SELECT rows::float8 AS rows, refused::float8 AS refused FROM rowgate.part WHERE delivery = $1 AND part = $2 AND status = 'staged' AND source = $3",
    [id, part, source],
  )
  return rows[0] && { rows: Number(rows[0]["rows"]), refused: Number(rows[0]["refused"]) }
}

async function tryClaim(on: PartClaimOptions, lock: string): Promise<PartClaim | StagedPart | "busy"> {
  const { connection, context, delivery, part, source } = on
  await connection.query("SELECT pg_advisory_xact_lock($1::bigint)", [stagingLock(delivery.id)])
  const loaded = await connection.query("SELECT FROM rowgate.run WHERE id = $1 AND status = 'committed'", [delivery.id])
  if (loaded.rowCount > 0) return nothingStaged
  await prepareStaging(on)
  const { rows } = await connection.query(
    `SELECT status, source, rows::float8 AS rows, refused::float8 AS refused, leased_until > clock_timestamp() AS leased,
            claimed_at > clock_timestamp() - ${graceMs} * interval '1 millisecond' AS fresh
     FROM rowgate.part WHERE delivery = $1 AND part = $2 FOR UPDATE`,
    [delivery.id, part],
  )
  const [before] = rows
  const staged = { rows: Number(before?.["rows"] ?? 0), refused: Number(before?.["refused"] ?? 0) }
  if (before?.["status"] === "staged" && source !== undefined && before["source"] === source) return staged
  const isLeased = before?.["status"] === "staging" && before["leased"] === true
  if (isLeased && (before["fresh"] === true || (await isHeld(connection, lock)))) return "busy"
  const leaseMs = context.deadline === undefined ? defaultLeaseMs : Math.max(1, context.deadline.getTime() - Date.now())
  const claimed = await connection.query(
    `INSERT INTO rowgate.part AS p (delivery, part, status, source, token, leased_until)
     VALUES ($1, $2, 'staging', $3, nextval('rowgate.token'), clock_timestamp() + $4::float8 * interval '1 millisecond')
     ON CONFLICT (delivery, part) DO UPDATE SET status = 'staging', source = excluded.source, token = excluded.token,
       leased_until = excluded.leased_until, claimed_at = clock_timestamp()
     RETURNING token::text AS token`,
    [delivery.id, part, source ?? null, leaseMs],
  )
  return { token: String(claimed.rows[0]?.["token"]), lock, hasRows: staged.rows > 0 || staged.refused > 0 }
}

/** Enters the delivery, and creates its table once a part has rows. All parts must have the same columns. */
async function prepareStaging({ connection, delivery, options, columns, specs, filled }: PartClaimOptions): Promise<void> {
  const target = `${options.schema === undefined ? "" : `${options.schema}.`}${options.table}`
  const { rows } = await connection.query(
    `INSERT INTO rowgate.staging AS s (delivery, pipeline, target, uri) VALUES ($1, $2, $3, $4)
     ON CONFLICT (delivery) DO UPDATE SET touched_at = clock_timestamp()
     RETURNING s.columns::text AS columns`,
    [delivery.id, delivery.pipeline, target, delivery.uri],
  )
  if (columns === undefined) return
  const wanted = JSON.stringify(columns)
  const known = rows[0]?.["columns"]
  if (known === wanted) return
  if (typeof known === "string") throw differentColumns(delivery.uri, JSON.parse(known), columns)
  const name = stagingTableName(delivery.id)
  const table = stagingTableSql(name)
  await connection.query(`DROP TABLE IF EXISTS ${table}`)
  await createStagingTable(table, { connection, options, declared: delivery.columns, specs })
  await freeUnfilledColumns(connection, table, new Set(await filled(table)))
  await connection.query("UPDATE rowgate.staging SET table_name = $2, columns = $3, specs = $4 WHERE delivery = $1", [
    delivery.id,
    name,
    wanted,
    JSON.stringify(specs),
  ])
}

/** The lock under which the staging table of a delivery is created or dropped. */
export function stagingLock(delivery: string): string {
  return lockOf(["staging", delivery])
}

function partLock(delivery: string, part: number): string {
  return lockOf(["part", delivery, part])
}

function lockOf(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest().readBigInt64BE().toString()
}

function differentColumns(uri: string, known: readonly string[], columns: readonly string[]): RowgateError {
  return new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `The parts of the delivery have different columns: one has ${known.join(", ")}, and another one has ${columns.join(", ")}.`,
    remedy: "Give the rows a schema, or load each table with a separate pipeline.",
    origin: { uri },
  })
}
