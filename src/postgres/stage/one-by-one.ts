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

/** How many rows are tried at once at first. */
const firstStretchRows = 1024

/** Every row of a key is compared with the earlier ones. So many comparisons take some minutes. */
const mostKeyComparisons = 2_000_000_000

/**
 * Moves the staged rows without faults into the target, with the same result as one statement for each row, each below its own savepoint: a refused row
 * leaves no trace, and each row sees the effects of the accepted rows before it. The server inserts a stretch of rows at once as long as none of
 * them is refused and no key is repeated in it. It halves the stretch if a row is refused, and tries single rows if most are refused. A million
 * rows take at most a million tries, of some 20 microseconds each; to find a refused row takes the logarithm of the number of good rows around it.
 */
export async function oneByOne({ connection, stage, faults, statement, queue }: OneByOneOptions): Promise<MoveCounts> {
  const queueTable = await createQueue(connection, stage, faults, queue)
  const { rows: found } = await connection.query(`SELECT EXISTS (SELECT FROM ${queueTable} WHERE ${previousColumn} IS NOT NULL) AS repeats`)
  const repeats = found[0]?.["repeats"] === true
  const key = repeats && queue.candidateOrder === undefined ? queue.key : undefined
  const written = key === undefined ? undefined : await writtenKeys(connection, stage, key)
  const moving = temporaryName("move")
  const move = (rows: string) => (written === undefined ? statement(rows) : written.record(statement(rows)))
  if (repeats && queue.candidateOrder === undefined && queue.key !== undefined)
    await requireFewVersions(connection, stage, queueTable, queue.key)
  const hasFurtherCandidates = repeats && queue.candidateOrder !== undefined
  const oneRowPerStatement = queue.oneRowPerStatement === true ? "always" : repeats && !hasFurtherCandidates ? "repeated" : "never"
  const parts: MovingParts = {
    queue: queueTable,
    faults: faults.table,
    move,
    oneRowPerStatement,
    hasFurtherCandidates,
    hasPolicies: stage.target.hasPolicies,
  }
  await connection.query(movingFunction(moving, parts))
  const { rows } = await connection.query(`SELECT ${moving}()::text AS touched`)
  await connection.query(`DROP FUNCTION ${moving}`)
  faults.hasFaults = true
  const touched = Number(rows[0]?.["touched"])
  const loaded = written === undefined ? touched : await written.count()
  if (!repeats || queue.key === undefined) return { loaded, superseded: 0 }
  // Of the accepted rows of a key, one counts as loaded or skipped.
  const { rows: counts } = await connection.query(
    `SELECT coalesce(sum(n - 1), 0)::text AS superseded, coalesce(sum(n), 0)::text AS accepted
     FROM (SELECT count(*) AS n FROM ${queueTable} s WHERE ${faults.withoutFaults} GROUP BY ${queue.key.map(identifier).join(", ")}) AS keys`,
  )
  const others = Number(counts[0]?.["accepted"]) - loaded
  return { loaded, superseded: Math.min(Number(counts[0]?.["superseded"]), others) }
}

/** Each row has to be found among all versions of its key that the load has written. A hundred thousand rows of one key would take hours. */
async function requireFewVersions(
  connection: Connection,
  { target }: TypedStage,
  queueTable: string,
  key: readonly string[],
): Promise<void> {
  const { rows } = await connection.query(
    `SELECT sum(n * n) > ${mostKeyComparisons} AS too_many, max(n)::text AS most
     FROM (SELECT count(*)::float8 AS n FROM ${queueTable} GROUP BY ${key.map(identifier).join(", ")}) AS keys WHERE n > 1`,
  )
  if (rows[0]?.["too_many"] !== true) return
  const { schema, table } = target
  throw new RowgateError({
    code: "SINK_REFUSED",
    message: `The file has up to ${String(rows[0]["most"])} rows with one key, too many to merge one by one into ${schema}.${table}: the squares of these numbers must not add up to more than ${mostKeyComparisons}.`,
    remedy: "Split the file into smaller ones, or filter out older rows of a key in the pipeline.",
    origin: { table },
  })
}

/** Records the key of each written row. A row that a later row of the file replaces does not count as loaded. */
async function writtenKeys(connection: Connection, { target }: TypedStage, key: readonly string[]) {
  const table = temporaryName("written")
  const columns = key.map(identifier).join(", ")
  await connection.query(`CREATE TEMP TABLE ${table} ON COMMIT DROP AS SELECT ${columns} FROM ${target.sql} WITH NO DATA`)
  const returned = key.map((column) => `t.${identifier(column)}`).join(", ")
  return {
    record: (statement: string) => `WITH written AS (${statement} RETURNING ${returned}) INSERT INTO ${table} SELECT * FROM written`,
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
  /** Whether a statement inserts only one row, instead of a stretch of them. */
  readonly oneRowPerStatement: "always" | "repeated" | "never"
  readonly hasFurtherCandidates: boolean
  readonly hasPolicies: boolean
}

/**
 * The names of variables begin with `rowgate_`, so that they do not collide with columns. The statement for single rows is planned once; the one for
 * a stretch is planned for its size.
 */
function movingFunction(
  name: string,
  { queue: queueTable, faults, move, oneRowPerStatement, hasFurtherCandidates, hasPolicies }: MovingParts,
): string {
  // A policy refuses with the code of a missing permission. A permission that is really missing would have shown before.
  const isNotOfRow = `SQLSTATE ~ '${notAboutRows}'${hasPolicies ? " AND SQLSTATE <> '42501'" : ""}`
  const single = move(`(SELECT * FROM ${queueTable} WHERE ${ordinal} = rowgate_row)`)
  // The context begins with the statement that failed. If it is not this one, a trigger ran it and may have written the message.
  const beginning = single.trim().split("\n")[0]?.slice(0, 60) ?? ""
  const together = move(`(SELECT * FROM ${queueTable} WHERE ${positionColumn} BETWEEN $1 AND $2 ORDER BY ${positionColumn})`)
  const atOnce = `EXECUTE ${literal(together)} USING rowgate_low, rowgate_high; GET DIAGNOSTICS rowgate_part = ROW_COUNT;`
  // Without savepoints: with one for each row, finding the newest of many versions of a key is ten times as slow.
  const singly = `
    rowgate_part := 0;
    FOR rowgate_row IN SELECT ${ordinal} FROM ${queueTable} WHERE ${positionColumn} BETWEEN rowgate_low AND rowgate_high ORDER BY ${positionColumn} LOOP
      ${single};
      GET DIAGNOSTICS rowgate_one = ROW_COUNT;
      rowgate_part := rowgate_part + rowgate_one;
    END LOOP;`
  const isRepeated = `EXISTS (SELECT FROM ${queueTable} WHERE ${positionColumn} BETWEEN rowgate_low AND rowgate_high AND ${previousColumn} >= rowgate_low)`
  const several = { never: atOnce, always: singly, repeated: `IF ${isRepeated} THEN ${singly} ELSE ${atOnce} END IF;` }[oneRowPerStatement]
  // The rollback after a refused row would close an open cursor, so each candidate is queried separately.
  const next = hasFurtherCandidates
    ? `SELECT ${ordinal} INTO rowgate_row FROM ${queueTable} WHERE ${previousColumn} = rowgate_low AND ${positionColumn} IS NULL AND ${candidateColumn} = rowgate_candidate;`
    : "rowgate_row := NULL;"
  return `CREATE FUNCTION ${name}() RETURNS bigint LANGUAGE plpgsql AS ${literal(`
    #variable_conflict use_column
    DECLARE
      rowgate_low bigint := 1;
      rowgate_high bigint;
      rowgate_last bigint;
      -- A row up to this position will be refused.
      rowgate_bad bigint := 0;
      rowgate_size bigint := ${firstStretchRows};
      rowgate_good bigint := 0;
      rowgate_row bigint;
      rowgate_candidate bigint;
      rowgate_touched bigint := 0;
      rowgate_part bigint;
      rowgate_one bigint;
      rowgate_code text; rowgate_message text; rowgate_detail text; rowgate_constraint text; rowgate_column text; rowgate_context text;
    BEGIN
      SELECT coalesce(max(${positionColumn}), 0) INTO rowgate_last FROM ${queueTable};
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
        SELECT ${ordinal} INTO rowgate_row FROM ${queueTable} WHERE ${positionColumn} = rowgate_low;
        rowgate_candidate := 1;
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
            IF rowgate_candidate = 1 THEN
              -- Next, try half as many rows at once as were accepted since the last refused one.
              rowgate_size := greatest(rowgate_good / 2, 1);
              rowgate_good := -1;
            END IF;
            rowgate_candidate := rowgate_candidate + 1;
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
