import type { Column } from "../model/column.ts"
import { setOwn } from "../model/set-own.ts"

/** Rows as a schema expects them: a null cell is null, or left out. */
export class RowValues {
  readonly #columns: readonly { readonly name: string; readonly column: Column<unknown>; readonly leaveOut: boolean }[]
  /** If a schema has a column "constructor" and the cell is left out, it must not find the `constructor` that every object inherits. */
  readonly #bare: boolean

  constructor(columns: readonly { readonly name: string; readonly column: Column<unknown>; readonly leaveOut: boolean }[]) {
    this.#columns = columns
    this.#bare = columns.some(({ name }) => name in Object.prototype)
  }

  /** `absent` names further columns that are left out if they are null. */
  at(row: number, absent?: ReadonlySet<string>): { [name: string]: unknown } {
    const values: { [name: string]: unknown } = this.#bare ? Object.create(null) : {}
    for (const { name, column, leaveOut } of this.#columns) {
      const value = column.at(row)
      if (value === null && (leaveOut || absent?.has(name) === true)) continue
      setOwn(values, name, value)
    }
    return values
  }
}
