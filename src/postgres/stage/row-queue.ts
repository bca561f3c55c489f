import type { Connection } from "../connection/database.ts"
import { identifier } from "../sql/quoted-names.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import type { FaultTable } from "./fault-table.ts"
import { ordinal, type TypedStage } from "./typed-stage.ts"

/** How staged rows stand in line. */
export interface QueueOptions {
  /** As SQL over the stage. Where `first` is set, keys take turns instead, as their first rows stand in the file. */
  readonly order: string
  /** The key, if rows with the same one replace each other. Unquoted. */
  readonly key?: readonly string[] | undefined
  /** Where one row of each key goes in, the order in which they have their turn: the first one that is not refused. */
  readonly candidateOrder?: string | undefined
  /** Whether a statement takes one row only: it would make room first for all that it then adds. */
  readonly oneRowPerStatement?: boolean | undefined
}

/** A place in line, counted from 1; null for a row that only stands in for another one. */
export const positionColumn = "_rowgate_place"
/** The place of the row before that has the same key; of one that stands in, the place of the row that it stands in for. */
export const previousColumn = "_rowgate_earlier"
/** Which turn among the rows of a key. */
export const candidateColumn = "_rowgate_turn"

/**
 * Puts the sound rows of a stage in line, in a temporary table of their own: in the order in which they go in, so that a stretch of them is
 * read without a sort or a join. Rows that stand in for others have no place.
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

function queueSelect(stage: TypedStage, faults: FaultTable, { order, key, candidateOrder: first }: QueueOptions): string {
  const own = `s.${ordinal}, ${stage.list("s.")}`
  const sound = `${stage.table} s WHERE ${faults.withoutFaults}`
  if (key === undefined)
    return `SELECT row_number() OVER (ORDER BY ${order}) AS ${positionColumn}, NULL::bigint AS ${previousColumn}, ${own} FROM ${sound}`
  const keys = key.map(identifier).join(", ")
  if (first === undefined) {
    return `SELECT ${positionColumn}, lag(${positionColumn}) OVER (PARTITION BY ${keys} ORDER BY ${positionColumn}) AS ${previousColumn}, ${own}
      FROM (SELECT row_number() OVER (ORDER BY ${order}) AS ${positionColumn}, s.* FROM ${sound}) AS s ORDER BY ${positionColumn}`
  }
  const [head, lead] = ["_rowgate_head", "_rowgate_lead"]
  return `SELECT CASE WHEN ${candidateColumn} = 1 THEN ${lead} END AS ${positionColumn}, CASE WHEN ${candidateColumn} > 1 THEN ${lead} END AS ${previousColumn}, ${candidateColumn}, ${own}
    FROM (SELECT s.*, dense_rank() OVER (ORDER BY ${head}) AS ${lead}, row_number() OVER (PARTITION BY ${head} ORDER BY ${first}) AS ${candidateColumn}
          FROM (SELECT s.*, min(${ordinal}) OVER (PARTITION BY ${keys}) AS ${head} FROM ${sound}) AS s) AS s
    ORDER BY ${lead}, ${candidateColumn}`
}
