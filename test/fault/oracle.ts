import type { TableBatch } from "../../src/model/table-batch.ts"
import { batchOf } from "../sinks/batch-of.ts"

export const readRows = 20_000
const batchRows = 1_000

const isRejected = (row: number) => row % 97 === 0
const isFiltered = (row: number) => row % 89 === 0 && !isRejected(row)
/** Refused by the table: the check on `qty`. */
const isRefused = (row: number) => row % 4_999 === 7 && !isRejected(row) && !isFiltered(row)

const all = Array.from({ length: readRows }, (_, at) => at + 1)

/** What every delivery of the file must end in. */
export const expected = {
  loaded: all.filter((row) => !isRejected(row) && !isFiltered(row) && !isRefused(row)).length,
  rejected: all.filter((row) => isRejected(row) || isRefused(row)).length,
  filtered: all.filter(isFiltered).length,
}

/** The table that the file goes to. */
export function createTarget(table: string): string {
  return `CREATE TABLE ${table} (id int PRIMARY KEY, name text, qty int CHECK (qty >= 0), note text)`
}

/** Gives the sum by which the loaded rows are compared with the file's: of every value of every row. */
export function digestSql(table: string): string {
  return `SELECT count(*)::int AS rows, coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS digest FROM ${table} t`
}

/** Fills a table with the rows that must be there in the end, by SQL alone. */
export function fillSql(table: string): string {
  return `INSERT INTO ${table}
    SELECT id, 'name ' || id, id % 100, CASE WHEN id % 3 = 0 THEN NULL WHEN id % 3 = 1 THEN '' ELSE E'line\\n' || id || E'\\t\\\\' END
    FROM generate_series(1, ${readRows}) AS id
    WHERE id % 97 <> 0 AND id % 89 <> 0 AND id % 4999 <> 7`
}

/** The file, as batches that a pipeline would bring. */
export async function* fileBatches(
  beforeBatch: (index: number) => void | Promise<void> = () => undefined,
): AsyncGenerator<TableBatch<object>> {
  for (let first = 1, index = 0; first <= readRows; first += batchRows, index++) {
    await beforeBatch(index)
    const rows = Array.from({ length: batchRows }, (_, at) => rowOf(first + at))
    const batch = batchOf(rows, "memory:oracle.csv", first)
    for (let at = 0; at < batchRows; at++) {
      if (isRejected(first + at)) batch.fail(at, { code: "oracle.bad", message: "is bad" })
      else if (isFiltered(first + at)) batch.drop(at)
    }
    yield batch
  }
}

function rowOf(id: number) {
  const note = id % 3 === 0 ? null : id % 3 === 1 ? "" : `line\n${id}\t\\`
  return { id, name: `name ${id}`, qty: isRefused(id) ? -1 : id % 100, note }
}
