import type { Connection } from "../connection/database.ts"
import { identifier } from "../connection/quoted-names.ts"
import type { FaultTable } from "./fault-table.ts"
import { ordinal, type TypedStage, temporaryName } from "./typed-stage.ts"

/** How staged rows stand in line. */
export interface KeyQueue {
  /** As SQL over the stage. Where `first` is set, keys take turns instead, as their first rows stand in the file. */
  readonly order: string
  /** The key, if rows with the same one replace each other. Unquoted. */
  readonly key?: readonly string[] | undefined
  /** Where one row of each key goes in, the order in which they have their turn: the first one that is not refused. */
  readonly first?: string | undefined
  /** Whether a statement takes one row only: it would make room first for all that it then adds. */
  readonly singly?: boolean | undefined
}

/** A place in line, counted from 1; null for a row that only stands in for another one. */
export const place = "_rowgate_place"
/** The place of the row before that has the same key; of one that stands in, the place of the row that it stands in for. */
export const earlier = "_rowgate_earlier"
/** Which turn among the rows of a key. */
export const turn = "_rowgate_turn"

/**
 * Puts the sound rows of a stage in line, in a temporary table of their own: in the order in which they go in, so that a stretch of them is
 * read without a sort or a join. Rows that stand in for others have no place.
 */
export async function standInLine(connection: Connection, stage: TypedStage, faults: FaultTable, queue: KeyQueue): Promise<string> {
  const table = temporaryName("queue")
  await connection.query(`CREATE TEMP TABLE ${table} ON COMMIT DROP AS ${lined(stage, faults, queue)}`)
  await connection.query(`CREATE UNIQUE INDEX ON ${table} (${place})`)
  await connection.query(`CREATE UNIQUE INDEX ON ${table} (${ordinal})`)
  if (queue.first !== undefined) await connection.query(`CREATE INDEX ON ${table} (${earlier}, ${turn}) WHERE ${place} IS NULL`)
  else await connection.query(`CREATE INDEX ON ${table} (${place}, ${earlier}) WHERE ${earlier} IS NOT NULL`)
  await connection.query(`ANALYZE ${table}`)
  return table
}

function lined(stage: TypedStage, faults: FaultTable, { order, key, first }: KeyQueue): string {
  const own = `s.${ordinal}, ${stage.list("s.")}`
  const sound = `${stage.table} s WHERE ${faults.sound}`
  if (key === undefined) return `SELECT row_number() OVER (ORDER BY ${order}) AS ${place}, NULL::bigint AS ${earlier}, ${own} FROM ${sound}`
  const keys = key.map(identifier).join(", ")
  if (first === undefined) {
    return `SELECT ${place}, lag(${place}) OVER (PARTITION BY ${keys} ORDER BY ${place}) AS ${earlier}, ${own}
      FROM (SELECT row_number() OVER (ORDER BY ${order}) AS ${place}, s.* FROM ${sound}) AS s ORDER BY ${place}`
  }
  const [head, lead] = ["_rowgate_head", "_rowgate_lead"]
  return `SELECT CASE WHEN ${turn} = 1 THEN ${lead} END AS ${place}, CASE WHEN ${turn} > 1 THEN ${lead} END AS ${earlier}, ${turn}, ${own}
    FROM (SELECT s.*, dense_rank() OVER (ORDER BY ${head}) AS ${lead}, row_number() OVER (PARTITION BY ${head} ORDER BY ${first}) AS ${turn}
          FROM (SELECT s.*, min(${ordinal}) OVER (PARTITION BY ${keys}) AS ${head} FROM ${sound}) AS s) AS s
    ORDER BY ${lead}, ${turn}`
}
