import { describe, expect, test } from "vitest"
import { createPipeline } from "../../src/index.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"

interface Order {
  readonly orderId: number
  readonly unitPrice: number
}

const { pool } = await ledgerDatabase()

/** Loads an order, and returns the table's rows. */
async function rowsAfter(table: string, options: Partial<PostgresOptions<Order>> = {}, order: Order = { orderId: 1, unitPrice: 2 }) {
  const sink = postgres<Order>({ pool, table, ...options } as PostgresOptions<Order>)
  await createPipeline({ name: table }).fromRows([order]).into(sink).run()
  return (await pool.query(`SELECT * FROM ${table}`)).rows
}

describe("without naming", () => {
  test.each([
    ["has_exact", '"orderId" int, "unitPrice" int', { orderId: 1, unitPrice: 2 }],
    ["has_snake", "order_id int, unit_price int", { order_id: 1, unit_price: 2 }],
    ["has_mixed", '"orderId" int, unit_price int', { orderId: 1, unit_price: 2 }],
    ["has_both", '"orderId" int, order_id int, unit_price int', { orderId: 1, order_id: null, unit_price: 2 }],
  ])("columns go where the table has them: %s", async (table, columns, row) => {
    await pool.query(`CREATE TABLE ${table} (${columns})`)
    expect(await rowsAfter(table)).toEqual([row])
  })

  test("a key names the column that its property goes to", async () => {
    await pool.query('CREATE TABLE keyed_exact ("orderId" int PRIMARY KEY, unit_price int)')
    await pool.query("CREATE TABLE keyed_snake (order_id int PRIMARY KEY, unit_price int)")
    for (const table of ["keyed_exact", "keyed_snake"]) {
      await rowsAfter(table, { mode: "upsert", key: ["orderId"] })
      const [row, ...others] = await rowsAfter(table, { mode: "upsert", key: ["orderId"] }, { orderId: 1, unitPrice: 3 })
      expect([row?.["unit_price"], others]).toEqual([3, []])
    }
  })

  test("a table that rowgate creates has snake_case names", async () => {
    expect(await rowsAfter("made", { createTable: true })).toEqual([{ order_id: 1, unit_price: 2 }])
  })
})

test("naming: exact keeps the names of properties, snake_case never does", async () => {
  expect(await rowsAfter("made_exact", { createTable: true, naming: "exact" })).toEqual([{ orderId: 1, unitPrice: 2 }])
  await pool.query('CREATE TABLE other ("orderId" int, unit_price int)')
  for (const naming of ["exact", "snake_case"] as const)
    await expect(rowsAfter("other", { naming })).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH" })
})

test("two columns with one name are refused before the table is created", async () => {
  const rows = [{ orderId: 1, order_id: 2 }]
  const run = createPipeline({ name: "clash" })
    .fromRows(rows)
    .into(postgres({ pool, table: "clash", createTable: true }))
    .run()
  await expect(run).rejects.toMatchObject({
    code: "SINK_SCHEMA_MISMATCH",
    message: "orderId and order_id both go into the column order_id of public.clash.",
  })
})
