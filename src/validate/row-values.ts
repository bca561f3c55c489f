import type { Column } from "../model/column.ts"
import { setOwn } from "../model/set-own.ts"

/** Rows as a schema takes them: a null cell as null, or left out. */
export class RowValues {
  readonly #columns: readonly { readonly name: string; readonly column: Column<unknown>; readonly leaveOut: boolean }[]

  constructor(columns: readonly { readonly name: string; readonly column: Column<unknown>; readonly leaveOut: boolean }[]) {
    this.#columns = columns
  }

  /** `absent` names columns whose nulls are left out beside the ones that always are. */
  at(row: number, absent?: ReadonlySet<string>): { [name: string]: unknown } {
    const values: { [name: string]: unknown } = {}
    for (const { name, column, leaveOut } of this.#columns) {
      const value = column.at(row)
      if (value === null && (leaveOut || absent?.has(name) === true)) continue
      setOwn(values, name, value)
    }
    return values
  }
}
