import type { Column } from "../../model/column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import type { CellTest } from "./cell-test.ts"

/** The bounds of numbers, or of instants in milliseconds. They are inclusive. */
export interface NumberBounds {
  readonly minimum: number
  readonly maximum: number
  readonly whole: boolean
}

/** Tests numbers, or dates as milliseconds, against bounds. In a column of another layout, all cells are marked. */
export class NumberTest implements CellTest {
  readonly #kind: "number" | "date"
  readonly #bounds: NumberBounds

  constructor(kind: "number" | "date", bounds: NumberBounds) {
    this.#kind = kind
    this.#bounds = bounds
  }

  doubt(column: Column<unknown>, doubts: Uint8Array): void {
    const values = this.#valuesOf(column)
    const { minimum, maximum, whole } = this.#bounds
    const { nulls, length } = column
    for (let row = 0; row < length; row++) {
      const value = values?.[row] ?? Number.NaN
      // The condition is positive, so that NaN, which fails every comparison, is marked.
      if (value >= minimum && value <= maximum && (!whole || Number.isInteger(value))) continue
      if (!nulls.has(row)) doubts[row] = 1
    }
  }

  #valuesOf(column: Column<unknown>): Float64Array | undefined {
    if (this.#kind === "number") return column instanceof NumberColumn ? column.numbers() : undefined
    return column instanceof DateColumn ? column.times() : undefined
  }
}
