import { RowgateError } from "../../errors/rowgate-error.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { DayMonthOrder } from "../day-month.ts"

/** Rows before this one were read in the other order, and nobody can tell which of them were meant so. */
export class ContradictedOrder extends Error {
  readonly #order: DayMonthOrder
  /** The row of the column that was read. */
  readonly #row: number

  constructor(order: DayMonthOrder, row: number) {
    super(`a date contradicts the order ${order}`)
    this.#order = order
    this.#row = row
  }

  /** What stops the run. It names the cell by its place: an error quotes no cell. */
  in(batch: TableBatch, column: string): RowgateError {
    const { uri, table, row, address } = batch.origin(this.#row)
    return new RowgateError({
      code: "PLAN_CONTRADICTED",
      message: `The date in row ${row}, column ${column}, contradicts the order (${this.#order}) that the sample of this column proved.`,
      remedy: 'Declare the format, e.g. cell.date(["dd/MM/yyyy"]); rows in another format are then set aside one by one.',
      origin: { uri, table, row, column, address },
    })
  }
}
