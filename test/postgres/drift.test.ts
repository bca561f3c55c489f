import { beforeEach, expect, test } from "vitest"
import { bytes, cell, check, createPipeline, memory } from "../../src/index.ts"
import { postgres, purge } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { random } from "../profile/drift/history.ts"

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS item; CREATE TABLE item (id int, price numeric, country text, iban text)")
})

const items = createPipeline({ name: "items" })
  .normalize({ columns: { id: cell.required(cell.integer()), price: cell.decimal(), country: cell.text(), iban: cell.text() } })
  .check(check.unique("id"))

type ScoreOptions = Parameters<typeof items.score>[0]
interface Sink {
  readonly table?: string
  readonly redact?: readonly string[]
  readonly lineage?: boolean
}

const load = async (text: string, score: ScoreOptions = {}, sink: Sink = {}) => {
  const pipeline = items.score(score).into(postgres({ pool, table: "item", ...sink }))
  const [delivery] = (await pipeline.run({ source: bytes(text), asOf: new Date("2025-07-01") })).deliveries
  if (delivery === undefined) throw new Error("nothing was delivered")
  return delivery
}

/** A file of 300 items. */
function file(seed: number, factor = 1, countries = ["DE", "FR", "IT"]): string {
  const next = random(seed)
  const lines = Array.from({ length: 300 }, (_, row) => {
    const country = countries[Math.floor(next() * countries.length)]
    return `${seed * 1000 + row},${(factor * (10 + 90 * next())).toFixed(2)},${country},DE${Math.floor(next() * 1e15)}`
  })
  return `id,price,country,iban\n${lines.join("\n")}\n`
}

const history = async (count = 5) => {
  for (let seed = 1; seed <= count; seed++) await load(file(seed))
}

test("deliveries that are alike have no findings, and the fewest deliveries are needed for a comparison", async () => {
  for (let seed = 1; seed <= 5; seed++) expect(await load(file(seed))).not.toHaveProperty("drift")
  const delivery = await load(file(6))
  expect(delivery.drift).toMatchObject({ deliveries: 5, findings: [] })
  expect(delivery.drift?.comparisons).toBeGreaterThan(8)
  expect(delivery.notices).toEqual([])
})

test("what has drifted is in the notices, in the report and in a view, but no text of the file is in the ledger", async () => {
  await history()
  const delivery = await load(file(7, 100, ["DE", "FR", "Atlantis"]))
  expect(delivery.outcome).toBe("loaded")
  expect(delivery.notices.map(({ code, column }) => `${code} ${column}`)).toEqual([
    "drift.distribution price",
    "drift.distribution country",
    "drift.new_values country",
    "drift.vanished_values country",
  ])
  const messages = delivery.notices.map(({ message }) => message)
  expect(messages[0]).toMatch(
    /^The values of the column price are distributed differently than before \(PSI \d+\.\d\d, limit 0\.25; KS distance 1\.00\); compared with 5 earlier deliveries\.$/,
  )
  expect(messages[2]).toMatch(
    /^The column country has a value that no earlier delivery has, in 3\d\.\d % of the rows \(limit 1\.0 %\): "Atlantis"; compared/,
  )
  expect(messages[3]).toMatch(/^The column country lacks a value that 3\d\.\d % of the earlier rows have \(limit 1\.0 %\); compared/)
  const { rows } = await pool.query("SELECT kind, column_name, value >= bound AS counts FROM rowgate.drift ORDER BY kind, column_name")
  expect(rows).toEqual([
    { kind: "distribution", column_name: "country", counts: true },
    { kind: "distribution", column_name: "price", counts: true },
    { kind: "newValues", column_name: "country", counts: true },
    { kind: "vanishedValues", column_name: "country", counts: true },
  ])
  const ledger = await pool.query(
    "SELECT (SELECT json_agg(r) FROM rowgate.run r)::text || (SELECT json_agg(p) FROM rowgate.column_profile p)::text AS text",
  )
  expect(ledger.rows[0].text).toContain("drift.new_values")
  expect(ledger.rows[0].text).not.toContain("Atlantis")
})

test("a redacted column has counts only", async () => {
  for (let seed = 1; seed <= 5; seed++) await load(file(seed), {}, { redact: ["country"] })
  const delivery = await load(file(7, 1, ["Atlantis"]), {}, { redact: ["country"] })
  expect(JSON.stringify(delivery)).not.toContain("Atlantis")
  const { rows } = await pool.query(
    "SELECT DISTINCT rows::int, nulls::int, distinct_values, sample::text FROM rowgate.column_profile WHERE column_name = 'country'",
  )
  expect(rows).toEqual([{ rows: 300, nulls: 0, distinct_values: null, sample: null }])
})

test("drift can be a gate, and a refused delivery is no part of the history", async () => {
  await history()
  const refused = await load(file(7, 100), { drift: { refuse: ["distribution"], psi: 0.5 } })
  expect(refused.outcome).toBe("refused")
  expect(refused.reason).toMatch(
    /^the values of the column price are distributed differently than before \(PSI \d+\.\d\d, limit 0\.50; KS distance 1\.00\)$/,
  )
  expect((await load(file(8, 100), { drift: { refuse: true } })).outcome).toBe("refused")
  expect((await load(file(9, 100), { drift: { refuse: ["nulls", "rows"] } })).outcome).toBe("loaded")
  expect((await load(file(10), { drift: { refuse: true } })).outcome).toBe("loaded")
  const { rows } = await pool.query("SELECT count(DISTINCT run_id)::int AS n FROM rowgate.column_profile")
  expect(rows).toEqual([{ n: 7 }])
})

test("a gate that could not be checked says so", async () => {
  await history(2)
  const delivery = await load(file(3), { drift: { refuse: true } })
  expect(delivery.outcome).toBe("loaded")
  expect(delivery.notices).toEqual([
    { code: "drift.not_compared", message: "Drift was not checked: the ledger has 2 earlier deliveries, and a comparison needs 5." },
  ])
  const { deliveries } = await items
    .score({ drift: { refuse: true } })
    .into(memory())
    .run({ source: bytes(file(1)) })
  expect(deliveries[0]?.notices.map(({ message }) => message)).toEqual([
    "Drift was not checked: the target keeps no ledger of earlier deliveries.",
  ])
})

test("with drift: false, nothing is profiled and nothing is compared", async () => {
  for (let seed = 1; seed <= 6; seed++) expect(await load(file(seed), { drift: false })).not.toHaveProperty("drift")
  expect((await pool.query("SELECT FROM rowgate.column_profile")).rowCount).toBe(0)
})

test("other pipelines, other targets and other tables of the file are no part of the history", async () => {
  await history()
  await pool.query("DROP TABLE IF EXISTS other; CREATE TABLE other (LIKE item)")
  expect(await load(file(7, 100), {}, { table: "other" })).not.toHaveProperty("drift")
})

test("a plan compares, and stores nothing", async () => {
  await history()
  const plan = await items.into(postgres({ pool, table: "item" })).plan({ source: bytes(file(7, 100)) })
  expect(plan.deliveries[0]?.notices.map(({ code }) => code)).toEqual(["drift.distribution"])
  expect((await pool.query("SELECT DISTINCT run_id FROM rowgate.column_profile")).rowCount).toBe(5)
})

test("notices, gates and the trend say that rules or weights have changed", async () => {
  await load(file(1))
  expect((await load(file(2))).notices).toEqual([])
  const weighted = await load(file(3), { weights: { validity: 90 } })
  expect(weighted.notices.map(({ code, message }) => [code, message])).toEqual([
    [
      "score.weights_changed",
      expect.stringMatching(/^The weights have changed since the delivery before, of 20\d\d-.*Z, so its overall score does not compare/),
    ],
  ])
  const strict = await load("id,price,country,iban\n,1,DE,x\n", {
    expected: ["price"],
    minimum: { overall: 99 },
    weights: { validity: 90 },
  })
  expect(strict.notices.map(({ code }) => code)).toEqual(["score.rules_changed"])
  expect(strict.reason).toMatch(
    /^overall is \d+\.\d\d \(minimum 99\); the rules have changed since the delivery before, of 20.*Z; the only row/,
  )
  const { rows } = await pool.query("SELECT remark FROM rowgate.score_trend ORDER BY finished_at")
  expect(rows.map(({ remark }) => remark)).toEqual([null, null, "weights changed", "rules changed"])
})

test("the history of a column is a view", async () => {
  await load(file(1))
  await load(file(2).replaceAll(/,[A-Z]{2},/g, ",,"))
  const { rows } = await pool.query(
    "SELECT null_share, null_share_before, distinct_values::int FROM rowgate.column_history WHERE column_name = 'country' ORDER BY finished_at",
  )
  expect(rows).toEqual([
    { null_share: 0, null_share_before: null, distinct_values: 3 },
    { null_share: 1, null_share_before: 0, distinct_values: 0 },
  ])
})

test("a reload is not compared with itself", async () => {
  await pool.query("ALTER TABLE item ADD _run_id text, ADD _file text, ADD _row bigint")
  for (let seed = 1; seed <= 6; seed++) await load(file(seed), {}, { lineage: true })
  const { deliveries } = await items.into(postgres({ pool, table: "item", lineage: true })).plan({ source: bytes(file(6)), reload: true })
  expect(deliveries[0]?.drift?.deliveries).toBe(5)
})

test("purge removes old profiles if it is asked to, narrowed down like rejects", async () => {
  await history(2)
  const soon = new Date(Date.now() + 60_000)
  expect(await purge(pool, { profilesOlderThan: new Date(0) })).toMatchObject({ profiles: 0 })
  expect(await purge(pool, { profilesOlderThan: soon, pipeline: "other" })).toMatchObject({ profiles: 0 })
  expect(await purge(pool, { profilesOlderThan: soon, dryRun: true })).toMatchObject({ profiles: 8 })
  expect(await purge(pool, { rejectsOlderThan: soon })).not.toHaveProperty("profiles")
  expect(await purge(pool, { profilesOlderThan: soon, batchRows: 3 })).toMatchObject({ profiles: 8 })
  expect((await pool.query("SELECT FROM rowgate.column_profile")).rowCount).toBe(0)
})
