import { blanksToNull } from "../cells/blank-cells.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Batch } from "../model/batch.ts"
import { TableBatch } from "../model/table-batch.ts"
import { ColumnSketch, type ColumnSketchState } from "./column-sketch.ts"
import { describeColumn } from "./describe-column.ts"
import { evidenceOfValues } from "./evidence-of-values.ts"
import { proposedColumns } from "./proposed-columns.ts"
import type { TableProfile } from "./table-profile.ts"

/** Sketches of another version cannot be merged with these. */
const version = 2

/** The JSON of a sketch. */
interface TableSketchState {
  readonly version: number
  readonly table: string
  readonly rows: number
  readonly unreadable: number
  readonly columns: readonly (readonly [name: string, sketch: ColumnSketchState])[]
}

/**
 * What a profile is made of. Sketches of the parts of a table add up to the sketch of the table: in whatever parts and order its rows come, the profile is
 * the same.
 */
export class TableSketch {
  #table: string
  #rows = 0
  #unreadable = 0
  readonly #columns = new Map<string, ColumnSketch>()

  /** An empty sketch of a table with this name. */
  constructor(table: string) {
    this.#table = table
  }

  /** How many rows were added. */
  get rows(): number {
    return this.#rows
  }

  /** Adds the rows of a batch, or the first `most` of them; only some columns, if `columns` names them. */
  add(given: Batch<unknown>, most: number = given.length, columns?: ReadonlySet<string>): void {
    const batch = TableBatch.from(given)
    const { selection } = batch
    const length = Math.min(most, batch.length)
    const isWhole = length === batch.length && selection.size === batch.length
    const rows = isWhole ? undefined : { has: (row: number) => row < length && selection.has(row) }
    this.#rows += length
    if (rows !== undefined) for (let row = 0; row < length; row++) if (!selection.has(row)) this.#unreadable++
    batch.names.forEach((name, position) => {
      if (columns?.has(name) === false) return
      const known = this.#columns.get(name) ?? new ColumnSketch(position)
      this.#columns.set(name, known)
      const column = batch.column(name)
      if (column !== undefined) known.add(blanksToNull(column), rows)
    })
  }

  /** Adds what another sketch knows. */
  merge(other: TableSketch): void {
    if (other.#table < this.#table) this.#table = other.#table
    this.#rows += other.#rows
    this.#unreadable += other.#unreadable
    for (const [name, column] of other.#columns) {
      const known = this.#columns.get(name) ?? new ColumnSketch(column.position)
      this.#columns.set(name, known)
      known.merge(column)
    }
  }

  /** The profile of the rows so far. */
  profile(): TableProfile {
    const readable = this.#rows - this.#unreadable
    const columns = this.#inOrder()
    const proposed = proposedColumns(columns.map(([name, { values }]) => [name, evidenceOfValues(values.minima.entries())]))
    return {
      table: this.#table,
      rows: this.#rows,
      unreadable: this.#unreadable,
      columns: columns.flatMap(([, column], at) => proposed.slice(at, at + 1).map((each) => describeColumn(each, column, readable))),
    }
  }

  /** The sketch as plain JSON, for `TableSketch.from`. */
  toJSON(): object {
    const columns = this.#inOrder().map(([name, column]) => [name, column.state()] as const)
    return { version, table: this.#table, rows: this.#rows, unreadable: this.#unreadable, columns } satisfies TableSketchState
  }

  /** A sketch from its parsed JSON. Throws `CONFIG_INVALID` for anything else, and for the JSON of another version. */
  static from(json: object): TableSketch {
    if (!isState(json)) throw foreignSketch()
    const sketch = new TableSketch(json.table)
    sketch.#rows = json.rows
    sketch.#unreadable = json.unreadable
    for (const [name, column] of json.columns) sketch.#columns.set(name, ColumnSketch.from(column))
    return sketch
  }

  /** The columns by their places, so that the order of merging does not matter. */
  #inOrder(): (readonly [string, ColumnSketch])[] {
    return [...this.#columns].sort(([name, one], [other, two]) => one.position - two.position || (name < other ? -1 : 1))
  }
}

function isState(json: object): json is TableSketchState {
  return "version" in json && json.version === version && "columns" in json && Array.isArray(json.columns)
}

function foreignSketch(): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `TableSketch.from() takes the JSON of a sketch in version ${version}.`,
    remedy: "Make the sketch again with this version of rowgate.",
  })
}
