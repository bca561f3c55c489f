import { RowgateError } from "../errors/rowgate-error.ts"
import { columnOf } from "../model/column-of.ts"
import type { TableBatch } from "../model/table-batch.ts"

/** What a schema returned for the rows of a batch, by column. */
export class RowOutput {
  readonly #length: number
  readonly #columns = new Map<string, unknown[]>()
  readonly #absent: Set<string>
  readonly #filled: number[] = []

  constructor(length: number, absent: ReadonlySet<string>) {
    this.#length = length
    this.#absent = new Set(absent)
  }

  set(row: number, value: unknown): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw notARow(value)
    this.#filled.push(row)
    for (const [name, part] of Object.entries(value)) {
      const values = this.#columns.get(name) ?? new Array(this.#length)
      this.#columns.set(name, values)
      values[row] = part
    }
  }

  /** The batch with what the schema returned. `names` are the columns of all batches so far, to which its own are added. */
  batch<Out>(batch: TableBatch, names: Set<string>, reshapes: boolean): TableBatch<Out> {
    for (const name of this.#columns.keys()) names.add(name)
    if (!reshapes) this.#keepRead(batch, names)
    return batch.withShape<Out>(this.#shape(names))
  }

  /** Failed rows keep the cells that have their column's kind, because key checks see every row. */
  #keepRead(batch: TableBatch, names: ReadonlySet<string>): void {
    for (const row of batch.rejected()) batch.distrust(row)
    for (const name of names) {
      const cells = batch.column(name)
      const values = this.#columns.get(name) ?? new Array(this.#length)
      const kind = kindOf(values[this.#filled.find((row) => values[row] !== null && values[row] !== undefined) ?? -1])
      for (const row of batch.rejected()) {
        const cell = cells?.at(row)
        if (kind === "undefined" || kindOf(cell) === kind) values[row] = cell
      }
      this.#columns.set(name, values)
    }
  }

  #shape(given: ReadonlySet<string>) {
    const names = [...given]
    const columns = names.map((name) => columnOf(this.#columns.get(name) ?? [], this.#length))
    const left = names.filter((name) => this.#isLeftOut(name))
    return { names, columns, absent: new Set([...this.#absent, ...left]) }
  }

  /** Whether the schema left the column out of some row, and set it to null in none. */
  #isLeftOut(name: string): boolean {
    const values = this.#columns.get(name) ?? []
    return this.#filled.some((row) => values[row] === undefined) && this.#filled.every((row) => values[row] !== null)
  }
}

function kindOf(value: unknown): string {
  return value instanceof Date ? "date" : value === null ? "undefined" : typeof value
}

function notARow(value: unknown): RowgateError {
  return new RowgateError({
    code: "SCHEMA_INVALID",
    message: `The schema returns ${Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`} for a row.`,
    remedy: "Use a schema that returns objects, such as z.object({ ... }).",
  })
}
