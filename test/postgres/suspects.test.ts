import { beforeEach, expect, test } from "vitest"
import { bytes, createPipeline } from "../../src/index.ts"
import { postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS person; CREATE TABLE person (town text, status text)")
})

const towns = ["Birmingham", "Oakland", "Denver", "Tampa"]
const lines = Array.from(
  { length: 200 },
  (_, row) => `${row === 7 ? "Birmingxam" : towns[row % 4]},${row === 9 ? "marrjed" : row % 3 ? "married" : "single"}`,
)
const load = async (redact?: readonly string[]) => {
  const sink = postgres<{ readonly town: string; readonly status: string }>({ pool, table: "person", ...(redact && { redact }) })
  const report = await createPipeline({ name: "people" })
    .from(bytes(`town,status\n${lines.join("\n")}\n`))
    .into(sink as never)
    .run()
  const { rows } = await pool.query(
    "SELECT r.report, s.overall, s.provisional FROM rowgate.run r JOIN rowgate.quality_score s ON s.run_id = r.id",
  )
  return { report, stored: JSON.stringify(rows[0].report), rows }
}

test("the ledger has the notices of suspect cells without their texts, and the score that they lowered", async () => {
  const { report, stored, rows } = await load()
  const [delivery] = report.deliveries
  expect(JSON.stringify(delivery?.notices)).toContain("Birmingxam")
  expect(stored).toContain("column.suspect")
  expect(stored).not.toMatch(/Birmingxam|Birmingham|marrjed/)
  expect(rows[0]).toMatchObject({ provisional: true })
  expect(Number(rows[0].overall)).toBeCloseTo(delivery?.score?.overall ?? 0, 6)
  expect(delivery?.score?.overall).toBeLessThan(100)
})

test("a report of a sink that redacts a column shows no suspect cell of it", async () => {
  const { report } = await load(["town"])
  const notices = report.deliveries[0]?.notices.filter(({ code }) => code === "column.suspect") ?? []
  expect(notices.map(({ column }) => column).sort()).toEqual(["status", "town"])
  expect(JSON.stringify(report)).not.toMatch(/Birmingxam|Birmingham/)
})
