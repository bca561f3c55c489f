import { setTimeout as wait } from "node:timers/promises"
import type { Context } from "../../contract/context.ts"
import type { Delivery } from "../../contract/delivery.ts"
import type { DeliveryPart, StagedPart } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { LoadConnection } from "../connection/load-connection.ts"
import { beginTransaction } from "../connection/transaction.ts"
import { sequenceOf } from "../ledger/file-versions.ts"
import { leaseLost } from "../ledger/lease-lost.ts"
import { type AnyLoadOptions, correctionMode } from "../load-modes.ts"
import { newTableSpecs } from "../target/new-table-specs.ts"
import { claimPart, type PartClaim, stagedBefore } from "./part-claim.ts"
import { PartRows, stagingLayout } from "./part-rows.ts"
import { RefusalLog } from "./refusal-log.ts"
import { partOrdinals, stagingTableName, stagingTableSql } from "./staging-table.ts"

/** What a part is staged with. */
export interface StagePartOptions {
  readonly connection: LoadConnection
  readonly context: Context
  readonly delivery: Delivery
  readonly options: AnyLoadOptions
  readonly part: DeliveryPart
}

/** The greatest number of a part. Ordinals beyond it would not be exact in JavaScript. */
const mostPart = 2 ** 20 - 1

/**
 * Stages the passing rows of a part. The rows, those that were refused, and the mark that the part is staged are committed together, and only if nobody else
 * has taken the part over.
 */
export async function stagePart(given: StagePartOptions): Promise<StagedPart> {
  const { connection, context, delivery, part } = given
  const { number, source } = part
  if (!Number.isSafeInteger(number) || number < 0 || number > mostPart) throw wrongNumber(delivery.uri, number)
  const on = { ...given, options: delivery.corrects === undefined ? given.options : correctionMode(given.options) }
  const before = source === undefined ? undefined : await stagedBefore(connection, delivery, number, source)
  if (before !== undefined) return before
  const batches = passingBatches(part.batches[Symbol.asyncIterator](), context)
  try {
    const first = await batches.next()
    const head = first.done === true ? undefined : first.value
    const claim = await claimPart(claimOptions(on, head?.batch))
    if ("rows" in claim) return claim
    connection.markClaimed()
    return await stageRows(on, claim, head, batches)
  } finally {
    await batches.return?.(undefined)
  }
}

/** A batch with passing rows, and how many rows of batches without any came before it. */
interface PassingBatch {
  readonly skipped: number
  readonly batch: TableBatch<unknown>
}

async function* passingBatches(batches: AsyncIterator<unknown>, { signal }: Context): AsyncGenerator<PassingBatch, void, undefined> {
  let skipped = 0
  try {
    for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
      signal.throwIfAborted()
      const batch = TableBatch.from(next.value as TableBatch<unknown>)
      if (batch.selection.size === 0) {
        skipped += batch.length
        continue
      }
      yield { skipped, batch }
      skipped = 0
    }
  } finally {
    await batches.return?.(undefined)
  }
}

function claimOptions({ connection, context, delivery, options, part }: StagePartOptions, batch: TableBatch<unknown> | undefined) {
  return {
    connection,
    context,
    delivery,
    options,
    part: part.number,
    source: part.source,
    columns: batch?.names,
    specs: batch === undefined ? delivery.columns : newTableSpecs(delivery.columns, batch, context.plan),
    filled: async (table: string) => {
      const { placed } = await stagingLayout(connection, table, batch?.names ?? [], options)
      return placed.map(({ target }) => target.name)
    },
  }
}

async function stageRows(
  { connection, context, delivery, options, part }: StagePartOptions,
  claim: PartClaim,
  head: PassingBatch | undefined,
  batches: AsyncIterable<PassingBatch>,
): Promise<StagedPart> {
  const { number } = part
  const table = stagingTableSql(stagingTableName(delivery.id))
  await using refusals = new RefusalLog(delivery.id, number)
  let rows: PartRows | undefined
  try {
    await beginTransaction(connection, options, context)
    await holdPart(connection, delivery, number, claim)
    if (claim.hasRows) await removeRows(connection, delivery.id, number, table)
    let staged = { rows: 0, repeats: false }
    if (head !== undefined) {
      const { names } = head.batch
      const sequence = delivery.corrects === undefined ? delivery.sequence : await sequenceOf(connection, delivery.corrects.delivery)
      rows = await PartRows.create({ connection, table, delivery, options, part: number, sequence, columns: names, refusals })
      rows.skip(head.skipped)
      await rows.write(head.batch)
      for await (const { skipped, batch } of batches) {
        if (JSON.stringify(batch.names) !== JSON.stringify(names)) throw mixedColumns(delivery.uri, number)
        rows.skip(skipped)
        await rows.write(batch)
      }
      staged = await rows.finish()
    }
    await refusals.store(connection)
    const { rowCount } = await connection.query(
      `UPDATE rowgate.part SET status = 'staged', rows = $4::bigint, refused = $5::bigint, repeats = $6
       WHERE delivery = $1 AND part = $2 AND token = $3::bigint AND status = 'staging'`,
      [delivery.id, number, claim.token, staged.rows, refusals.count, staged.repeats],
    )
    if (rowCount !== 1) throw takenOver(delivery.uri, number)
    await connection.query("COMMIT")
    return { rows: staged.rows, refused: refusals.count }
  } catch (error) {
    await rows?.abandon().catch(() => undefined)
    await connection.query("ROLLBACK").catch(() => connection.destroy())
    // Whoever took the part over, or loaded the delivery, may also have dropped the table.
    const isLost = await isMine(connection, delivery, number, claim).then(
      (mine) => !mine,
      () => false,
    )
    throw isLost ? takenOver(delivery.uri, number) : error
  }
}

async function isMine(connection: LoadConnection, { id }: Delivery, part: number, { token }: PartClaim): Promise<boolean> {
  const { rowCount } = await connection.query(
    "SELECT FROM rowgate.part WHERE delivery = $1 AND part = $2 AND token = $3::bigint AND status = 'staging'",
    [id, part, token],
  )
  return rowCount === 1
}

/** How often, and after which pause, to try to take a lock whose owner was terminated. */
const lockTries = 20
const lockPauseMs = 100

/**
 * Takes the lock that shows others that the part is being staged. Whoever held it before has lost the part and was terminated. If that one cannot be
 * terminated, the part is staged without the lock; then others do not wait for it.
 */
async function holdPart(connection: LoadConnection, { id, uri }: Delivery, part: number, claim: PartClaim): Promise<void> {
  for (let tried = 0; tried < lockTries; tried++) {
    const { rows } = await connection.query(
      `SELECT token = $3::bigint AND status = 'staging' AS mine, pg_try_advisory_xact_lock($4::bigint) AS held
       FROM rowgate.part WHERE delivery = $1 AND part = $2`,
      [id, part, claim.token, claim.lock],
    )
    if (rows[0]?.["mine"] !== true) throw takenOver(uri, part)
    if (rows[0]["held"] === true) return
    await wait(lockPauseMs)
  }
}

async function removeRows(connection: LoadConnection, delivery: string, part: number, table: string): Promise<void> {
  const [from, to] = [part * partOrdinals, (part + 1) * partOrdinals]
  await connection.query("DELETE FROM rowgate.part_refusal WHERE delivery = $1 AND part = $2", [delivery, part])
  await connection.query(`DELETE FROM ${table} WHERE _rowgate_ordinal >= ${from} AND _rowgate_ordinal < ${to}`)
}

function takenOver(uri: string, part: number): RowgateError {
  return leaseLost(uri, `another process has taken over the part ${part}`)
}

function wrongNumber(uri: string, part: number): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `The part number ${part} is not a whole number from 0 to ${mostPart}.`,
    remedy: "Number the parts of a delivery from 0.",
    origin: { uri },
  })
}

function mixedColumns(uri: string, part: number): RowgateError {
  return new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `The batches of the part ${part} have different columns.`,
    remedy: "Give the rows a schema, or load each table with a separate pipeline.",
    origin: { uri },
  })
}
