/** Correct uses: each must compile, with the asserted row type. They are compiled and never run. */
import { createReadStream } from "node:fs"
import * as v from "valibot"
import { z } from "zod"
import {
  type Batch,
  type Batches,
  type CellValue,
  type Check,
  type ColumnCheck,
  type Context,
  cell,
  check,
  compose,
  createPipeline,
  csv,
  file,
  type InferRow,
  type Normalizer,
  ndjsonFile,
  type Parser,
  type Pipeline,
  type Row,
  type RunCheck,
  readTables,
  type Sink,
  type Stage,
  stage,
  toBatches,
} from "../../src/index.ts"
import { type PostgresPool, postgres, postgresKeys } from "../../src/postgres.ts"
import { s3 } from "../../src/s3.ts"
import { xlsx } from "../../src/xlsx.ts"

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false
declare function assert<_T extends true>(): void
declare const pool: PostgresPool
declare const signal: AbortSignal | undefined

const Order = z.object({
  orderId: z.number().int().positive(),
  email: z.email(),
  amount: z.string(),
  orderedOn: z.date(),
})
type Order = z.infer<typeof Order>

// 1. A whole pipeline.
const plausible: Check<Order> = ({ amount }) =>
  Number(amount) < 1e6 ? undefined : { code: "amount.implausible", message: `${amount} is too high`, column: "amount" }

export const orders = createPipeline({ name: "orders" })
  .from(s3({ bucket: "ingestion-landing", prefix: "orders/" }))
  .parse(xlsx({ sheet: "Orders" }))
  .normalize({
    headers: { orderId: ["Order No.", "order_id"] },
    nulls: ["", "N/A"],
    columns: { orderId: cell.integer(), amount: cell.decimal({ locale: "de" }), orderedOn: cell.date(["dd.MM.yyyy"]) },
  })
  .validate(Order)
  .check(plausible, { columns: ["amount"], dimension: "accuracy" })
  .check(check.unique("orderId"))
  .score({
    weights: { completeness: 20, accuracy: 25, consistency: 20, timeliness: 10, uniqueness: 15, validity: 10 },
    criticality: { orderId: 3 },
    minimum: { overall: 80 },
  })
  .into(postgres({ pool, table: "orders", mode: "upsert", key: ["orderId"], quality: "quality_score" }))

export const report = await orders.run({ signal, asOf: new Date(0), onProgress: ({ read }) => void read })
plausible({ orderId: 1, email: "", amount: "1", orderedOn: new Date(0) }, {} as Context) // a check is a function one can test

// 2. No schema: normalize alone types the rows. Format detected.
const readings = createPipeline({ name: "readings" })
  .from(file("readings.csv"))
  .normalize({
    headers: { station: "Station ID", note: "Remarks" },
    columns: {
      station: cell.required(cell.text()),
      celsius: cell.number({ locale: "de" }),
      takenOn: cell.date(),
      ok: cell.boolean(),
      unit: cell.oneOf("C", "F"),
      status: cell.category({ ok: ["okay"], faulty: [] }),
      side: cell.category(["left", "right"]),
    },
  })
type Reading = InferRow<typeof readings>
assert<
  Equal<
    Reading,
    {
      readonly station: string
      readonly note: CellValue
      readonly celsius: number | null
      readonly takenOn: Date | null
      readonly ok: boolean | null
      readonly unit: "C" | "F" | null
      readonly status: "ok" | "faulty" | null
      readonly side: "left" | "right" | null
    }
  >
>()
export const readingsRun = readings
  .check(({ celsius, unit }) => (celsius !== null && unit === "F" ? { code: "unit", message: "Fahrenheit", column: "unit" } : undefined))
  .into(postgres({ pool, table: "reading" }))

// 3. Only nulls are set: the rows stay open.
const open = createPipeline({ name: "open" })
  .from(file("a.csv"))
  .normalize({ nulls: ["-"] })
assert<Equal<InferRow<typeof open>["x"], Row["x"]>>()

// 4. Valibot.
const Item = v.object({ sku: v.pipe(v.string(), v.minLength(1)), price: v.number(), note: v.nullish(v.string()) })
const items = createPipeline({ name: "items" })
  .from(file("items.csv"))
  .parse(csv({ delimiter: ";" }))
  .normalize({ columns: { price: cell.number() } })
  .validate(Item)
assert<Equal<InferRow<typeof items>, v.InferOutput<typeof Item>>>()

// 5. A schema that transforms; the next stages see its output.
const Transformed = z.object({ tags: z.string().transform((text) => text.split(",")), size: z.coerce.number() })
export const tagged = createPipeline({ name: "tags" })
  .from(file("t.csv"))
  .validate(Transformed)
  .check(({ tags }) => (tags.length > 9 ? { code: "tags.many", message: "too many", column: "tags" } : undefined))

// 6. A custom stage as an async generator, named and inline.
async function* withTotal(batches: Batches<{ sku: string; price: number }>, { signal }: Context) {
  for await (const batch of batches) {
    signal.throwIfAborted()
    yield batch.withColumn("total", ({ price }) => price * 1.19)
  }
}
const totals = items
  .pipe(async function* dearOnly(batches) {
    for await (const batch of batches) yield batch.filter(({ price }) => price > 10)
  })
  .pipe(withTotal)
export const total: number = (await totals.rows().next()).value?.total ?? 0

// 7. A column check over typed columns, inline and declared.
export const columnar = items.check({
  kind: "column",
  name: "price.whole",
  columns: ["price"],
  dimension: "consistency",
  test(batch, fail) {
    const price = batch.columns.price.numbers()
    for (const row of batch.selection)
      if (!Number.isInteger(price[row])) fail(row, { code: "price.whole", message: "no cents here", column: "price" })
  },
})
const shortNotes: ColumnCheck<{ note?: string | null | undefined }> = {
  kind: "column",
  name: "note.short",
  columns: ["note"],
  test(batch, fail) {
    const { codes, values } = batch.columns.note.dictionary()
    const long = values.map((value) => value.length > 80)
    for (const row of batch.selection) if (long[codes[row] ?? 0]) fail(row, { code: "note.long", message: "too long", column: "note" })
  },
}
export const columnarTwice = items
  .check(shortNotes)
  .check(check.unique("note"))
  .check(check.foreignKey("note", ["a", "b"])) // an optional column

// 8. Run checks: single keys, compound keys, known keys, your own state.
const monotone: RunCheck<{ orderedOn: Date }, { last: number }> = {
  kind: "run",
  name: "orderedOn.rising",
  columns: ["orderedOn"],
  dimension: "consistency",
  begin: () => ({ last: -Infinity }),
  test(batch, state, fail) {
    const values = batch.columns.orderedOn.times()
    for (const row of batch.selection) {
      const at = values[row] ?? NaN
      if (at < state.last) fail(row, { code: "order.back", message: "goes back in time", column: "orderedOn" })
      else state.last = at
    }
  },
  merge: (one, other) => ({ last: Math.max(one.last, other.last) }),
}
const onceAMail = check.unique("email", "orderedOn") // works apart from a pipeline
export const strict = createPipeline({ name: "strict" })
  .from(file("o.csv"))
  .validate(Order)
  .check(onceAMail)
  .check(monotone)
  .check(check.foreignKey("email", postgresKeys<string>({ pool, table: "customer", column: "email" })))
  .check(check.foreignKey("orderId", [1, 2, 3]))
  .check(
    check.run({
      kind: "run",
      name: "email.domains",
      dimension: "consistency",
      begin: () => new Set<string>(),
      test(batch, domains, fail) {
        for (const email of batch.columns.email.dictionary().values) domains.add(email.slice(email.indexOf("@")))
        if (domains.size > 1000) fail(0, { code: "email.domains", message: "too many domains", column: "email" })
      },
      merge: (one, other) => new Set([...one, ...other]),
    }),
  )

// 9. compose: a stage from stages, with checks among them.
const tidy = compose(
  stage.validate(Order),
  stage.check(({ amount }) => (amount === "0" ? { code: "amount.zero", message: "nothing ordered", column: "amount" } : undefined), {
    columns: ["amount"],
  }),
  stage.check(check.unique("orderId")),
  stage.filter(({ email }) => !email.endsWith("@example.com")),
)
assert<Equal<typeof tidy, Stage<unknown, Order>>>()
const cents = compose(
  tidy,
  stage.map((order) => ({ id: order.orderId, cents: Math.round(Number(order.amount) * 100) })),
)
export const composed = createPipeline({ name: "composed" })
  .from(file("o.csv"))
  .pipe(cents)
  .into(postgres({ pool, table: "cents", mode: "scd2", key: ["id"] }))

// 10. A fork: the builder is immutable, so both ends are separate pipelines.
const valid = createPipeline({ name: "fork" }).from(file("o.csv")).validate(Order)
export const big = valid.filter(({ amount }) => Number(amount) >= 1000).into(postgres({ pool, table: "big_order", mode: "replace" }))
export const all = valid.into(postgres({ pool, table: "order", columns: { orderedOn: "ordered_on" } }))

// 11. Several sinks; rejects to a file; your own sink.
const counter: Sink<{ readonly amount: string }> = {
  name: "counter",
  delivery: "at-least-once",
  async open() {
    let sum = 0
    return {
      async write(batch) {
        for (const { amount } of batch.rows) sum += Number(amount)
      },
      async commit({ read }) {
        if (sum > read * 1e6) throw new RangeError("implausible")
      },
      async [Symbol.asyncDispose]() {},
    }
  },
}
export const fanned = valid
  .into(postgres({ pool, table: "order" }))
  .into(ndjsonFile("out.ndjson"))
  .into(counter)
  .rejectsInto(ndjsonFile("rejects.ndjson"))

// 13. Rows for your own program; rows that are already in memory; tables without a pipeline.
for await (const order of valid.rows({ signal })) order.orderedOn.getTime()
export const inMemory = createPipeline({ name: "memory" })
  .fromRows([{ a: 1 }, { a: 2 }])
  .check(check.unique("a"))
  .into(counterOf())
function counterOf(): Sink<{ a: number }> {
  return {
    ...counter,
    async open() {
      return { async write() {}, async commit() {}, async [Symbol.asyncDispose]() {} }
    },
  }
}
for await (const table of readTables("book.xlsx")) for await (const row of table.rows()) void [table.name, row["Order No."]]

// 14. Your own parser and normalizer.
const fixedWidth: Parser<{ readonly code: string; readonly qty: string }> = {
  name: "fixed-width",
  async *parse(source) {
    for await (const chunk of source.stream()) yield* toBatches([{ code: String(chunk[0]), qty: String(chunk[1]) }])
  },
}
const isin: Normalizer<`${string}-${string}` | null> = {
  name: "isin",
  produces: "text",
  parse: (cell) => (cell === null ? null : `${String(cell)}-x`),
}
const fixed = createPipeline({ name: "fixed" })
  .from(file("f.txt"))
  .parse(fixedWidth)
  .normalize({ columns: { qty: cell.integer(), isin } })
assert<Equal<InferRow<typeof fixed>, { readonly code: string; readonly qty: number | null; readonly isin: `${string}-${string}` | null }>>()

// 15. A function over any pipeline whose rows have what it needs.
const audited = <T extends { readonly email: string }>(pipeline: Pipeline<T>) =>
  pipeline.check(({ email }) => (email.includes("+") ? { code: "email.tagged", message: "tagged address" } : undefined))
export const auditedOrders = audited(valid).check(plausible)

// 16. A declared sink names its row type.
const target = postgres<Order>({ pool, table: "order", mode: "upsert", key: ["orderId"] })
export const declared = valid.into(target)

// 17. Interfaces serve as rows, as type aliases do.
interface Person {
  readonly id: number
  readonly name: string | null
}
declare const Person: import("@standard-schema/spec").StandardSchemaV1<Row, Person>
export const people = createPipeline({ name: "people" })
  .from(file("p.csv"))
  .validate(Person)
  .check(check.unique("id"))
  .check(check.unique("id", "name"))
  .into(postgres({ pool, table: "person", mode: "upsert", key: ["id"] }))

// 18. The row type of a pipeline, in any phase.
assert<Equal<InferRow<typeof valid>, Order>>()
assert<Equal<InferRow<typeof declared>, Order>>()
assert<Equal<InferRow<typeof inMemory>, { a: number }>>()
assert<Equal<InferRow<ReturnType<typeof createPipeline>>, Row>>()

// 19. A definition without a source; a source for each run; uploads and streams.
declare const upload: File
declare const request: Request
export const later = createPipeline({ name: "later" })
  .parse(csv())
  .validate(Order)
  .into(postgres<Order>({ pool, table: "order" }))
await later.run({ source: upload })
await later.plan({ source: "orders.csv" })
if (request.body !== null) createPipeline({ name: "body" }).from(request.body, { name: "orders.csv", maxBytes: 1e9 }).validate(Order)
createPipeline({ name: "readable" }).from(createReadStream("orders.csv")).validate(Order)
createPipeline({ name: "named" })
  .from(file("/tmp/upload-1", { name: "orders.csv" }))
  .validate(Order)

// 20. Stages do the same as the builder's methods; a middle that begins with normalize comes first.
export const piped = createPipeline({ name: "piped" })
  .from("o.csv")
  .pipe(stage.normalize({ columns: { orderId: cell.integer() } }))
  .pipe(stage.validate(z.object({ orderId: z.number() })))
  .pipe(stage.filter(({ orderId }) => orderId > 0))
  .computed("twice", ({ orderId }) => orderId * 2)
  .constant("currency", "EUR")
assert<Equal<InferRow<typeof piped>["currency"], "EUR">>()

export type { Batch }
