import { shownText } from "../../errors/shown-text.ts"
import { createIssue } from "../../model/create-issue.ts"
import type { Issue } from "../../model/issue.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { type AnyLoadOptions, unexpectedPolicy } from "../load-modes.ts"
import { databaseColumn, withNames } from "./column-names.ts"
import type { TargetTable } from "./target-table.ts"

/** Columns of the rows that an existing table lacks, and that are not added to it. */
export class SurplusColumns {
  readonly #options: AnyLoadOptions
  /** How many cells had values in each column that was left out. */
  readonly #discarded = new Map<string, number>()
  readonly #names = new Set<string>()

  constructor(options: AnyLoadOptions) {
    this.#options = options
  }

  /**
   * The batch without these columns, if the options leave them out. Rows with a value in one of them are passed to `refuse` if the options reject
   * them. Otherwise it is the batch itself: the table gets the columns, or the load is refused.
   */
  without(batch: TableBatch<unknown>, table: TargetTable, refuse: (row: number, issues: readonly Issue[]) => void): TableBatch<unknown> {
    const policy = unexpectedPolicy(this.#options)
    if (!table.exists || (policy !== "discardColumn" && policy !== "rejectRow")) return batch
    const named = withNames(table, batch.names, this.#options)
    const surplus = batch.names.filter((name) => !table.columns.has(databaseColumn(name, this.#options, named)))
    if (surplus.length === 0) return batch
    for (const name of surplus) this.#names.add(name)
    if (policy === "discardColumn") for (const name of surplus) this.#discard(name, batch)
    const kept = policy === "discardColumn" ? batch : withoutRows(batch, surplus, table, refuse)
    const { names, columns, absent } = kept.shape
    const places = names.flatMap((name, at) => (surplus.includes(name) ? [] : [at]))
    return kept.withShape({ names: at(names, places), columns: at(columns, places), absent })
  }

  /** Those that were found. */
  get names(): readonly string[] {
    return [...this.#names]
  }

  /** What a reader of the report should know about the columns that were left out. */
  notices({ schema, table }: TargetTable): readonly TableNotice[] {
    return [...this.#discarded].map(([column, cells]) => ({
      code: "column.discarded",
      message: `${schema}.${table} has no column for "${shownText(column)}", so it was left out. ${cellsText(cells)}`,
      column,
    }))
  }

  #discard(name: string, batch: TableBatch<unknown>): void {
    const column = batch.column(name)
    const cells = column === undefined ? 0 : column.length - column.nulls.count
    this.#discarded.set(name, (this.#discarded.get(name) ?? 0) + cells)
  }
}

/** A version of the batch in which the rows with a value in one of the columns do not pass. Other sinks still get them. */
function withoutRows(
  batch: TableBatch<unknown>,
  surplus: readonly string[],
  { schema, table }: TargetTable,
  refuse: (row: number, issues: readonly Issue[]) => void,
): TableBatch<unknown> {
  const columns = surplus.flatMap((name) => {
    const column = batch.column(name)
    if (column === undefined || column.nulls.count === column.length) return []
    const message = `The row has a value in the column "${shownText(name)}", which ${schema}.${table} does not have.`
    return [{ column, issue: createIssue({ code: "column.unexpected", message, column: name }) }]
  })
  if (columns.length === 0) return batch
  const apart = batch.apart()
  for (const row of batch.selection) {
    const issues = columns.flatMap(({ column, issue }) => (column.nulls.has(row) ? [] : [issue]))
    if (issues.length === 0) continue
    refuse(row, issues)
    apart.drop(row)
  }
  return apart
}

function at<V>(values: readonly V[], places: readonly number[]): readonly V[] {
  return places.flatMap((place) => values.slice(place, place + 1))
}

function cellsText(cells: number): string {
  if (cells === 0) return "None of its cells has a value."
  return cells === 1 ? "One of its cells has a value." : `${cells} of its cells have values.`
}
