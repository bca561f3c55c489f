import { beforeAll, describe, expect, test } from "vitest"
import { messagesOf } from "./messages-of.ts"

const head = `
import { z } from "zod"
import { cell, check, compose, createPipeline, csv, file, stage, type Stage } from "../../src/index.ts"
import { postgres, type PostgresPool } from "../../src/postgres.ts"
interface Order { orderId: number; email: string; amount: string; orderedOn: Date; note?: string | undefined }
declare const pool: PostgresPool
declare const toEuro: Stage<{ amount: string; currency: string }, { eur: string }>
const files = createPipeline({ name: "orders" }).from(file("orders.csv"))
declare const schema: z.ZodType<Order>
const base = files.parse(csv()).validate(schema)
`

/** The most common mistakes, and the line that must explain each: the last one that the compiler prints. */
const mistakes = [
  ["run without a sink", "base.run()", `not assignable to method's 'this' of type '"name a target before you run: .into(sink).run()"'.`],
  [
    "the schema of a list",
    "files.validate(z.array(schema))",
    `not assignable to type '"give the schema of one row: z.object({ ... }), not z.array(...)"'.`,
  ],
  [
    "the schema of a list, as a stage",
    "stage.validate(z.array(schema))",
    `not assignable to type '"give the schema of one row: z.object({ ... }), not z.array(...)"'.`,
  ],
  [
    "normalize after validate, as a stage",
    "base.pipe(stage.normalize({ nulls: [] }))",
    `Type 'true' is not assignable to type '"normalize before any other stage"'.`,
  ],
  ["normalize after validate", "base.normalize({ nulls: [] })", "Property 'normalize' does not exist on type 'Pipeline<Order>'."],
  ["a typo in a check", "base.check(({ amuont }) => undefined)", "Property 'amuont' does not exist on type 'Order'."],
  [
    "a check that gives a boolean",
    "base.check((order) => order.orderId > 0)",
    "Type 'boolean' is not assignable to type 'Finding<Order> | readonly Finding<Order>[] | undefined'.",
  ],
  [
    "a finding at a column that is not there",
    'base.check(() => ({ code: "x", message: "y", column: "amuont" }))',
    `Type '"amuont"' is not assignable to type 'ColumnName<Order> | undefined'. Did you mean '"amount"'?`,
  ],
  [
    "a dimension in a finding",
    'base.check(() => ({ code: "x", message: "y", dimension: "accuracy" }))',
    `Type '"accuracy"' is not assignable to type '"declare it with the rule: .check(test, { dimension })"'.`,
  ],
  [
    "a key that is not a column",
    'base.check(check.unique("orderid"))',
    `Type '"orderid"' is not assignable to type 'ColumnName<Order>'. Did you mean '"orderId"'?`,
  ],
  ["known keys of another type", 'base.check(check.foreignKey("orderId", ["A"]))', "Type 'number' is not assignable to type 'string'."],
  [
    "numbers asked of a text column",
    'base.check({ kind: "column", name: "n", test(batch) { batch.columns.amount.numbers() } })',
    "Type 'string' is not assignable to type 'number'.",
  ],
  [
    "an upsert by a column that is not there",
    'base.into(postgres({ pool, table: "o", mode: "upsert", key: ["id"] }))',
    `Type '"id"' is not assignable to type 'ColumnName<`,
  ],
  [
    "a schema that wants a number where normalize gives exact text",
    "files.normalize({ columns: { amount: cell.decimal() } }).validate(z.object({ amount: z.number() }))",
    `Property '"column 'amount' is text after normalize, the schema wants a number"' is missing`,
  ],
  [
    "a stage that wants another column",
    "base.pipe(toEuro)",
    "Property 'currency' is missing in type 'Order' but required in type '{ amount: string; currency: string; }'.",
  ],
  [
    "a composed stage that does not fit",
    "compose(stage.validate(schema), toEuro)",
    "Property 'currency' is missing in type 'Order' but required in type '{ amount: string; currency: string; }'.",
  ],
  ["a misspelt option", 'files.normalize({ header: { a: "b" } })', "Did you mean to write 'headers'?"],
  [
    "a null that no schema excludes",
    "files.normalize({ columns: { n: cell.integer() } }).check(({ n }) => void n.toFixed() as undefined)",
    "'n' is possibly 'null'.",
  ],
  [
    "a sink apart from a pipeline without its row type",
    'postgres({ pool, table: "o", mode: "upsert", key: ["orderId"] })',
    `Type '"orderId"' is not assignable to type '"name the row type: postgres<Order>({ ... })"'.`,
  ],
] as const

describe("the compiler", () => {
  let said: string[][][] = []
  let right: string[][] = []
  beforeAll(() => {
    const [first = [], ...others] = messagesOf([head, ...mistakes.map(([, code]) => head + code)])
    right = first
    said = others
  }, 120_000)

  test("accepts the code before each mistake", () => {
    expect(right).toEqual([])
  })

  test.each(mistakes.map(([mistake, , line], at) => [mistake, line, at] as const))("answers %s with: %s", (_mistake, line, at) => {
    const [fault, ...others] = said[at] ?? []
    expect(others).toEqual([])
    expect(fault?.at(-1)).toContain(line)
    expect(fault?.length).toBeLessThanOrEqual(7)
  })
})
