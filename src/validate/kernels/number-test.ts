import type { Column } from "../../model/column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import type { CellTest } from "./cell-test.ts"

/** What numbers, or instants in milliseconds, may be. Bounds are inclusive. */
export interface NumberBounds {
  readonly minimum: number
  readonly maximum: number
  readonly whole: boolean
}

/** Bounds of numbers, or of dates as milliseconds. Columns of another layout are doubted whole. */
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
      // Written so that NaN, which no bound holds, is doubted.
      if (value >= minimum && value <= maximum && (!whole || Number.isInteger(value))) continue
      if (!nulls.has(row)) doubts[row] = 1
    }
  }

  #valuesOf(column: Column<unknown>): Float64Array | undefined {
    if (this.#kind === "number") return column instanceof NumberColumn ? column.numbers() : undefined
    return column instanceof DateColumn ? column.times() : undefined
  }
}
