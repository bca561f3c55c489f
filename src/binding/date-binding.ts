import { orderOf } from "../cells/day-month.ts"
import type { ReadFailure } from "../cells/readers/column-reader.ts"
import type { DateReader, OrderEvidence } from "../cells/readers/date-reader.ts"
import type { Context } from "../contract/context.ts"
import { Plan } from "../contract/plan.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Column } from "../model/column.ts"
import type { DayMonthOrder } from "../model/day-month-order.ts"
import type { TableBatch } from "../model/table-batch.ts"

/** The dates of one column in one delivery. The first texts settle their order, and the plan records it. */
export class DateBinding {
  readonly #column: string
  readonly #unsettled: DateReader
  readonly #plan: Plan
  #reader: DateReader | undefined

  constructor(column: string, reader: DateReader, context: Context) {
    this.#column = column
    this.#unsettled = reader
    this.#plan = context.plan ?? new Plan()
  }

  /** The column as dates. Throws `PLAN_CONTRADICTED` if earlier rows were read in the wrong order and cannot be read again. */
  read(column: Column<unknown>, batch: TableBatch, fail: ReadFailure): Column<unknown> {
    const mayNeedOrder = this.#unsettled.needsOrder && (column.kind === "bytes" || column.kind === "dictionary" || column.kind === "value")
    if (!mayNeedOrder) return this.#unsettled.read(column, fail)
    this.#reader ??= this.#settled(column)
    this.#batch = batch
    return this.#reader.read(column, fail)
  }

  #batch: TableBatch | undefined

  #settled(sample: Column<unknown>): DateReader {
    const order = this.#plan.settleDates(this.#column, () => orderOf(sample).order)
    if (order === "mixed") return this.#unsettled.inOrder(order)
    return this.#unsettled.inOrder(order, order === "undecided" ? this.#lateProof() : this.#contradiction(order))
  }

  /** Rows were rejected because nothing proved the order of their dates. If a later row proves it, they can be read after all. */
  #lateProof(): OrderEvidence {
    const column = this.#column
    return {
      proof: (order) => this.#plan.proveDates(column, order),
      doubt: () => this.#plan.doubtDates(column),
    }
  }

  /** Earlier rows were read in the other order, and nobody can tell which of them were meant that way. */
  #contradiction(settled: DayMonthOrder): OrderEvidence {
    return {
      proof: (_order, row) => {
        if (!this.#plan.contradict({ dates: { [this.#column]: "mixed" } })) throw this.#contradicted(settled, row)
      },
      doubt: () => undefined,
    }
  }

  /** Names the cell by its place, because an error does not quote cells. */
  #contradicted(settled: DayMonthOrder, at: number): RowgateError {
    const column = this.#column
    const { uri, table, row, address } = this.#batch?.origin(at) ?? { uri: "", row: at + 1 }
    return new RowgateError({
      code: "PLAN_CONTRADICTED",
      message: `The date in row ${row}, column ${column}, contradicts the order (${settled}) that earlier rows of this column proved.`,
      remedy: 'Declare the format, as in cell.date(["dd/MM/yyyy"]); rows in another format are then rejected one by one.',
      origin: { uri, table, row, column, address },
    })
  }
}
