import { type Batch, bytes, type Context, cell, compose, csv, type Row, stage } from "rowgate"
import { orderSchema } from "../../../examples/data/order-contract.ts"
import { ordersCsv } from "../../../examples/data/orders.ts"
import { isPlausible } from "./is-plausible.ts"
import { measured } from "./measured.ts"
import { ValidSum } from "./valid-sum.ts"

interface Input {
  readonly rows: number
  readonly damaged: number
  readonly refined: boolean
}

const silent = () => undefined
const context: Context = {
  runId: "bench",
  signal: new AbortController().signal,
  logger: { debug: silent, info: silent, warn: silent, error: silent },
  asOf: new Date(0),
}
const chunkRows = 100_000

/**
 * Reads cells as the csv parser leaves them and validates them by a schema. Parsing is not timed, just as creating objects is not timed for the
 * peer.
 */
await measured(async ({ rows, damaged, refined }: Input, watch) => {
  const sum = new ValidSum()
  const schema = refined ? orderSchema.refine(isPlausible) : orderSchema
  const orders = compose(stage.normalize({ columns: { amount: cell.decimal({ precision: 12, scale: 2 }) } }), stage.validate(schema))
  for (let first = 0; first < rows; first += chunkRows) {
    const parsed: Batch<Row>[] = []
    const content = Buffer.concat([...ordersCsv({ first, rows: chunkRows, damage: { share: damaged, of: "rows" } })])
    for await (const source of bytes(content).files(context)) for await (const batch of csv().parse(source, context)) parsed.push(batch)
    await watch.time(async () => {
      for await (const batch of orders(inOrder(parsed), context)) {
        const { order_id, order_date, quantity, notes } = batch.columns
        const [ids, dates, quantities] = [order_id.numbers(), order_date.times(), quantity.numbers()]
        sum.bad += batch.length - batch.selection.size
        for (const row of batch.selection) sum.add(ids[row] ?? 0, dates[row] ?? 0, quantities[row] ?? 0, notes.nulls.has(row))
      }
    })
  }
  return sum
})

async function* inOrder(batches: readonly Batch<Row>[]): AsyncGenerator<Batch<Row>> {
  yield* batches
}
