import { RowgateError } from "../errors/rowgate-error.ts"
import type { Batch, WithColumn } from "./batch.ts"
import { type BatchRoot, newRoot } from "./batch-root.ts"
import type { Row } from "./cell-value.ts"
import type { Column, Columns } from "./column.ts"
import { columnOf } from "./column-of.ts"
import { ValueColumn } from "./columns/value-column.ts"
import { createIssue } from "./create-issue.ts"
import type { Finding, Issue } from "./issue.ts"
import type { RowIssues } from "./issue-table.ts"
import type { Origin, Origins } from "./origin.ts"
import type { Reject } from "./reject.ts"
import { type RowShape, type RowView, rowMaker, rowObject, SelectedRows } from "./row-view.ts"
import { RowSelection, type Selection } from "./selection.ts"
import type { TableFacts } from "./table-facts.ts"
import type { UnjudgedRows } from "./unjudged-rows.ts"

const nothingAbsent: ReadonlySet<string> = new Set()

/** What a batch is made from. */
export interface TableBatchOptions {
  readonly length: number
  readonly table: TableFacts
  readonly names: readonly string[]
  /** One column for each name, each of `length` rows. */
  readonly columns: readonly Column<unknown>[]
  readonly origins: Origins
  /** The text of rows that could not be read into columns, such as malformed lines. Rejects contain it as `_raw` instead of cells. */
  readonly unread?: ReadonlyMap<number, string> | undefined
  /** True if no other batch uses the buffers: to keep the batch, nothing need be copied. Default: false. */
  readonly owned?: boolean | undefined
}

/** A batch with everything that stages did to it, for `TableBatch.restore`. */
export interface RestoredBatch extends TableBatchOptions {
  /** The columns that stages made. Default: those of the file. */
  readonly shape?: RowShape | undefined
  readonly selection: RowSelection
  readonly issues: RowIssues
  readonly filtered: Set<number>
  readonly distrusted: Set<number>
  /** Default: every rule could judge every row. */
  readonly unjudged?: UnjudgedRows | undefined
  readonly quality: Float64Array | undefined
}

/** The library's own batch. Stages replace its columns; marks and issues stay. */
export class TableBatch<out T = unknown> implements Batch<T> {
  readonly shape: RowShape
  readonly #root: BatchRoot
  #columns: Columns<T> | undefined

  private constructor(root: BatchRoot, shape: RowShape) {
    this.#root = root
    this.shape = shape
  }

  static of<T>(options: TableBatchOptions): TableBatch<T> {
    const { length, table, names, columns, origins, unread, owned = false } = options
    const raw = { names, columns, absent: nothingAbsent }
    return new TableBatch<T>(newRoot({ length, table, origins, raw, unread, owned }), raw)
  }

  /** A batch as it left another process, with its marks, its issues and the columns that stages made. */
  static restore<T>(options: RestoredBatch): TableBatch<T> {
    const { length, table, names, columns, origins, unread, owned = false } = options
    const raw = { names, columns, absent: nothingAbsent }
    return new TableBatch<T>(newRoot({ length, table, origins, raw, unread, owned }, options), options.shape ?? raw)
  }

  /** The batch as the class behind it. Throws `PIPELINE_INVALID` for a value that rowgate did not make. */
  static from<T>(batch: Batch<T>): TableBatch<T> {
    // A proxy of a batch passes instanceof, and fails later at the private fields.
    if (batch instanceof TableBatch && #root in batch) return batch
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: "A parser or stage gave a batch that rowgate did not make.",
      remedy: "Make batches with toBatches(...).",
    })
  }

  get length(): number {
    return this.#root.length
  }

  get table(): TableFacts {
    return this.#root.table
  }

  get selection(): RowSelection {
    return this.#root.selection
  }

  get issues(): RowIssues {
    return this.#root.issues
  }

  /** The failed rows that rules could not judge. */
  get unjudged(): UnjudgedRows {
    return this.#root.unjudged
  }

  get quality(): Float64Array | undefined {
    return this.#root.quality
  }

  set quality(scores: Float64Array | undefined) {
    this.#root.quality = scores
  }

  get names(): readonly string[] {
    return this.shape.names
  }

  /** How many rows were filtered out. */
  get filtered(): number {
    return this.#root.filtered.size
  }

  get columns(): Columns<T> {
    this.#columns ??= columnsByName<T>(this.shape)
    return this.#columns
  }

  get rows(): RowView<T> {
    return new SelectedRows<T>(this.shape, this.selection)
  }

  column(name: string): Column<unknown> | undefined {
    return this.shape.columns[this.shape.names.indexOf(name)]
  }

  /** The file's own columns, before any stage. */
  get rawShape(): RowShape {
    return this.#root.raw
  }

  /** Whether its buffers stay unchanged after the batch is released. */
  get isOwned(): boolean {
    return this.#root.owned
  }

  /** The text of rows that could not be read into columns. */
  get unread(): ReadonlyMap<number, string> | undefined {
    return this.#root.unread
  }

  /** Where its rows came from. Unlike the column buffers, it stays valid after the batch is released. */
  get origins(): Origins {
    return this.#root.origins
  }

  origin(row: number): Origin {
    return this.#root.origins.at(row)
  }

  raw(row: number): Row {
    const text = this.#root.unread?.get(row)
    if (text !== undefined) return { _raw: text }
    return rowObject(this.#root.raw, row) as Row
  }

  /** The row as it leaves the run: its own issues, and then what a sink found. */
  reject(row: number, found: readonly Issue[] = []): Reject {
    const issues = this.issues.of(row)
    return { origin: this.origin(row), raw: this.raw(row), issues: found.length === 0 ? issues : [...issues, ...found] }
  }

  /** The rows that failed: neither passing nor filtered. */
  *rejected(): IterableIterator<number> {
    if (this.selection.size + this.filtered === this.length) return
    for (let row = 0; row < this.length; row++) if (!this.selection.has(row) && !this.#root.filtered.has(row)) yield row
  }

  fail(row: number, finding: Finding<T>): void {
    const { code, message, column, severity, confidence, suggestion } = finding
    this.mark(row, createIssue({ code, message, column, severity, confidence, suggestion }))
  }

  /** Adds an issue; an error removes the row from the selection. Throws a `RangeError` for a row that the batch does not have. */
  mark(row: number, issue: Issue): void {
    if (!(row >= 0 && row < this.length)) throw new RangeError(`Row ${row} cannot be marked: the batch has ${this.length} rows.`)
    this.issues.add(row, issue)
    if (issue.severity === "error" && !this.#root.filtered.has(row)) this.selection.drop(row)
  }

  /** Counts a passing row as filtered: it no longer passes, and has not failed. */
  drop(row: number): void {
    if (!this.selection.has(row)) return
    this.#root.filtered.add(row)
    this.selection.drop(row)
  }

  /** Every row that was not filtered out, failed rows included. */
  kept(): Selection {
    if (this.filtered === 0) return new RowSelection(this.length)
    const kept = new RowSelection(this.length)
    for (const row of this.#root.filtered) kept.drop(row)
    return kept
  }

  /** The rows that were filtered out. */
  filteredRows(): IterableIterator<number> {
    return this.#root.filtered.values()
  }

  /** Whether the row was filtered out. */
  dropped(row: number): boolean {
    return this.#root.filtered.has(row)
  }

  /** Notes that a null in a failed row may be a value that was never computed. */
  distrust(row: number): void {
    this.#root.distrusted.add(row)
  }

  /** How many rows `distrust` noted. */
  get distrusted(): number {
    return this.#root.distrusted.size
  }

  /** Whether a null in the row is an empty cell, not a value that was never computed. */
  trusts(row: number): boolean {
    return !this.#root.distrusted.has(row)
  }

  /** A copy of some rows, with their values, origins, raw cells and issues. */
  take(rows: readonly number[]): TableBatch<T> {
    const shapeOf = ({ names, columns, absent }: RowShape): RowShape => ({
      names,
      columns: columns.map((column) => taken(column, rows)),
      absent,
    })
    const { raw, table, origins, unread } = this.#root
    const places = rows.map((row) => origins.at(row))
    const texts = rows.flatMap((row, at) => {
      const text = unread?.get(row)
      return text === undefined ? [] : [[at, text] as const]
    })
    const { names, columns } = shapeOf(raw)
    const copy = TableBatch.of<T>({
      length: rows.length,
      table,
      names,
      columns,
      origins: { at: (row) => places[row] ?? { uri: "", row: 0 } },
      unread: new Map(texts),
      owned: true,
    })
    rows.forEach((row, at) => {
      for (const issue of this.issues.found(row)) copy.mark(at, issue)
      if (this.dropped(row)) copy.drop(at)
      if (!this.trusts(row)) copy.distrust(at)
      for (const rule of this.unjudged.of(row)) copy.unjudged.add(rule, at)
    })
    return copy.withShape(shapeOf(this.shape))
  }

  filter(keep: (row: T) => boolean): TableBatch<T> {
    const make = rowMaker(this.shape)
    for (const row of this.selection) if (!keep(make(row) as T)) this.drop(row)
    return this
  }

  map<U>(transform: (row: T) => U): TableBatch<U> {
    const values = new Map<string, unknown[]>()
    const make = rowMaker(this.shape)
    for (const row of this.selection) {
      const mapped = transform(make(row) as T)
      for (const [name, value] of Object.entries(mapped as object)) {
        const column = values.get(name) ?? []
        if (column.length === 0) values.set(name, column)
        column[row] = value
      }
    }
    for (const row of this.rejected()) this.distrust(row)
    const columns = [...values.values()].map((column) => columnOf(column, this.length))
    return this.withShape<U>({ names: [...values.keys()], columns, absent: nothingAbsent })
  }

  withColumn<const K extends string, V>(name: K, compute: (row: T) => V): TableBatch<WithColumn<T, K, V>> {
    const values: unknown[] = new Array(this.length)
    const make = rowMaker(this.shape)
    for (const row of this.selection) values[row] = compute(make(row) as T)
    for (const row of this.rejected()) this.distrust(row)
    return this.withColumns<WithColumn<T, K, V>>(new Map([[name, columnOf(values, this.length)]]))
  }

  /** The same rows with columns replaced, or added at the end. */
  withColumns<U>(replaced: ReadonlyMap<string, Column<unknown>>): TableBatch<U> {
    const names = [...this.shape.names]
    const columns = [...this.shape.columns]
    for (const [name, column] of replaced) {
      const at = names.indexOf(name)
      if (at < 0) {
        names.push(name)
        columns.push(column)
      } else columns[at] = column
    }
    return this.withShape<U>({ names, columns, absent: this.shape.absent })
  }

  /** The same rows with other facts of their table. */
  withTable(table: TableFacts): TableBatch<T> {
    return new TableBatch<T>(newRoot(this.#root, { table }), this.shape)
  }

  /** The same rows with copies of their marks and issues: what happens to the copies leaves this batch as it is. */
  apart(): TableBatch<T> {
    const { selection, issues, filtered, distrusted, unjudged } = this.#root
    const copies = { issues: issues.copy(), filtered: new Set(filtered), distrusted: new Set(distrusted), unjudged: unjudged.copy() }
    return new TableBatch<T>(newRoot(this.#root, { ...copies, selection: selection.copy() }), this.shape)
  }

  /** The same rows, marks and issues with another selection, from which errors remove rows. */
  withSelection(selection: RowSelection): TableBatch<T> {
    return new TableBatch<T>(newRoot(this.#root, { selection }), this.shape)
  }

  /** The same rows, marks and issues under other columns. */
  withShape<U>(shape: RowShape): TableBatch<U> {
    return new TableBatch<U>(this.#root, shape)
  }
}

/** Some rows of a column, with what a spreadsheet shows for their numbers. */
function taken(column: Column<unknown>, rows: readonly number[]): Column<unknown> {
  const values = rows.map((row) => column.at(row))
  const { shown } = column
  return new ValueColumn(values, values.length, undefined, shown && { at: (at) => shown.at(rows[at] ?? -1) })
}

/** A column object without a prototype, so that no header can reach one. */
function columnsByName<T>(shape: RowShape): Columns<T> {
  const columns: { [name: string]: Column<unknown> } = Object.create(null)
  shape.names.forEach((name, at) => {
    const column = shape.columns[at]
    if (column !== undefined) columns[name] = column
  })
  return columns as Columns<T>
}
