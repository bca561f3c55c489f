import type { Column } from "../model/column.ts"
import { setOwn } from "../model/set-own.ts"

/** Rows as a schema takes them: a null cell as null, or left out. */
export class RowValues {
  readonly #columns: readonly { readonly name: string; readonly column: Column<unknown>; readonly leaveOut: boolean }[]
  /** A schema that looks for a column called "constructor" must not find the one of every object where the cell is left out. */
  readonly #bare: boolean

  constructor(columns: readonly { readonly name: string; readonly column: Column<unknown>; readonly leaveOut: boolean }[]) {
    this.#columns = columns
    this.#bare = columns.some(({ name }) => name in Object.prototype)
  }

  /** `absent` names columns whose nulls are left out beside the ones that always are. */
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
