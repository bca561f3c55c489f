import { setTimeout as wait } from "node:timers/promises"
import type { Connection } from "../connection/database.ts"
import { faultOf, isContention, isRowFault } from "../connection/sink-error.ts"
import type { FaultTable } from "./fault-table.ts"
import type { QueueOptions } from "./row-queue.ts"
import { ordinal, type TypedStage } from "./typed-stage.ts"

/** "ON CONFLICT DO UPDATE command cannot affect row a second time" */
const repeatedKey = "21000"
const contentionTries = 4

/** Builds a statement that moves staged rows into the target. `rows` is the SQL to select from, under the alias `s`. */
export interface StagedStatement {
  (rows: string): string
}

/** What became of staged rows that were not refused. */
export interface MoveCounts {
  readonly loaded: number
  /** Undefined if rows were not inserted one by one. Then the rows that `exclusion` excludes are superseded. */
  readonly superseded?: number | undefined
}

/** What `moveStaged` needs. */
export interface MoveOptions {
  readonly connection: Connection
  readonly stage: TypedStage
  readonly faults: FaultTable
  readonly statement: StagedStatement
  /** A faster statement with the same result, tried once before `statement`. The server may refuse it even if it accepts `statement`. */
  readonly fastStatement?: StagedStatement | undefined
  /** Looks for rows with faults by joins and adds them to the fault table. Resolves with how many it found. */
  readonly findViolations: () => Promise<number>
  /** Whether a trigger may repair a row that `findViolations` would call faulty. Then rows are tried instead. */
  readonly triggersChangeRows: boolean
  /** Called if a key turns out to be repeated. Resolves with whether `exclusion` now leaves one row for each key. */
  readonly findRepeated?: (() => Promise<boolean>) | undefined
  /** A further condition on the rows `s`, for statements that move all rows at once. */
  readonly exclusion?: (() => string | undefined) | undefined
  /** The order in which rows have to be inserted, as SQL. Default: any. */
  readonly order?: string | undefined
  /** The order for inserting rows one by one. */
  readonly queue?: QueueOptions | undefined
  /** Whether rows must be inserted one by one. */
  readonly rowByRow?: boolean | undefined
}

/**
 * Moves staged rows into the target in one statement. If the server refuses it, rows with faults are found by joins; twice, because other sessions may
 * be writing. If it is still refused, the reason only shows row by row, so the rows are inserted one after the other.
 */
export async function moveStaged(options: MoveOptions): Promise<MoveCounts> {
  const { connection, stage, faults, statement, fastStatement, findViolations, findRepeated, order = ordinal, triggersChangeRows } = options
  if (fastStatement !== undefined) {
    const outcome = await attempt(connection, fastStatement(remainingRows(options)))
    if (typeof outcome === "number") return { loaded: outcome }
  }
  for (let looked = 0; looked < 3 && options.rowByRow !== true; looked++) {
    const outcome = await attempt(connection, statement(remainingRows(options)))
    if (typeof outcome === "number") return { loaded: outcome }
    const goesOn = outcome === "repeated key" ? await findRepeated?.() : !triggersChangeRows && (await findViolations()) > 0
    if (goesOn !== true) break
    await connection.query(`ANALYZE ${faults.table}`)
  }
  const queue = options.queue ?? { order }
  const { oneByOne } = await import("./one-by-one.ts")
  return retryOnContention(connection, () => oneByOne({ connection, stage, faults, statement, queue }))
}

/** The staged rows that may be inserted. An order costs a sort; without one, rows come as they were staged. */
function remainingRows({ stage, faults, exclusion, order }: MoveOptions): string {
  const conditions = [exclusion?.() ?? "true", faults.withoutFaults].filter((condition) => condition !== "true")
  if (conditions.length === 0 && order === undefined) return stage.table
  return `(SELECT * FROM ${stage.table} s WHERE ${conditions.join(" AND ") || "true"}${order === undefined ? "" : ` ORDER BY ${order}`})`
}

/** The number of rows that the statement changed, or why it failed. */
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

/** Runs `work` below a savepoint. After a deadlock with another session it tries again, because the rollback has released all locks. */
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
