import { expect, test } from "vitest"
import { bytes, cell, createPipeline, memory } from "../../src/index.ts"
import { postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool } = await ledgerDatabase()
await pool.query("CREATE TABLE people (full_name text, name text, amount numeric, since date, note text)")
const text = 'name,amount,since,note\n" Ann ","1.234,50",30.06.2025,a\nBob,"2,5",2025-02-01,N/A\n" Ann ","3,00",x, \n'
const columns = {
  name: cell.text(),
  amount: cell.decimal({ locale: "de" }),
  since: cell.date(["dd.MM.yyyy", "yyyy-MM-dd"]),
  note: cell.text(),
}
const pipeline = (content: string) =>
  createPipeline({ name: "people", batchRows: 2 })
    .from(bytes(content))
    .normalize({ nulls: ["N/A"], columns })

test("the report counts the cells that normalizing changed, and shows examples if you ask for them", async () => {
  const counted = await pipeline(text).into(memory()).run()
  expect(counted.deliveries[0]?.normalized).toEqual({
    examined: 3,
    columns: {
      name: { cells: 2, examples: [] },
      amount: { cells: 3, examples: [] },
      since: { cells: 1, examples: [] },
      note: { cells: 1, examples: [] },
    },
  })
  const { deliveries } = await pipeline(text).into(memory()).run({ explain: true })
  expect(deliveries[0]?.normalized).toEqual({
    examined: 3,
    columns: {
      name: { cells: 2, examples: [{ row: 2, line: 2, before: " Ann ", after: "Ann" }] },
      amount: {
        cells: 3,
        examples: [
          { row: 2, line: 2, before: "1.234,50", after: "1234.50" },
          { row: 3, line: 3, before: "2,5", after: "2.5" },
          { row: 4, line: 4, before: "3,00", after: "3.00" },
        ],
      },
      // A cell that cannot be read is an issue, and no change.
      since: { cells: 1, examples: [{ row: 2, line: 2, before: "30.06.2025", after: "2025-06-30" }] },
      // A blank cell is no value, and no change.
      note: { cells: 1, examples: [{ row: 3, line: 3, before: "N/A", after: null }] },
    },
  })
})

test("without explain, the first rows are examined; with it, all of them", async () => {
  const long = `name\n${"Ann\n".repeat(400)}${'" Bob "\n'.repeat(100)}`
  const { deliveries } = await pipeline(`${long}`).into(memory()).run()
  expect(deliveries[0]).not.toHaveProperty("normalized")
  const explained = await pipeline(long).into(memory()).run({ explain: true })
  expect(explained.deliveries[0]?.normalized).toEqual({
    examined: 500,
    columns: { name: { cells: 100, examples: [{ row: 402, line: 402, before: " Bob ", after: "Bob" }] } },
  })
  const sampled = await pipeline(`name\n${'" Bob "\n'.repeat(300)}`)
    .into(memory())
    .run()
  expect(sampled.deliveries[0]?.normalized).toMatchObject({ examined: 256, columns: { name: { cells: 256 } } })
})

test("a delivery that is read again counts its rows once", async () => {
  const rows = ["03/04/2025", ...Array.from({ length: 20 }, () => "05/06/2025"), "25/12/2025"]
  const { deliveries } = await createPipeline({ name: "dates", batchRows: 2 })
    .from(bytes(`since\n${rows.join("\n")}\n`))
    .normalize({ columns: { since: cell.date() } })
    .into(memory())
    .run({ explain: true })
  expect(deliveries[0]?.notices.map(({ code }) => code)).toContain("plan.revised")
  expect(deliveries[0]?.normalized).toMatchObject({ examined: 22, columns: { since: { cells: 22 } } })
})

test("numbers of a workbook or of JSON count if the value is written in another way", async () => {
  const rows = [{ price: 2.5, day: new Date("2025-06-30") }, { price: 3 }]
  const { deliveries } = await createPipeline({ name: "prices" })
    .fromRows(rows)
    .normalize({ columns: { price: cell.decimal({ scale: 2 }), day: cell.date() } })
    .into(memory())
    .run({ explain: true })
  expect(deliveries[0]?.normalized?.columns).toEqual({
    price: {
      cells: 2,
      examples: [expect.objectContaining({ before: "2.5", after: "2.50" }), expect.objectContaining({ before: "3", after: "3.00" })],
    },
  })
})

test("long texts are cut in examples", async () => {
  const { deliveries } = await pipeline(`name\n${"x".repeat(500)}  \n`)
    .into(memory())
    .run({ explain: true })
  expect(deliveries[0]?.normalized?.columns["name"]?.examples[0]?.before).toHaveLength(101)
})

test("the report shows no cells of a redacted column, whichever of its names is redacted", async () => {
  for (const redact of ["name", "full_name", "Full Name"]) {
    const { deliveries } = await createPipeline({ name: `people ${redact}` })
      .from(bytes(text.replace("name", "Full Name")))
      .normalize({ headers: { name: "Full Name" }, columns: { name: cell.text(), amount: cell.decimal({ locale: "de" }) } })
      .into(
        postgres({
          pool: pool,
          table: "people",
          columns: { name: "full_name" },
          naming: "snake_case",
          redact: [redact as "name"],
        }),
      )
      .run({ explain: true })
    expect(deliveries[0]?.normalized?.columns).toMatchObject({ name: { cells: 2, examples: [] }, amount: { cells: 3 } })
    expect(deliveries[0]?.normalized?.columns["amount"]?.examples).toHaveLength(3)
    expect(JSON.stringify(deliveries[0]?.normalized)).not.toContain("Ann")
  }
})

test("the ledger keeps the counts without the cells", async () => {
  const { deliveries } = await pipeline(text)
    .into(postgres({ pool, table: "people" }))
    .run({ explain: true })
  const { rows } = await pool.query("SELECT report -> 'normalized' AS kept FROM rowgate.run WHERE id = $1", [deliveries[0]?.deliveryId])
  expect(rows[0].kept).toMatchObject({ examined: 3, columns: { amount: { cells: 3, examples: [] } } })
  expect(deliveries[0]?.normalized?.columns["amount"]?.examples).toHaveLength(3)
})
