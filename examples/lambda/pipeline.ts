// The definition that all functions share. The same definition runs in one process: call `orders.run({ source: file("orders.csv") })`.
import { env } from "node:process"
import { cell, check, createPipeline } from "rowgate"
import { createHandlers, databaseFromEnvironment } from "rowgate/lambda"
import { postgres } from "rowgate/postgres"
// A fifth of the size of "zod", which adds 20 kB to every function, or 90 kB as `import { z }`.
import * as z from "zod/mini"
import { target } from "./target.ts"

const missing = "is missing"
const count = () => z.int("is not a whole number").check(z.positive("is not above zero"))

const Order = z.object({
  orderNo: count(),
  customer: z.string(missing).check(z.minLength(1, missing)),
  email: z.email("is not an e-mail address"),
  quantity: count(),
  unitPrice: z.string(missing), // exact decimals stay text, as numeric columns hold them
  total: z.string(missing),
  orderedOn: z.date(missing),
})

/** Orders from csv, xlsx, parquet, json or ndjson: the format is detected from the bytes. */
export const orders = createPipeline({ name: "orders", budget: { share: 0.5 } })
  .normalize({
    headers: {
      orderNo: ["Order No.", "order_id"],
      email: ["E-Mail"],
      quantity: ["Qty"],
      unitPrice: ["Price", "Unit price"],
      orderedOn: ["Date", "Order date"],
    },
    nulls: ["", "N/A"],
    columns: {
      unitPrice: cell.decimal({ precision: 12, scale: 2 }),
      total: cell.decimal({ precision: 12, scale: 2 }),
      orderedOn: cell.date(["yyyy-MM-dd", "dd.MM.yyyy"]),
    },
  })
  .validate(Order)
  // Bundlers shorten the names of functions, so a check of a function needs a name of its own.
  .check(totalIsRight, { name: "total", columns: ["quantity", "unitPrice", "total"], dimension: "accuracy" })
  .check(check.unique("orderNo"))
  .score({ minimum: { overall: 90 } })
  .into(postgres({ ...databaseFromEnvironment(), ...target }))

export const handlers = createHandlers(orders, { partBytes: numberIn("PART_BYTES"), directParts: numberIn("DIRECT_PARTS") })

/** A number in the environment. If it is empty or not set, the option has its default. */
function numberIn(variable: string): number | undefined {
  const text = env[variable] ?? ""
  return text === "" ? undefined : Number(text)
}

function totalIsRight({ quantity, unitPrice, total }: z.infer<typeof Order>) {
  const expected = (Number(unitPrice) * quantity).toFixed(2)
  if (Number(expected) === Number(total)) return
  return { code: "total.wrong", message: `The total is not ${quantity} times ${unitPrice}, which is ${expected}.` }
}
