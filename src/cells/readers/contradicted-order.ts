import { RowgateError } from "../../errors/rowgate-error.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { DayMonthOrder } from "../day-month.ts"

/** Earlier rows were read in the other order, and nobody can tell which of them were meant that way. */
export class ContradictedOrder extends Error {
  readonly #order: DayMonthOrder
  /** The row within its batch. */
  readonly #row: number

  constructor(order: DayMonthOrder, row: number) {
    super(`a date contradicts the order ${order}`)
    this.#order = order
    this.#row = row
  }

  /** The error that stops the run. It gives the cell's place but does not quote it. */
  in(batch: TableBatch, column: string): RowgateError {
    const { uri, table, row, address } = batch.origin(this.#row)
    return new RowgateError({
      code: "PLAN_CONTRADICTED",
      message: `The date in row ${row}, column ${column}, contradicts the order (${this.#order}) that earlier rows of this column proved.`,
      remedy: 'Declare the format, as in cell.date(["dd/MM/yyyy"]); rows in another format are then rejected one by one.',
      origin: { uri, table, row, column, address },
    })
  }
}
