import type { Connection } from "../connection/database.ts"
import { identifier } from "../sql/quoted-names.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import type { FaultTable } from "./fault-table.ts"
import { ordinal, type TypedStage } from "./typed-stage.ts"

/** The order in which staged rows are inserted. */
export interface QueueOptions {
  /** The order as SQL over the stage. With `candidateOrder`, keys go in the order of their first rows in the file instead. */
  readonly order: string
  /** The key, if rows with the same key replace each other. Unquoted. */
  readonly key?: readonly string[] | undefined
  /** If only one row of each key is inserted: the order in which the rows of a key are tried until one is accepted. */
  readonly candidateOrder?: string | undefined
  /** Whether each statement may insert only one row, because it first closes versions for all of its rows. */
  readonly oneRowPerStatement?: boolean | undefined
}

/** The position in the queue, counted from 1; null for a candidate that is only tried if an earlier one is refused. */
export const positionColumn = "_rowgate_position"
/** The position of the previous row with the same key; for a further candidate, the position of the first one. */
export const previousColumn = "_rowgate_previous"
/** The number of a candidate among the rows of its key, from 1. */
export const candidateColumn = "_rowgate_candidate"

/**
 * Creates a temporary table of the staged rows without faults, in the order in which they are inserted, so that consecutive rows can be read
 * without a sort or a join.
 */
export async function createQueue(connection: Connection, stage: TypedStage, faults: FaultTable, queue: QueueOptions): Promise<string> {
  const table = temporaryName("queue")
  await connection.query(`CREATE TEMP TABLE ${table} ON COMMIT DROP AS ${queueSelect(stage, faults, queue)}`)
  await connection.query(`CREATE UNIQUE INDEX ON ${table} (${positionColumn})`)
  await connection.query(`CREATE UNIQUE INDEX ON ${table} (${ordinal})`)
  if (queue.candidateOrder !== undefined)
    await connection.query(`CREATE INDEX ON ${table} (${previousColumn}, ${candidateColumn}) WHERE ${positionColumn} IS NULL`)
  else await connection.query(`CREATE INDEX ON ${table} (${positionColumn}, ${previousColumn}) WHERE ${previousColumn} IS NOT NULL`)
  await connection.query(`ANALYZE ${table}`)
  return table
}

function queueSelect(stage: TypedStage, faults: FaultTable, { order, key, candidateOrder }: QueueOptions): string {
  const own = `s.${ordinal}, ${stage.list("s.")}`
  const rows = `${stage.table} s WHERE ${faults.withoutFaults}`
  if (key === undefined)
    return `SELECT row_number() OVER (ORDER BY ${order}) AS ${positionColumn}, NULL::bigint AS ${previousColumn}, ${own} FROM ${rows}`
  const keys = key.map(identifier).join(", ")
  if (candidateOrder === undefined) {
    return `SELECT ${positionColumn}, lag(${positionColumn}) OVER (PARTITION BY ${keys} ORDER BY ${positionColumn}) AS ${previousColumn}, ${own}
      FROM (SELECT row_number() OVER (ORDER BY ${order}) AS ${positionColumn}, s.* FROM ${rows}) AS s ORDER BY ${positionColumn}`
  }
  const [head, lead] = ["_rowgate_head", "_rowgate_lead"]
  return `SELECT CASE WHEN ${candidateColumn} = 1 THEN ${lead} END AS ${positionColumn}, CASE WHEN ${candidateColumn} > 1 THEN ${lead} END AS ${previousColumn}, ${candidateColumn}, ${own}
    FROM (SELECT s.*, dense_rank() OVER (ORDER BY ${head}) AS ${lead}, row_number() OVER (PARTITION BY ${head} ORDER BY ${candidateOrder}) AS ${candidateColumn}
          FROM (SELECT s.*, min(${ordinal}) OVER (PARTITION BY ${keys}) AS ${head} FROM ${rows}) AS s) AS s
    ORDER BY ${lead}, ${candidateColumn}`
}
