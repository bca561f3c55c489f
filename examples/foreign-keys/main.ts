// Several files that belong together: customers are loaded first, and orders must name a customer who was.
import { PGlite } from "@electric-sql/pglite"
import { bytes, check, createPipeline } from "rowgate"
import { keysFrom } from "rowgate/checks"
import { pglite } from "rowgate/pglite"
import { z } from "zod"

const files = {
  customers: bytes("id,name\n1,Ann\n2,Bob\nthree,Cho\n", { name: "customers.csv" }),
  orders: bytes("orderNo,customer,total\n10,1,12.50\n11,3,8\n12,2,4\n13,2,free\n", { name: "orders.csv" }),
}

const db = new PGlite()
await db.exec(`
  CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL);
  CREATE TABLE orders (order_no int PRIMARY KEY, customer int NOT NULL REFERENCES customers, total numeric NOT NULL)`)

/** The customers that pass. They are loaded, and the orders are checked against them. */
const customers = createPipeline({ name: "customers" })
  .from(files.customers)
  .validate(z.object({ id: z.number().int(), name: z.string() }))

const orders = createPipeline({ name: "orders" })
  .from(files.orders)
  .validate(z.object({ orderNo: z.number().int(), customer: z.number().int(), total: z.number() }))
  .check(check.foreignKey("customer", keysFrom(customers, "id")))

for (const pipeline of [customers.into(pglite({ db, table: "customers" })), orders.into(pglite({ db, table: "orders" }))]) {
  const { deliveries } = await pipeline.run()
  for (const { uri, loaded, rejected } of deliveries) console.log(`${uri}: ${loaded} loaded, ${rejected} rejected`)
}

const { rows } = await db.query("SELECT order_no, name, total FROM orders JOIN customers ON id = customer ORDER BY order_no")
console.log(rows)
const rejects = await db.query<{ uri: string; line: string; message: string }>(
  "SELECT uri, line_number AS line, issues -> 0 ->> 'message' AS message FROM rowgate.reject ORDER BY uri, row_number",
)
for (const { uri, line, message } of rejects.rows) console.log(`${uri} line ${line}: ${message}`)
await db.close()
