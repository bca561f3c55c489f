/** Wrong uses: the compiler must refuse each, at the wrong call. They are compiled and never run. */
import * as v from "valibot"
import { z } from "zod"
import { type Batches, type Check, cell, check, compose, createPipeline, csv, file, type Sink, type Stage, stage } from "../../src/index.ts"
import { type PostgresPool, postgres } from "../../src/postgres.ts"

declare const pool: PostgresPool
const Order = z.object({ orderId: z.number(), email: z.string(), amount: z.string(), orderedOn: z.date(), note: z.string().optional() })
const files = createPipeline({ name: "orders" }).from(file("orders.csv"))
const base = files.parse(csv()).validate(Order)

// 01 a phase out of order
// @ts-expect-error
createPipeline({ name: "x" }).validate(Order).from("orders.csv")
// 02 run without a sink
// @ts-expect-error
base.run()
// 03 normalize after validate
// @ts-expect-error
base.normalize({ nulls: ["-"] })
// 04 a check reads a column that is not there
// @ts-expect-error
base.check(({ amuont }) => (amuont === "0" ? { code: "zero", message: "zero" } : undefined))
// 05 a check gives a boolean
// @ts-expect-error
base.check((order) => Number(order.amount) > 0)
// 06 a check is async
// @ts-expect-error
base.check(async ({ email }) => (email ? undefined : { code: "email", message: "none" }))
// 07 a finding points at a column that is not there
// @ts-expect-error
base.check(() => ({ code: "x", message: "y", column: "amuont" }))
// 08 a finding with its own dimension: the rule declares it, because the score counts cells before it sees values
// @ts-expect-error
base.check(({ amount }) => (amount ? undefined : { code: "x", message: "y", dimension: "accuracy" }))
// 09 a key that is not a column
// @ts-expect-error
base.check(check.unique("orderid"))
// 10 known keys of another type than the column
// @ts-expect-error
base.check(check.foreignKey("orderId", ["A", "B"]))
// 11 numbers asked of a text column
// @ts-expect-error
base.check({ kind: "column", name: "n", test: ({ columns }) => void columns.amount.numbers() })
// 12 an upsert without a key
// @ts-expect-error
base.into(postgres({ pool, table: "orders", mode: "upsert" }))
// 13 an upsert by a column that is not there
// @ts-expect-error
base.into(postgres({ pool, table: "orders", mode: "upsert", key: ["id"] }))
// 14 weights by column instead of by dimension
// @ts-expect-error
base.score({ weights: { amount: 3 } })
// 15 criticality of a column that is not there
// @ts-expect-error
base.score({ criticality: { amuont: 3 } })
// 16 the schema wants a number, normalize gives exact text
const read = files.normalize({ columns: { amount: cell.decimal(), orderId: cell.integer() } })
// @ts-expect-error
read.validate(z.object({ orderId: z.number(), amount: z.number() }))
// 17 the same with valibot
// @ts-expect-error
files.normalize({ columns: { orderedOn: cell.date() } }).validate(v.object({ orderedOn: v.string() }))
// 18 a type instead of a normalizer
// @ts-expect-error
files.normalize({ columns: { amount: Number } })
// 19 a normalizer that was not called
// @ts-expect-error
files.normalize({ columns: { amount: cell.decimal } })
// 20 a stage that wants a column that is not there
declare const toEuro: Stage<{ amount: string; currency: string }, { eur: string }>
// @ts-expect-error
base.pipe(toEuro)
// 21 the same, as a generator
async function* perCountry(batches: Batches<{ country: string }>) {
  for await (const batch of batches) yield batch
}
// @ts-expect-error
base.pipe(perCountry)
// 22 a stage that gives rows, not batches
// @ts-expect-error
base.pipe(async function* (batches) {
  for await (const batch of batches) for (const row of batch.rows) yield row
})
// 23 a sink for other rows
declare const people: Sink<{ name: string }>
// @ts-expect-error
base.into(people)
// 24 a stage after the sink
// @ts-expect-error
base.into(postgres({ pool, table: "orders" })).check(check.unique("orderId"))
// 26 compose: stages that do not fit
// @ts-expect-error
compose(stage.validate(Order), toEuro)
// 27 compose: a check on a key that is not there
// @ts-expect-error
compose(stage.validate(Order), stage.check(check.unique("orderid")))
// 28 compose: a check reads a column that is not there
// biome-ignore format: the directive speaks of one line
// @ts-expect-error
compose(stage.validate(Order), stage.check(({ amuont }) => amuont ? undefined : { code: "x", message: "y" }))
// 29 a declared check for other rows
declare const adult: Check<{ age: number }>
// @ts-expect-error
base.check(adult)
// 30 a row without a schema: a typo in a declared column
const typed = files.normalize({ columns: { amount: cell.decimal() } })
// @ts-expect-error
typed.check(({ amuont }) => (amuont ? undefined : { code: "x", message: "y" }))
// 31 something that is no schema
// @ts-expect-error
files.validate({ orderId: "number" })
// 32 a column may be null when no schema said otherwise
// @ts-expect-error
files.normalize({ columns: { amount: cell.decimal() } }).map(({ amount }) => ({ cents: amount.length }))
// 33 a sink outside of a pipeline, without its row type
// @ts-expect-error
export const loose = postgres({ pool, table: "orders", mode: "upsert", key: ["orderId"] })
// 34 the database column of a row column that is not there
// @ts-expect-error
base.into(postgres({ pool, table: "orders", columns: { orderedAt: "ordered_at" } }))
// 35 known keys for a column that is not there
// @ts-expect-error
base.check(check.foreignKey("customer", ["A"]))
// 36 an open row: nothing is known, so nothing can be a text
// @ts-expect-error
files.check((row) => (row["amount"].length > 3 ? { code: "x", message: "y" } : undefined))
// 37 a misspelt option
// @ts-expect-error
files.normalize({ header: { orderId: "No." } })
// 38 a parser after normalize
// @ts-expect-error
files.normalize({ nulls: ["-"] }).parse(csv())
// 39 a key of two columns, one of them misspelt
// @ts-expect-error
base.check(check.unique("orderId", "emial"))
// 40 normalize after validate, as a stage
// @ts-expect-error
base.pipe(stage.normalize({ nulls: ["-"] }))
// 41 the schema wants a number, normalize gives exact text: as a stage
// @ts-expect-error
read.pipe(stage.validate(z.object({ orderId: z.number(), amount: z.number() })))
// 42 the schema of a list
// @ts-expect-error
files.validate(z.array(Order))
// 43 the same, as a stage
// @ts-expect-error
stage.validate(z.array(Order))
// 44 the same, as a stage of a pipeline
// @ts-expect-error
files.pipe(stage.validate(v.array(v.object({ id: v.number() }))))
// 45 a dry run: that is a plan
// @ts-expect-error
base.into(anything).run({ dryRun: true })
declare const anything: Sink<unknown>
// 46 something that is neither a source nor can be turned into one
// @ts-expect-error
createPipeline({ name: "x" }).from(17)
// 47 a name for several files at once
// @ts-expect-error
file("a.csv", "b.csv", { name: "c.csv" })
