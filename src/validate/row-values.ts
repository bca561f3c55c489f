import type { Column } from "../model/column.ts"
import { setOwn } from "../model/set-own.ts"
import type { SchemaColumn } from "./schema-column.ts"

/** The cells of a column, and what a row has for an empty one. */
export interface RowCells {
  readonly name: string
  readonly column: Column<unknown>
  readonly blank: SchemaColumn["blank"]
}

/** Rows as a schema expects them. */
export class RowValues {
  readonly #cells: readonly RowCells[]
  /** If a schema has a column "constructor" and the cell is left out, it must not find the `constructor` that every object inherits. */
  readonly #bare: boolean

  constructor(cells: readonly RowCells[]) {
    this.#cells = cells
    this.#bare = cells.some(({ name }) => name in Object.prototype)
  }

  /** `absent` names further columns that are left out if they are null. */
  at(row: number, absent?: ReadonlySet<string>): { [name: string]: unknown } {
    const values: { [name: string]: unknown } = this.#bare ? Object.create(null) : {}
    for (const { name, column, blank } of this.#cells) {
      const value = column.at(row)
      if (value !== null) setOwn(values, name, value)
      else if (blank !== "absent" && absent?.has(name) !== true) setOwn(values, name, blank === "null" ? null : undefined)
    }
    return values
  }
}
