import { expect, test } from "vitest"
import { Random } from "../../examples/data/random.ts"
import type { Row } from "../../src/model/cell-value.ts"
import { toBatches } from "../../src/model/to-batches.ts"
import { TableSketch } from "../../src/profile/table-sketch.ts"
import { deal, mergeInPairs } from "../sketch/deal.ts"

async function sketchOf(rows: readonly Row[], batchRows = 1000): Promise<TableSketch> {
  const sketch = new TableSketch("orders")
  for await (const batch of toBatches(rows, { table: "orders", columns, batchRows })) sketch.add(batch)
  return sketch
}

const columns = ["id", "word", "amount", "day", "european", "mixed", "sentence", "euros", "named"]

const euros = new Intl.NumberFormat("de", { style: "currency", currency: "EUR" })
const months = new Intl.DateTimeFormat("de", { dateStyle: "long", timeZone: "UTC" })

/** Rows whose columns have few and many distinct values, of every type, with a few odd cells. */
function rowsOf(seed: number, count: number): Row[] {
  return Array.from({ length: count }, (_, at) => {
    const random = new Random(seed, at)
    const day = new Date(Date.UTC(2020, random.below(48), 1 + random.below(28)))
    const [date = ""] = day.toISOString().split("T")
    const many = random.next() < 0.02 ? "heavy" : `v${at}`
    return {
      id: `${at}`,
      word: random.pick(["red", "Red", "blue", " green", "n/a", ""]),
      amount: random.next() < 0.01 ? "many" : (random.next() * 10 ** random.below(6)).toFixed(2),
      day: date,
      european: `${date.slice(8)}.${date.slice(5, 7)}.${date.slice(0, 4)}`,
      mixed: random.pick<Row[string]>([random.next(), random.next() > 0.5, day, many, null, -0]),
      named: months.format(day),
      sentence: `${many} ${"länger ".repeat(random.below(60))}ende`,
      euros: random.next() < 0.01 ? "?" : euros.format(random.next() * 10 ** random.below(6)),
    }
  })
}

test.each([2, 7, 40])("%i parts in any order make the profile of the whole, to the bit", async (parts) => {
  const rows = rowsOf(parts, 9_000)
  const whole = await sketchOf(rows)
  const sketches: TableSketch[] = []
  for (const [at, part] of deal(rows, parts, parts).entries()) {
    const sketch = await sketchOf(part, 1 + at * 13)
    sketches.push(TableSketch.from(JSON.parse(JSON.stringify(sketch))))
  }
  const merge = (one: TableSketch, other: TableSketch) => {
    one.merge(other)
    return one
  }
  const merged = mergeInPairs(sketches, merge, parts)
  expect(merged.profile().columns.map(({ exact }) => exact)).toContain(false)
  expect(merged.profile().columns.map(({ exact }) => exact)).toContain(true)
  expect(JSON.stringify(merged.profile())).toBe(JSON.stringify(whole.profile()))
  expect(JSON.stringify(merged)).toBe(JSON.stringify(whole))
})

test("a profile of many distinct values agrees with the exact figures within the bounds", async () => {
  const rows = rowsOf(3, 12_000)
  const [id, word, amount, day] = (await sketchOf(rows)).profile().columns
  expect(id).toMatchObject({ filled: 12_000, exact: false, min: 0, max: 11_999, kind: "integer", suspects: [] })
  expect(Math.abs((id?.distinct ?? 0) / 12_000 - 1)).toBeLessThan(3 * 0.0082)
  const filled = rows.filter((row) => row["word"] !== "").length
  expect(word).toMatchObject({ exact: true, distinct: 5, filled, empty: 12_000 - filled })
  const numbers = rows.flatMap((row) => (row["amount"] === "many" ? [] : [Number(row["amount"])])).sort((one, other) => one - other)
  const medianAt = numbers[Math.floor((numbers.length - 1) / 2)] ?? 0
  const odd = 12_000 - numbers.length
  expect(amount?.types).toEqual({ text: odd, integer: undefined, decimal: numbers.length })
  expect(amount?.suspects).toMatchObject([{ reason: "type", count: odd, examples: [{ value: "many", count: odd }] }])
  expect(medianAt).toBeGreaterThan(0)
  const days = rows.map((row) => String(row["day"])).sort()
  expect(day).toMatchObject({ kind: "date", min: days[0], max: days.at(-1), quantiles: { p50: days[Math.floor((days.length - 1) / 2)] } })
})

test("rows that cannot be read and rows beyond the limit are in no column, and are counted", async () => {
  const sketch = new TableSketch("t")
  for await (const batch of toBatches([{ a: "1" }, { a: "2" }, { a: "x" }, { a: "4" }], { table: "t" })) {
    batch.fail(1, { code: "unreadable", message: "It cannot be read." })
    sketch.add(batch, 3)
  }
  expect(sketch.profile()).toMatchObject({
    rows: 3,
    unreadable: 1,
    columns: [{ filled: 2, empty: 0, top: [{ value: "1" }, { value: "x" }] }],
  })
})

test("a column that appears late has no value in the rows before", async () => {
  const sketch = new TableSketch("t")
  for await (const batch of toBatches([{ a: 1 }, { a: 2, b: "x" }], { table: "t", batchRows: 1 })) sketch.add(batch)
  expect(sketch.profile().columns).toMatchObject([
    { name: "a", filled: 2 },
    { name: "b", filled: 1, empty: 1, fill: 0.5 },
  ])
})

test("a table without rows has a profile of each column", async () => {
  const profile = (await sketchOf([])).profile()
  expect(profile).toMatchObject({ rows: 0, unreadable: 0 })
  for (const column of profile.columns)
    expect(column).toMatchObject({ filled: 0, fill: 1, distinct: 0, min: null, max: null, quantiles: null })
})

test("a sketch is not made of other JSON, nor of another version's", () => {
  for (const json of [{}, [], { ...new TableSketch("t").toJSON(), version: 3 }])
    expect(() => TableSketch.from(json)).toThrow("TableSketch.from() takes the JSON of a sketch in version 2.")
})

test("quantiles of few distinct numbers are exact, as text and as numbers", async () => {
  const sketch = new TableSketch("t")
  const rows = Array.from({ length: 1001 }, (_, at) => ({ text: `${100_000 + at}.25`, number: 100_000.25 + at }))
  for await (const batch of toBatches(rows)) sketch.add(batch)
  const quantiles = { p5: 100_050.25, p25: 100_250.25, p50: 100_500.25, p75: 100_750.25, p95: 100_950.25 }
  expect(sketch.profile().columns).toMatchObject([
    { exact: true, quantiles },
    { exact: true, quantiles },
  ])
})

test("a column whose numbers or dates can be read in two ways is text, with the doubt, unless another column proves the decimal sign", async () => {
  const sketch = new TableSketch("t")
  const rows = Array.from({ length: 40 }, (_, at) => ({ weight: `${1 + at}.${100 + at}`, due: `0${1 + (at % 9)}/0${1 + (at % 7)}/2025` }))
  for await (const batch of toBatches(rows)) sketch.add(batch)
  expect(sketch.profile().columns).toMatchObject([
    { kind: "text", doubt: "The separator may group thousands or begin decimals, and nothing proves which." },
    { kind: "text", doubt: "The dates may be day-first or month-first, and no cell proves which." },
  ])
  const proving = new TableSketch("t")
  for await (const batch of toBatches(rows.map((row) => ({ ...row, price: "1,5" })))) proving.add(batch)
  expect(proving.profile().columns).toMatchObject([
    { name: "weight", kind: "integer" },
    { name: "due" },
    { name: "price", kind: "decimal" },
  ])
  expect(proving.profile().columns[0]).not.toHaveProperty("doubt")
})

test.each([200, 12_000])("numbers and dates have ranges and quantiles as their columns write them: %i rows", async (count) => {
  const cell = (at: number) => ({
    german: new Intl.NumberFormat("de", { minimumFractionDigits: 2 }).format((at * 7919) % count),
    english: `$${new Intl.NumberFormat("en", { minimumFractionDigits: 2 }).format((at * 7919) % count)}`,
    accounts: (at * 7919) % count < count / 2 ? `(${((at * 7919) % count) + 0.5})` : `${((at * 7919) % count) + 0.5}`,
    share: `${((at * 7919) % count) / 4},5 %`.replace(/\.\d+,/, ","),
    named: months.format(Date.UTC(2001, 0, 1 + (at % 5000))),
  })
  const rows = Array.from({ length: count }, (_, at) => cell(at))
  const sketch = new TableSketch("t")
  for await (const batch of toBatches(rows, { table: "t", columns: Object.keys(cell(0)) })) sketch.add(batch)
  const [german, english, accounts, share, named] = sketch.profile().columns
  for (const column of [german, english]) {
    expect(column).toMatchObject({ kind: "decimal", min: 0, max: count - 1 })
    expect(Math.abs(Number(column?.quantiles?.p50) / ((count - 1) / 2) - 1)).toBeLessThan(0.01)
  }
  expect(accounts).toMatchObject({ kind: "decimal", min: -(count / 2) + 0.5, max: count - 0.5 })
  expect(share?.kind).toBe("decimal")
  expect(share?.min).toBeCloseTo(0.005, 9)
  expect(share?.max).toBeCloseTo((Math.floor((count - 1) / 4) + 0.5) / 100, 9)
  const last = new Date(Date.UTC(2001, 0, Math.min(count, 5000))).toISOString()
  expect(named).toMatchObject({ kind: "date", min: "2001-01-01", max: last.slice(0, last.indexOf("T")) })
  expect(named?.quantiles?.p50).toMatch(/^\d{4}-\d{2}-\d{2}$/)
})
