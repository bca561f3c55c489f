import { afterAll, beforeAll, expect, test } from "vitest"
import { z } from "zod"
import { silentLogger } from "../../../src/contract/logger.ts"
import { type Batches, cell, check, compose, createPipeline, csv, type LoadPipeline, stage } from "../../../src/index.ts"
import { createHandlers } from "../../../src/lambda/handlers/create-handlers.ts"
import { s3 } from "../../../src/s3.ts"
import { memoryStorage } from "../../memory-storage.ts"
import { bucket, type S3Server, startS3Server } from "../../sources/s3/s3-server.ts"
import { type CapturedSink, capturedSink } from "./captured-sink.ts"
import { runSteps } from "./run-steps.ts"

let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const Order = z.object({ id: z.number().int(), email: z.email(), amount: z.string(), country: z.string(), on: z.date() })
type Order = z.infer<typeof Order>

interface Shape {
  readonly rows: number
  /** The day of a row, in the order of the file. */
  readonly dayOf?: (row: number) => string
}

function csvOf({ rows, dayOf = (row) => `${String((row % 28) + 1).padStart(2, "0")}/02/2024` }: Shape): string {
  const lines = ["Order No.,email,amount,country,on"]
  for (let row = 0; row < rows; row++) {
    const id = row % 97 === 13 ? row - 13 : row
    const email = row % 41 === 7 ? "nobody" : `p${row}@example.com`
    lines.push(`${id},${email},${row}.50,${row % 53 === 3 ? "XX" : "DE"},${dayOf(row)}`)
    if (row % 211 === 5) lines.push("ragged,line")
  }
  return `${lines.join("\n")}\n`
}

/** A check whose verdict depends on all rows before. */
const fewOfCountry = check.run({
  kind: "run" as const,
  name: "few of a country",
  columns: ["country"],
  begin: () => new Map<string, number>(),
  test(
    batch: { readonly selection: Iterable<number>; readonly columns: { readonly country: { at(row: number): string | null } } },
    counts,
    fail,
  ) {
    for (const row of batch.selection) {
      const country = batch.columns.country.at(row) ?? ""
      const count = (counts.get(country) ?? 0) + 1
      counts.set(country, count)
      if (count % 1000 === 999)
        fail(row, { code: "country.often", message: `The country occurs the ${count}th time.`, severity: "warning" })
    }
  },
  merge(one, other) {
    for (const [country, count] of other) one.set(country, (one.get(country) ?? 0) + count)
    return one
  },
})

async function* withoutHundreds(batches: Batches<Order>): Batches<Order & { readonly half: number }> {
  for await (const batch of batches) yield batch.filter((row) => row.id % 100 !== 0).withColumn("half", (row) => row.id / 2)
}

function orders({ sink, rejects }: CapturedSink): LoadPipeline<unknown> {
  return createPipeline({ name: "orders", version: "3" })
    .parse(csv())
    .normalize({ headers: { id: ["Order No."] }, columns: { amount: cell.decimal() } })
    .validate(Order)
    .pipe(withoutHundreds)
    .check(check.unique("id"))
    .pipe(stage.filter((row) => row.id % 11 !== 0))
    .check(fewOfCountry)
    .check(check.unique("email"))
    .check(check.foreignKey("country", ["DE", "FR"]))
    .check((row) => (row.amount.startsWith("9") ? { code: "nine", message: "It begins with nine." } : undefined), { columns: ["amount"] })
    .score({ expected: ["amount"], timeliness: { column: "on", halfLifeDays: 365 } })
    .into(sink as never)
    .rejectsInto(rejects)
}

/** Runs a pipeline in one process and in parts, and compares what its sinks see. */
async function compare(define: (sink: CapturedSink) => LoadPipeline<unknown>, name: string, body: string | Uint8Array, partBytes: number) {
  await server.put(name, body)
  const one = capturedSink()
  const parts = capturedSink()
  const processing = memoryStorage()
  const handlers = createHandlers(define(parts), {
    landing: bucket,
    processing,
    s3: { client: server.client },
    partBytes,
    logger: silentLogger,
    metrics: false,
  })
  const { steps, output } = await runSteps(handlers, { bucket, key: name }, { processing })
  const manifest = JSON.parse(processing.objects.get((output?.manifest ?? "").slice(processing.name.length))?.bytes.toString() ?? "{}")
  await define(one).run({ source: s3({ bucket, key: name, client: server.client }), asOf: new Date(manifest.asOf) })
  expect(parts.seen.rows).toEqual(one.seen.rows)
  expect(parts.seen.quality).toEqual(one.seen.quality)
  expect(parts.seen.rejects).toEqual(one.seen.rejects)
  const [ours, theirs] = [parts.seen, one.seen].map(({ reports }) => reports.map((report) => ({ ...report, deliveryId: "" })))
  expect(ours).toEqual(theirs)
  expect(JSON.stringify(ours?.[0]?.score)).toBe(JSON.stringify(theirs?.[0]?.score))
  return { steps, output, manifest, report: one.seen.reports[0], count: steps.filter((step) => step === "normalizer").length }
}

test("a file in parts gives the rows, the rejects with their origins, and the report of one process", async () => {
  const { report, manifest, steps } = await compare(orders, "orders.csv", csvOf({ rows: 20_000 }), 100_000)
  expect(manifest.parts).toBeGreaterThan(5)
  expect(report?.rejected).toBeGreaterThan(500)
  // Checks of the whole run need more than one round.
  expect(steps.filter((step) => step === "validator").length).toBeGreaterThan(manifest.parts)
})

test("a file that is one part needs no second round", async () => {
  const { steps } = await compare(orders, "small.csv", csvOf({ rows: 50 }), 1 << 20)
  expect(steps).toEqual(["parser", "normalizer", "validator", "scorer", "scorer", "loader"])
})

test("what normalizing changed is the sum over the parts", async () => {
  await server.put("padded.csv", `id,name\n${Array.from({ length: 9_000 }, (_, row) => `${row}," Ann "`).join("\n")}\n`)
  const { seen, sink, rejects } = capturedSink()
  const processing = memoryStorage()
  const pipeline = createPipeline({ name: "padded" })
    .normalize({ columns: { name: cell.text() } })
    .into(sink as never)
    .rejectsInto(rejects)
  const options = {
    landing: bucket,
    processing,
    s3: { client: server.client },
    partBytes: 40_000,
    logger: silentLogger,
    metrics: false,
  } as const
  const { steps } = await runSteps(createHandlers(pipeline, options), { bucket, key: "padded.csv" }, { processing })
  const parts = steps.filter((step) => step === "normalizer").length
  expect(parts).toBeGreaterThan(1)
  const { examined = 0, columns } = seen.reports[0]?.normalized ?? {}
  expect(examined).toBeGreaterThan(256)
  expect(examined).toBeLessThanOrEqual(256 * parts)
  expect(columns).toEqual({ name: { cells: examined, examples: [] } })
})

/** The order of the day and the month only shows in the last rows. */
const lateProof = (row: number) => (row < 9_000 ? "03/04/2024" : "25/04/2024")

test("a part that proves the order of dates sends the delivery back to the parser", async () => {
  const define = ({ sink, rejects }: CapturedSink) =>
    createPipeline({ name: "late", batchRows: 100 })
      .normalize({ headers: { id: ["Order No."] } })
      .validate(Order)
      .check(check.unique("id"))
      .into(sink as never)
      .rejectsInto(rejects)
  const { steps, report, manifest } = await compare(define, "late.csv", csvOf({ rows: 10_000, dayOf: lateProof }), 100_000)
  expect(steps.filter((step) => step === "parser")).toHaveLength(2)
  expect(manifest.revision).toBe(1)
  expect(report?.notices.map(({ code }) => code)).toContain("plan.revised")
})

test("columns that JSON brings late, kinds that change, and rows of ndjson come out as in one process", async () => {
  const rows = Array.from({ length: 5_000 }, (_, row) => ({
    id: row % 89 === 3 ? 1 : row,
    name: `n${row}`,
    ...(row > 3_000 ? { late: row / 2 } : {}),
    mixed: row < 2_000 ? row : `text ${row}`,
    nested: { row },
  }))
  const define = ({ sink, rejects }: CapturedSink) =>
    createPipeline({ name: "json", batchRows: 50 })
      .check(check.unique("id"))
      .into(sink as never)
      .rejectsInto(rejects)
  const nd = await compare(define, "rows.ndjson", rows.map((row) => JSON.stringify(row)).join("\n"), 30_000)
  expect(nd.manifest.parts).toBeGreaterThan(3)
  const js = await compare(define, "rows.json", JSON.stringify(rows), 30_000)
  expect(js.manifest.parts).toBeGreaterThan(3)
})

test("headers that the pipeline expects tell the header, the delimiter and the preamble of a file in parts", async () => {
  const define = ({ sink, rejects }: CapturedSink) =>
    createPipeline({ name: "expected", batchRows: 100 })
      .pipe(
        compose(
          stage.normalize<unknown, "code" | "place">({ headers: { code: "Ref A", place: "Town" } }),
          stage.filter(() => true),
        ),
      )
      .validate(z.object({ code: z.string(), place: z.string() }))
      .into(sink as never)
      .rejectsInto(rejects)
  const lines = Array.from({ length: 3_000 }, (_, row) => `C-${row}=Oslo, ${row}`)
  const { count, report } = await compare(define, "places.csv", `List=Draft\nOwner=Ann\nRef A=Town\n${lines.join("\n")}\n`, 10_000)
  expect(count).toBeGreaterThan(3)
  expect([report?.loaded, report?.skippedAbove, report?.notices.map(({ code }) => code)]).toEqual([3_000, 2, ["csv.preamble"]])
})

test("tables that stand below each other come out of parts as in one process", async () => {
  const define = ({ sink, rejects }: CapturedSink) =>
    createPipeline({ name: "tables", batchRows: 100 })
      .parse(csv({ tables: "all" }))
      .normalize({ unexpected: "discardColumn" })
      .validate(z.object({ id: z.number(), town: z.enum(["Oslo"]).optional() }))
      .into(sink as never)
      .rejectsInto(rejects)
  const first = Array.from({ length: 200 }, (_, row) => `${row},n${row}`)
  const second = Array.from({ length: 2_000 }, (_, row) => `${row},${row % 100 === 7 ? "Rome" : "Oslo"},${row}`)
  const body = `id,name\n${first.join("\n")}\n\nid,town,zip\n${second.join("\n")}\n`
  const { count, report } = await compare(define, "tables.csv", body, 5_000)
  expect(count).toBeGreaterThan(3)
  expect([report?.loaded, report?.rejected]).toEqual([2_180, 20])
  expect(report?.notices.map(({ code, column }) => [code, column])).toEqual([
    ["column.missing", "town"],
    ["column.discarded", "name"],
    ["column.discarded", "zip"],
    ["table.several", undefined],
  ])
})

test.each(["evolve", "discardColumn", "rejectRow"] as const)(
  "columns that no contract names come out as in one process: %s",
  async (unexpected) => {
    const define = ({ sink, rejects }: CapturedSink) =>
      createPipeline({ name: "unexpected", batchRows: 50, budget: { share: 1 } })
        .normalize({ unexpected })
        .validate(z.object({ id: z.number(), name: z.string() }))
        .into(sink as never)
        .rejectsInto(rejects)
    const rows = Array.from({ length: 5_000 }, (_, row) => ({
      id: row,
      name: `n${row}`,
      ...(row > 3_000 && row % 2 === 0 ? { late: row } : {}),
    }))
    const nd = await compare(define, `late-${unexpected}.ndjson`, rows.map((row) => JSON.stringify(row)).join("\n"), 10_000)
    expect(nd.count).toBeGreaterThan(3)
    const lines = rows.map(({ id, name, late }: { id: number; name: string; late?: number }) => `${id},${name},${late ?? ""}`)
    const csv = await compare(define, `late-${unexpected}.csv`, `Id,NAME,late\n${lines.join("\n")}\n`, 10_000)
    expect(csv.count).toBeGreaterThan(3)
    for (const { report } of [nd, csv]) {
      expect(report?.rejected).toBe(unexpected === "rejectRow" ? 999 : 0)
      expect(report?.notices.filter(({ code }) => code === "column.discarded").map(({ message }) => message)).toEqual(
        unexpected === "discardColumn" ? ['The column "late" is not declared and was left out. 999 of its cells have values.'] : [],
      )
    }
  },
)

test("a column that no contract names stops a delivery in parts with its code, also if only a late part has it", async () => {
  const define = ({ sink, rejects }: CapturedSink) =>
    createPipeline({ name: "frozen", batchRows: 50 })
      .normalize({ unexpected: "freeze" })
      .validate(z.object({ id: z.number() }))
      .into(sink as never)
      .rejectsInto(rejects)
  const rows = Array.from({ length: 5_000 }, (_, id) => JSON.stringify(id > 4_000 ? { id, late: 1 } : { id }))
  await expect(compare(define, "frozen.ndjson", rows.join("\n"), 20_000)).rejects.toMatchObject({ name: "Rowgate.COLUMN_UNEXPECTED" })
})

test("a gate, a budget and an empty table have the same outcome", async () => {
  const gated = ({ sink, rejects }: CapturedSink) =>
    createPipeline({ name: "gated", budget: { share: 0.01 } })
      .normalize({ headers: { id: ["Order No."] } })
      .validate(Order)
      .score({ minimum: { validity: 99.9 } })
      .into(sink as never)
      .rejectsInto(rejects)
  const { output, report } = await compare(gated, "gated.csv", csvOf({ rows: 8_000 }), 100_000)
  expect(output).toMatchObject({ status: "refused", loaded: 0 })
  expect(output?.reason).toBe(report?.reason)
  await expect(compare(gated, "empty.csv", "Order No.,email,amount,country,on\n", 100_000)).rejects.toMatchObject({
    name: "Rowgate.TABLE_EMPTY",
  })
})
