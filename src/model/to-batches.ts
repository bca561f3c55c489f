import { checkOptions } from "../options/check-options.ts"
import { anyText, list, text, whole } from "../options/option-kinds.ts"
import type { Column } from "./column.ts"
import { columnOf } from "./column-of.ts"
import { TableBatch } from "./table-batch.ts"
import type { TableFacts } from "./table-facts.ts"

/** Options of `toBatches`. */
export interface ToBatchesOptions {
  /** The greatest number of rows in a batch. Default: 8,192. */
  readonly batchRows?: number | undefined
  /** The name of the table, also used as the URI of its rows. Default: `"rows"`. */
  readonly table?: string | undefined
  /** Columns that rows are known to have. They come first, and are there from the first batch on. */
  readonly columns?: readonly string[] | undefined
}

/**
 * Turns rows into batches, for parsers and stages that work with rows. Without rows it gives one batch of length 0.
 *
 * @example
 * ```ts run
 * import { toBatches } from "rowgate"
 *
 * for await (const batch of toBatches([{ sku: "a" }, { sku: "b" }, { sku: "c" }], { batchRows: 2 })) console.log(batch.length)
 * // => 2
 * // => 1
 * ```
 */
export function toBatches<T>(rows: Iterable<T> | AsyncIterable<T>, options: ToBatchesOptions = {}): AsyncGenerator<TableBatch<T>> {
  checkOptions("toBatches()", options, { batchRows: whole(1), table: anyText(), columns: list(text(), "a list of column names") })
  return batchesOf(rows, options)
}

async function* batchesOf<T>(rows: Iterable<T> | AsyncIterable<T>, options: ToBatchesOptions): AsyncGenerator<TableBatch<T>> {
  const { batchRows = 8192, table: name = "rows", columns: known = [] } = options
  const names = new Set<string>(known)
  let values = new Map<string, unknown[]>()
  let length = 0
  let first = 1
  let made = 0
  let table: TableFacts = { name, header: [], growing: true }
  const flush = (): TableBatch<T> => {
    // A stage matches the header again only when it meets a new facts object.
    if (table.header.length !== names.size) table = { name, header: [...names], growing: true }
    const { header } = table
    const columns = header.map((column): Column<unknown> => columnOf(values.get(column) ?? [], length))
    const base = first
    const origins = { at: (row: number) => ({ uri: name, table: name, row: base + row }) }
    const batch = TableBatch.of<T>({ length, table, names: header, columns, origins })
    values = new Map()
    first += length
    length = 0
    made++
    return batch
  }
  for await (const row of rows) {
    for (const [column, value] of Object.entries(row as object)) {
      names.add(column)
      const cells = values.get(column) ?? []
      values.set(column, cells)
      cells[length] = value
    }
    length++
    if (length === batchRows) yield flush()
  }
  if (length > 0 || made === 0) yield flush()
}
