import { orders } from "../../../examples/data/orders.ts"
import { isPlausible } from "./is-plausible.ts"
import { measured } from "./measured.ts"
import { orderTextSchema } from "./order-text-schema.ts"
import { ValidSum } from "./valid-sum.ts"

interface Input {
  readonly rows: number
  readonly damaged: number
  readonly refined: boolean
}

const chunkRows = 8192

await measured(async ({ rows, damaged, refined }: Input, watch) => {
  const sum = new ValidSum()
  const schema = refined ? orderTextSchema.refine(isPlausible) : orderTextSchema
  for (let first = 0; first < rows; first += chunkRows) {
    const made = [...orders({ first, rows: Math.min(chunkRows, rows - first), damage: { share: damaged, of: "rows" } })]
    // JSON makes the strings flat, as a parser would. Otherwise they are ropes that the schema has to flatten.
    const cells: unknown[] = JSON.parse(JSON.stringify(made))
    await watch.time(() => {
      for (const row of cells) {
        const { data } = schema.safeParse(row)
        if (data === undefined) sum.bad++
        else sum.add(data.order_id, data.order_date.getTime(), data.quantity, data.notes === null)
      }
    })
  }
  return sum
})
