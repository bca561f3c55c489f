import { setTimeout as wait } from "node:timers/promises"
import type { Connection } from "../connection/database.ts"
import { faultOf, isContention, isRowFault } from "../connection/sink-error.ts"
import type { FaultTable } from "./fault-table.ts"
import { oneByOne } from "./one-by-one.ts"
import type { QueueOptions } from "./row-queue.ts"
import { ordinal, type TypedStage } from "./typed-stage.ts"

/** "ON CONFLICT DO UPDATE command cannot affect row a second time" */
const repeatedKey = "21000"
const contentionTries = 4

/** A statement that moves staged rows on. `rows` is what it selects from, to be called `s`. */
export interface StagedStatement {
  (remainingRows: string): string
}

/** What became of staged rows that were not refused. */
export interface MoveCounts {
  readonly loaded: number
  /** Undefined where rows were not taken one by one: then those that `leftOut` leaves out. */
  readonly superseded?: number | undefined
}

/** What `moveStaged` needs. */
export interface MoveOptions {
  readonly connection: Connection
  readonly stage: TypedStage
  readonly faults: FaultTable
  readonly statement: StagedStatement
  /** Tried first, once: a faster statement to the same end, which may be refused where `statement` is not. */
  readonly fastStatement?: StagedStatement | undefined
  /** Looks for faulty rows by the set and notes them; resolves with how many it found. */
  readonly findViolations: () => Promise<number>
  /** Whether a trigger may mend what `find` takes for a fault: then rows are tried, whatever it would find. */
  readonly triggersChangeRows: boolean
  /** Called where a key turns out to come twice; resolves with whether `leftOut` now leaves one row of each key. */
  readonly findRepeated?: (() => Promise<boolean>) | undefined
  /** A further condition on the row `s`, for statements that take all rows at once. */
  readonly exclusion?: (() => string | undefined) | undefined
  /** The order in which the rows have to go in, as SQL; undefined where any will do. */
  readonly order?: string | undefined
  /** How rows stand in line where they are taken one by one. */
  readonly queue?: QueueOptions | undefined
  /** Whether only that will do. */
  readonly rowByRow?: boolean | undefined
}

/**
 * Moves staged rows on in one statement. Where the server refuses, faulty rows are looked for by joins; others may be writing, so twice.
 * What is refused then is refused for a reason that only shows row by row: the rows go in one after the other.
 */
export async function moveStaged(options: MoveOptions): Promise<MoveCounts> {
  const {
    connection,
    stage,
    faults,
    statement,
    fastStatement: quick,
    findViolations: find,
    findRepeated,
    order = ordinal,
    triggersChangeRows: mends,
  } = options
  if (quick !== undefined) {
    const outcome = await attempt(connection, quick(rows(options)))
    if (typeof outcome === "number") return { loaded: outcome }
  }
  for (let looked = 0; looked < 3 && options.rowByRow !== true; looked++) {
    const outcome = await attempt(connection, statement(rows(options)))
    if (typeof outcome === "number") return { loaded: outcome }
    const goesOn = outcome === "repeated key" ? await findRepeated?.() : !mends && (await find()) > 0
    if (goesOn !== true) break
    await connection.query(`ANALYZE ${faults.table}`)
  }
  const queue = options.queue ?? { order }
  return retryOnContention(connection, () => oneByOne({ connection, stage, faults, statement, queue }))
}

/** Staged rows that are not known to be out of the question. The order costs a sort; without one, rows come as they were staged. */
function rows({ stage, faults, exclusion: leftOut, order }: MoveOptions): string {
  const conditions = [leftOut?.() ?? "true", faults.withoutFaults].filter((condition) => condition !== "true")
  if (conditions.length === 0 && order === undefined) return stage.table
  return `(SELECT * FROM ${stage.table} s WHERE ${conditions.join(" AND ") || "true"}${order === undefined ? "" : ` ORDER BY ${order}`})`
}

/** Rows touched, or why there are none. */
async function attempt(connection: Connection, sql: string): Promise<number | "refused" | "repeated key"> {
  return retryOnContention(connection, async () => {
    try {
      return (await connection.query(sql)).rowCount
    } catch (error) {
      const fault = faultOf(error)
      if (!isRowFault(fault) && fault.code !== repeatedKey) throw error
      await connection.query("ROLLBACK TO SAVEPOINT rowgate_move")
      return fault.code === repeatedKey ? "repeated key" : "refused"
    }
  })
}

/** Below a savepoint. A deadlock with somebody else is tried again: the savepoint has let go of every lock. */
async function retryOnContention<R>(connection: Connection, work: () => Promise<R>): Promise<R> {
  for (let tried = 1; ; tried++) {
    await connection.query("SAVEPOINT rowgate_move")
    try {
      const done = await work()
      await connection.query("RELEASE SAVEPOINT rowgate_move")
      return done
    } catch (error) {
      if (!isContention(faultOf(error)) || tried === contentionTries) throw error
      await connection.query("ROLLBACK TO SAVEPOINT rowgate_move")
      await connection.query("RELEASE SAVEPOINT rowgate_move")
      await wait(Math.random() * 100 * 2 ** tried)
    }
  }
}
