import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Connection } from "../connection/database.ts"
import { notAboutRows } from "../connection/sink-error.ts"
import { identifier, literal } from "../sql/quoted-names.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import type { FaultTable } from "./fault-table.ts"
import type { MoveCounts, StagedStatement } from "./move-staged.ts"
import { candidateColumn, createQueue, positionColumn, previousColumn, type QueueOptions } from "./row-queue.ts"
import { ordinal, type TypedStage } from "./typed-stage.ts"

/** What `oneByOne` needs. */
export interface OneByOneOptions {
  readonly connection: Connection
  readonly stage: TypedStage
  readonly faults: FaultTable
  readonly statement: StagedStatement
  readonly queue: QueueOptions
}

/** How many rows are tried at once to begin with. */
const firstStretchRows = 1024

/** Rows with one key meet each other; so many times at the most, which takes some minutes. */
const mostKeyComparisons = 2_000_000_000

/**
 * Moves the sound rows of a stage on with the effect of one statement a row, each below a savepoint of its own: a row that is refused leaves no
 * trace, and every later one meets what the accepted ones before it have left. The server takes a stretch of rows at a time, as long as none of
 * them is refused and no key comes twice in it, and halves it where one is; where most rows are refused it tries single ones. A million rows
 * take a million tries at the most, at some 20 microseconds each, and a refused one takes the logarithm of the good rows around it.
 */
export async function oneByOne({ connection, stage, faults, statement, queue }: OneByOneOptions): Promise<MoveCounts> {
  const line = await createQueue(connection, stage, faults, queue)
  const { rows: found } = await connection.query(`SELECT EXISTS (SELECT FROM ${line} WHERE ${previousColumn} IS NOT NULL) AS repeats`)
  const repeats = found[0]?.["repeats"] === true
  const key = repeats && queue.candidateOrder === undefined ? queue.key : undefined
  const written = key === undefined ? undefined : await writtenKeys(connection, stage, key)
  const moving = temporaryName("move")
  const move = (rows: string) => (written === undefined ? statement(rows) : written.noting(statement(rows)))
  if (repeats && queue.candidateOrder === undefined && queue.key !== undefined) await requireFewVersions(connection, stage, line, queue.key)
  const hasSubstitutes = repeats && queue.candidateOrder !== undefined
  const goSingly = queue.oneRowPerStatement === true ? "always" : repeats && !hasSubstitutes ? "repeated" : "never"
  const parts: MovingParts = {
    queue: line,
    faults: faults.table,
    move,
    oneRowPerStatement: goSingly,
    hasSubstitutes,
    hasPolicies: stage.target.hasPolicies,
  }
  await connection.query(movingFunction(moving, parts))
  const { rows } = await connection.query(`SELECT ${moving}()::text AS touched`)
  await connection.query(`DROP FUNCTION ${moving}`)
  faults.hasFaults = true
  const touched = Number(rows[0]?.["touched"])
  const loaded = written === undefined ? touched : await written.count()
  if (!repeats || queue.key === undefined) return { loaded, superseded: 0 }
  // Of the rows with one key that are not refused, one counts as loaded or skipped.
  const { rows: counts } = await connection.query(
    `SELECT coalesce(sum(n - 1), 0)::text AS superseded, coalesce(sum(n), 0)::text AS accepted
     FROM (SELECT count(*) AS n FROM ${line} s WHERE ${faults.withoutFaults} GROUP BY ${queue.key.map(identifier).join(", ")}) AS keys`,
  )
  const others = Number(counts[0]?.["accepted"]) - loaded
  return { loaded, superseded: Math.min(Number(counts[0]?.["superseded"]), others) }
}

/** A row is found among all versions of its key that the load has written; a hundred thousand of one key would take hours. */
async function requireFewVersions(connection: Connection, { target }: TypedStage, line: string, key: readonly string[]): Promise<void> {
  const { rows } = await connection.query(
    `SELECT sum(n * n) > ${mostKeyComparisons} AS too_many, max(n)::text AS most
     FROM (SELECT count(*)::float8 AS n FROM ${line} GROUP BY ${key.map(identifier).join(", ")}) AS keys WHERE n > 1`,
  )
  if (rows[0]?.["too_many"] !== true) return
  const { schema, table } = target
  throw new RowgateError({
    code: "SINK_REFUSED",
    message: `The file has up to ${String(rows[0]["most"])} rows with one key, too many to merge one by one into ${schema}.${table}: the squares of these numbers must not add up to more than ${mostKeyComparisons}.`,
    remedy: "Split the file into smaller ones, or leave out older rows of a key in the pipeline.",
    origin: { table },
  })
}

/** The keys that were written, once for each time: a row that is replaced by one of the same file is not loaded. */
async function writtenKeys(connection: Connection, { target }: TypedStage, key: readonly string[]) {
  const table = temporaryName("written")
  const columns = key.map(identifier).join(", ")
  await connection.query(`CREATE TEMP TABLE ${table} ON COMMIT DROP AS SELECT ${columns} FROM ${target.sql} WITH NO DATA`)
  const returned = key.map((column) => `t.${identifier(column)}`).join(", ")
  return {
    noting: (statement: string) => `WITH written AS (${statement} RETURNING ${returned}) INSERT INTO ${table} SELECT * FROM written`,
    count: async () => {
      const { rows } = await connection.query(`SELECT count(*)::text AS n FROM (SELECT DISTINCT ${columns} FROM ${table}) AS keys`)
      return Number(rows[0]?.["n"])
    },
  }
}

interface MovingParts {
  readonly queue: string
  readonly faults: string
  readonly move: StagedStatement
  /** Whether a statement takes one row only, not a stretch of them. */
  readonly oneRowPerStatement: "always" | "repeated" | "never"
  readonly hasSubstitutes: boolean
  readonly hasPolicies: boolean
}

/**
 * Names begin with the library's, so that no column of the user's is taken for a variable. Single rows go by a statement that is planned once; a
 * stretch is planned for its size.
 */
function movingFunction(
  name: string,
  { queue: line, faults, move, oneRowPerStatement: goSingly, hasSubstitutes, hasPolicies }: MovingParts,
): string {
  // A policy's no has the code of a right that is missing; that would have shown before.
  const isNotOfRow = `SQLSTATE ~ '${notAboutRows}'${hasPolicies ? " AND SQLSTATE <> '42501'" : ""}`
  const single = move(`(SELECT * FROM ${line} WHERE ${ordinal} = rowgate_row)`)
  // The context begins with the statement that failed: another one than ours was run by a trigger, which may have raised it in words of its own.
  const beginning = single.trim().split("\n")[0]?.slice(0, 60) ?? ""
  const together = move(`(SELECT * FROM ${line} WHERE ${positionColumn} BETWEEN $1 AND $2 ORDER BY ${positionColumn})`)
  const atOnce = `EXECUTE ${literal(together)} USING rowgate_low, rowgate_high; GET DIAGNOSTICS rowgate_part = ROW_COUNT;`
  // Without a savepoint for each: with one, the versions of a key that comes often are told apart ten times as slowly.
  const singly = `
    rowgate_part := 0;
    FOR rowgate_row IN SELECT ${ordinal} FROM ${line} WHERE ${positionColumn} BETWEEN rowgate_low AND rowgate_high ORDER BY ${positionColumn} LOOP
      ${single};
      GET DIAGNOSTICS rowgate_one = ROW_COUNT;
      rowgate_part := rowgate_part + rowgate_one;
    END LOOP;`
  const isRepeated = `EXISTS (SELECT FROM ${line} WHERE ${positionColumn} BETWEEN rowgate_low AND rowgate_high AND ${previousColumn} >= rowgate_low)`
  const several = { never: atOnce, always: singly, repeated: `IF ${isRepeated} THEN ${singly} ELSE ${atOnce} END IF;` }[goSingly]
  // Cursors that are open while a row is refused would be closed with its savepoint, so the next one is asked for each time.
  const next = hasSubstitutes
    ? `SELECT ${ordinal} INTO rowgate_row FROM ${line} WHERE ${previousColumn} = rowgate_low AND ${positionColumn} IS NULL AND ${candidateColumn} = rowgate_turn;`
    : "rowgate_row := NULL;"
  return `CREATE FUNCTION ${name}() RETURNS bigint LANGUAGE plpgsql AS ${literal(`
    #variable_conflict use_column
    DECLARE
      rowgate_low bigint := 1;
      rowgate_high bigint;
      rowgate_last bigint;
      -- Up to this place, some row will be refused.
      rowgate_bad bigint := 0;
      rowgate_size bigint := ${firstStretchRows};
      rowgate_good bigint := 0;
      rowgate_row bigint;
      rowgate_turn bigint;
      rowgate_touched bigint := 0;
      rowgate_part bigint;
      rowgate_one bigint;
      rowgate_code text; rowgate_message text; rowgate_detail text; rowgate_constraint text; rowgate_column text; rowgate_context text;
    BEGIN
      SELECT coalesce(max(${positionColumn}), 0) INTO rowgate_last FROM ${line};
      WHILE rowgate_low <= rowgate_last LOOP
        rowgate_high := least(rowgate_low + rowgate_size - 1, rowgate_last);
        IF rowgate_bad >= rowgate_low THEN
          rowgate_high := least(rowgate_high, (rowgate_low + rowgate_bad) / 2);
        END IF;
        IF rowgate_high > rowgate_low THEN
          BEGIN
            ${several}
            rowgate_touched := rowgate_touched + rowgate_part;
            rowgate_good := rowgate_good + rowgate_high - rowgate_low + 1;
            rowgate_low := rowgate_high + 1;
            rowgate_size := least(2 * rowgate_size, 1 << 30);
          EXCEPTION WHEN assert_failure OR OTHERS THEN
            -- A trigger may give two rows the same key.
            IF ${isNotOfRow} AND SQLSTATE <> '21000' THEN RAISE; END IF;
            rowgate_bad := rowgate_high;
          END;
          CONTINUE;
        END IF;
        SELECT ${ordinal} INTO rowgate_row FROM ${line} WHERE ${positionColumn} = rowgate_low;
        rowgate_turn := 1;
        WHILE rowgate_row IS NOT NULL LOOP
          BEGIN
            ${single};
            GET DIAGNOSTICS rowgate_part = ROW_COUNT;
            rowgate_touched := rowgate_touched + rowgate_part;
            rowgate_row := NULL;
          EXCEPTION WHEN assert_failure OR OTHERS THEN
            IF ${isNotOfRow} THEN RAISE; END IF;
            GET STACKED DIAGNOSTICS rowgate_code = RETURNED_SQLSTATE, rowgate_message = MESSAGE_TEXT, rowgate_detail = PG_EXCEPTION_DETAIL,
              rowgate_constraint = CONSTRAINT_NAME, rowgate_column = COLUMN_NAME, rowgate_context = PG_EXCEPTION_CONTEXT;
            INSERT INTO ${faults} (n, code, message, constraint_name, column_name, raised) VALUES
              (rowgate_row, rowgate_code, rowgate_message || CASE WHEN rowgate_detail = '' THEN '' ELSE ': ' || rowgate_detail END,
               nullif(rowgate_constraint, ''), nullif(rowgate_column, ''),
               position(${literal(beginning)} IN split_part(rowgate_context, E'\\n', 1)) = 0);
            IF rowgate_turn = 1 THEN
              -- As many at once as half of those that went in since the last one that did not.
              rowgate_size := greatest(rowgate_good / 2, 1);
              rowgate_good := -1;
            END IF;
            rowgate_turn := rowgate_turn + 1;
            ${next}
          END;
        END LOOP;
        IF rowgate_good >= 0 THEN rowgate_size := least(2 * rowgate_size, 1 << 30); END IF;
        rowgate_good := rowgate_good + 1;
        rowgate_low := rowgate_low + 1;
      END LOOP;
      RETURN rowgate_touched;
    END`)}`
}
