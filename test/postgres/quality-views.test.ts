import { beforeEach, expect, test } from "vitest"
import { bytes, cell, check, createPipeline } from "../../src/index.ts"
import { postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS item; CREATE TABLE item (id int, qty numeric)")
})

const items = createPipeline({ name: "items" })
  .normalize({ columns: { id: cell.required(cell.integer()), qty: cell.decimal() } })
  .check(check.unique("id"))

const load = (text: string, options: Parameters<typeof items.score>[0] = {}) =>
  items
    .score(options)
    .into(postgres({ pool, table: "item" }))
    .run({ source: bytes(text), asOf: new Date("2025-07-01") })

test("every rule and column of a delivery is in the views, and with the same figures in the report", async () => {
  const report = await load("id,qty\n1,1\n1,x\n2,\n,4\n")
  const rules = await pool.query(`
    SELECT rule, dimension, columns, judged::int, passed::int, failed::int, suspected::int, rejected::int, rejected_alone::int
    FROM rowgate.rule_result WHERE pipeline = 'items' AND status = 'committed'`)
  expect(rules.rows).toEqual([
    { rule: "row", dimension: "validity", columns: [], judged: 4, passed: 4, failed: 0, suspected: 0, rejected: 0, rejected_alone: 0 },
    {
      rule: "required.id",
      dimension: "completeness",
      columns: ["id"],
      judged: 4,
      passed: 3,
      failed: 1,
      suspected: 0,
      rejected: 1,
      rejected_alone: 1,
    },
    {
      rule: "read.id",
      dimension: "validity",
      columns: ["id"],
      judged: 4,
      passed: 4,
      failed: 0,
      suspected: 0,
      rejected: 0,
      rejected_alone: 0,
    },
    {
      rule: "read.qty",
      dimension: "validity",
      columns: ["qty"],
      judged: 4,
      passed: 3,
      failed: 1,
      suspected: 0,
      rejected: 1,
      rejected_alone: 0,
    },
    {
      rule: "unique.id",
      dimension: "uniqueness",
      columns: ["id"],
      judged: 3,
      passed: 2,
      failed: 1,
      suspected: 0,
      rejected: 1,
      rejected_alone: 0,
    },
  ])
  const { rows: examples } = await pool.query("SELECT examples FROM rowgate.rule_result WHERE rule = 'unique.id'")
  expect(examples).toEqual([{ examples: [{ row: 3, column: "id" }] }])
  const score = report.deliveries[0]?.score
  expect(score?.rules.map(({ rule, passed }) => [rule, passed])).toEqual(rules.rows.map(({ rule, passed }) => [rule, passed]))
  const columns = await pool.query('SELECT column_name AS "column", score, fill FROM rowgate.column_quality')
  expect(columns.rows).toEqual(score?.columns.map(({ column, score, fill }) => ({ column, score, fill })))
  expect(score?.columns.map(({ column, fill }) => [column, fill])).toEqual([
    ["id", 75],
    // A cell that cannot be read is filled.
    ["qty", 75],
  ])
})

test("the trend says how a score has changed, and whether rules and weights are the same", async () => {
  await load("id,qty\n1,1\n2,2\n")
  await load("id,qty\n3,3\n4,x\n")
  await load("id,qty\n5,5\n6,6\n7,\n", { weights: { accuracy: 1 } })
  await load("id,qty\n8,8\n", { expected: ["qty"], weights: { accuracy: 1 } })
  const { rows } = await pool.query(
    "SELECT overall, change < 0 AS fell, rows_passed, same_rules, same_weights FROM rowgate.score_trend ORDER BY finished_at",
  )
  expect(rows.map(({ fell, rows_passed, same_rules, same_weights }) => [fell, rows_passed, same_rules, same_weights])).toEqual([
    [null, 100, null, null],
    [true, 50, true, true],
    [false, 100, true, false],
    [false, 100, false, true],
  ])
})
