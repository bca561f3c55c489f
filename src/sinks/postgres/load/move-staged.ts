import { setTimeout as wait } from "node:timers/promises"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import type { Connection } from "../database.ts"
import { faultOf, isContention, isRowFault, notOfRows } from "../sink-error.ts"
import type { FaultTable } from "./fault-table.ts"
import { ordinal, type TypedStage, temporaryName } from "./typed-stage.ts"

/** Rows that may be refused for reasons that no join finds, before the load is given up. */
const mostUnforeseen = 10_000
/** "ON CONFLICT DO UPDATE command cannot affect row a second time" */
const repeatedKey = "21000"
const contentionTries = 4
/** What the halving says where it gives up. */
const tooMany = "RG001"

/** How a statement moves staged rows on. `rows` is the condition that leaves the faulty ones out. */
export interface StagedStatement {
  (rows: string): string
}

/** What `moveStaged` needs. */
export interface MoveOptions {
  readonly connection: Connection
  readonly stage: TypedStage
  readonly faults: FaultTable
  readonly statement: StagedStatement
  /** Tried first, once: a faster statement to the same end, which may be refused where `statement` is not. */
  readonly quick?: StagedStatement | undefined
  /** Looks for faulty rows and notes them; resolves with how many it found. */
  readonly find: () => Promise<number>
  /** Whether a trigger may mend what `find` takes for a fault: then rows are tried first, as far as that is bounded. */
  readonly mends: boolean
  /** Called where a key turns out to come twice; notes the rows to leave out among the faults or in `leftOut`. */
  readonly findRepeated?: (() => Promise<void>) | undefined
  /** A further condition on the row `s`. */
  readonly leftOut?: (() => string | undefined) | undefined
}

/**
 * Moves staged rows on in one statement. Where the server refuses, faulty rows are looked for by joins; others may be writing, so twice.
 * What is refused then is refused for a reason that only shows row by row (a trigger, an exclusion constraint): the server halves the
 * rows itself. Resolves with the rows that the statement touched.
 */
export async function moveStaged(options: MoveOptions): Promise<number> {
  const { connection, faults, statement, quick, find, findRepeated } = options
  const halves = () => halve(options, statement(`s.${ordinal} BETWEEN $1 AND $2 AND ${condition(options)}`))
  if (quick !== undefined) {
    const outcome = await attempt(connection, quick(condition(options)))
    if (typeof outcome === "number") return outcome
  }
  let { mends } = options
  for (let looked = 0; looked < 3; looked++) {
    const outcome = await attempt(connection, statement(condition(options)))
    if (typeof outcome === "number") return outcome
    if (outcome === "repeated key") await findRepeated?.()
    else if (mends) {
      const touched = await halves()
      if (touched !== undefined) return touched
      mends = false
      looked--
      continue
    } else if ((await find()) === 0) break
    await connection.query(`ANALYZE ${faults.table}`)
  }
  const touched = await halves()
  if (touched === undefined) throw tooManyRefused(options.stage)
  return touched
}

function condition({ faults, leftOut }: MoveOptions): string {
  const conditions = [leftOut?.(), faults.any ? `NOT EXISTS (SELECT FROM ${faults.table} f WHERE f.n = s.${ordinal})` : undefined]
  return conditions.filter((part) => part !== undefined).join(" AND ") || "true"
}

/** Rows touched, or why there are none. A deadlock with somebody else is tried again: the savepoint has let go of every lock. */
async function attempt(connection: Connection, sql: string): Promise<number | "refused" | "repeated key"> {
  for (let tried = 1; ; tried++) {
    await connection.query("SAVEPOINT rowgate_move")
    try {
      const { rowCount } = await connection.query(sql)
      await connection.query("RELEASE SAVEPOINT rowgate_move")
      return rowCount
    } catch (error) {
      const fault = faultOf(error)
      const again = isContention(fault) && tried < contentionTries
      if (!again && !isRowFault(fault) && fault.code !== repeatedKey) throw error
      await connection.query("ROLLBACK TO SAVEPOINT rowgate_move")
      await connection.query("RELEASE SAVEPOINT rowgate_move")
      if (!again) return fault.code === repeatedKey ? "repeated key" : "refused"
      await wait(Math.random() * 100 * 2 ** tried)
    }
  }
}

/**
 * Tries all rows, then halves of what was refused, in the order of the rows, down to single ones. Good stretches stay in. It runs in the
 * server, where a try costs microseconds; what is tried and undone leaves no transaction id behind. Undefined, and nothing done, where
 * too many are refused.
 */
async function halve({ connection, stage, faults }: MoveOptions, statement: string): Promise<number | undefined> {
  await connection.query("SAVEPOINT rowgate_halve")
  await connection.query(`CREATE INDEX ON ${stage.table} (${ordinal})`)
  await connection.query(`ANALYZE ${stage.table}`)
  const halving = temporaryName("halve")
  await connection.query(halvingFunction(halving, faults.table, stage.target.hasPolicies))
  try {
    const { rows } = await connection.query(
      `SELECT ${halving}($1, coalesce(min(${ordinal}), 0), coalesce(max(${ordinal}), 0), ${mostUnforeseen})::text AS touched
       FROM ${stage.table}`,
      [statement],
    )
    await connection.query(`DROP FUNCTION ${halving}`)
    await connection.query("RELEASE SAVEPOINT rowgate_halve")
    faults.any = true
    return Number(rows[0]?.["touched"])
  } catch (error) {
    if (faultOf(error).code !== tooMany) throw error
    await connection.query("ROLLBACK TO SAVEPOINT rowgate_halve")
    await connection.query("RELEASE SAVEPOINT rowgate_halve")
    return undefined
  }
}

function tooManyRefused({ target: { schema, table } }: TypedStage): RowgateError {
  return new RowgateError({
    code: "SINK_REFUSED",
    message: `${schema}.${table} refuses more than ${mostUnforeseen} rows for reasons that only show row by row`,
    remedy: "Look at the table's triggers and exclusion constraints, and check in the pipeline what they demand.",
    origin: { table },
  })
}

function halvingFunction(name: string, faults: string, hasPolicies: boolean): string {
  // A policy's no has the code of a right that is missing; that was found out before.
  const notOfRow = `SQLSTATE ~ '${notOfRows}'${hasPolicies ? " AND SQLSTATE <> '42501'" : ""}`
  return `CREATE FUNCTION ${name}(statement text, first bigint, last bigint, most int) RETURNS bigint LANGUAGE plpgsql AS $body$
    DECLARE
      ranges bigint[] := ARRAY[first, last];
      low bigint; high bigint; middle bigint; touched bigint := 0; part bigint; refused int := 0;
      code text; message text; detail text; named text; col text;
    BEGIN
      WHILE cardinality(ranges) > 0 LOOP
        low := ranges[cardinality(ranges) - 1];
        high := ranges[cardinality(ranges)];
        ranges := ranges[1:cardinality(ranges) - 2];
        BEGIN
          EXECUTE statement USING low, high;
          GET DIAGNOSTICS part = ROW_COUNT;
          touched := touched + part;
        EXCEPTION WHEN assert_failure OR OTHERS THEN
          IF ${notOfRow} THEN RAISE; END IF;
          IF low < high THEN
            middle := (low + high) / 2;
            ranges := ranges || ARRAY[middle + 1, high, low, middle];
          ELSE
            GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
              named = CONSTRAINT_NAME, col = COLUMN_NAME;
            INSERT INTO ${faults} (n, code, message, constraint_name, column_name) VALUES
              (low, code, message || CASE WHEN detail = '' THEN '' ELSE ': ' || detail END, nullif(named, ''), nullif(col, ''));
            refused := refused + 1;
            IF refused > most THEN RAISE EXCEPTION 'too many rows are refused' USING ERRCODE = '${tooMany}'; END IF;
          END IF;
        END;
      END LOOP;
      RETURN touched;
    END $body$`
}
