// Loads a csv file into a table of an embedded PostgreSQL. You do not have to install or start a server.
import { PGlite } from "@electric-sql/pglite"
import { cell, check, createPipeline, file } from "rowgate"
import { pglite } from "rowgate/pglite"
import { z } from "zod"

const Order = z.object({
  orderNo: z.number().int().positive(),
  email: z.email(),
  amount: z.string(), // exact decimals stay text, as numeric columns hold them
  orderedOn: z.date(),
})

const db = new PGlite()

const orders = createPipeline({ name: "orders" })
  .from(file(new URL("orders.csv", import.meta.url)))
  .normalize({
    headers: { email: "E-Mail" },
    columns: { amount: cell.decimal({ locale: "de", scale: 2 }), orderedOn: cell.date(["dd.MM.yyyy"]) },
  })
  .validate(Order)
  .check(check.unique("orderNo"))
  .into(pglite({ db, table: "orders", createTable: true }))

const { read, loaded, rejected, deliveries } = await orders.run()
console.log(`${read} read, ${loaded} loaded, ${rejected} rejected`)
console.log("score", deliveries[0]?.score?.overall?.toFixed(1))

const { rows } = await db.query("SELECT order_no, email, amount FROM orders ORDER BY order_no")
console.log(rows)

const rejects = await db.query<{ line: string; code: string; message: string }>(
  `SELECT line_number AS line, issue ->> 'code' AS code, issue ->> 'message' AS message
   FROM rowgate.reject, json_array_elements(issues) AS issue ORDER BY row_number`,
)
for (const { line, code, message } of rejects.rows) console.log(`line ${line}: ${code}: ${message}`)

await db.close()
