import * as v from "valibot"
import { expect, test } from "vitest"
import { z } from "zod"
import { defineCheck, defineRowCheck } from "../../src/checks/define-check.ts"
import { bytes, createPipeline } from "../../src/index.ts"
import { foundBy, rowsFailedBy } from "./found-by.ts"

const atMost = defineCheck({
  name: "atMost",
  dimension: "accuracy",
  options: z.object({ limit: z.number(), unit: z.string().default("EUR") }),
  cell: (value: number, { limit, unit }) => (value > limit ? { code: "number.high", message: `${value} ${unit} is too much.` } : undefined),
})
const inOrder = defineRowCheck({
  name: "inOrder",
  columns: ["first", "last"],
  judges: ["first", "last"],
  row: ({ first, last }: { first: number; last: number }) =>
    first > last
      ? [
          { code: "order", message: "Swapped.", column: "first" },
          { code: "order", message: "Swapped too." },
        ]
      : undefined,
})
const js = (call: unknown) => call as (...args: readonly unknown[]) => unknown

test("a check of cells judges every value that is not null, with its options and their defaults", async () => {
  expect(await foundBy(atMost("amount", { limit: 2 }), [{ amount: [1, 3, null] }, { amount: [2, 4] }])).toEqual([
    expect.objectContaining({ row: 1, column: "amount", rule: "atMost.amount", dimension: "accuracy", message: "3 EUR is too much." }),
    expect.objectContaining({ row: 4, message: "4 EUR is too much." }),
  ])
})

test("a check of several columns blames the column that a finding names, or the last one that it judges", async () => {
  const found = await foundBy(inOrder({ first: "a", last: "b" }), [{ b: [1, 2, null], a: [2, 1, 9] }])
  expect(found.map(({ row, column, rule }) => [row, column, rule])).toEqual([
    [0, "a", "inOrder.a+b"],
    [0, "b", "inOrder.a+b"],
  ])
})

test("a row that failed elsewhere is judged too, but not by a cell that is wrong already", async () => {
  const Row = z.object({ id: z.number(), amount: z.number().min(0) })
  const csv = "id,amount\nx,9\n1,-1\n2,x\n3,9\n"
  const low = defineCheck({ name: "low", cell: (value: number) => (value !== 0 ? { code: "low", message: "It is not 0." } : undefined) })
  const codes: unknown[] = []
  for await (const batch of createPipeline({ name: "low" }).from(bytes(csv)).validate(Row).check(low("amount")).batches())
    for (let row = 0; row < batch.length; row++) codes.push(batch.issues.of(row).map(({ code }) => code))
  expect(codes).toEqual([["number.unreadable", "low"], ["schema.too_small"], ["number.unreadable"], ["low"]])
})

test("a check that throws fails its row and not the delivery", async () => {
  const odd = defineCheck({
    name: "odd",
    cell(value: string) {
      if (value === "b") throw new Error("no b")
      return undefined
    },
  })
  expect(await foundBy(odd("name"), [{ name: ["a", "b", "c"] }])).toEqual([
    expect.objectContaining({ row: 1, code: "check.threw", message: "The check odd.name threw (no b).", column: "name" }),
  ])
})

test("valibot schemas describe options too", async () => {
  const short = defineCheck({
    name: "short",
    options: v.object({ most: v.optional(v.number(), 2) }),
    cell: (value: string, { most }) => (value.length > most ? { code: "long", message: "It is long." } : undefined),
  })
  expect(await rowsFailedBy(short("name"), { name: ["ab", "abc"] })).toEqual([1])
  expect(await rowsFailedBy(short("name", { most: 3 }), { name: ["ab", "abc"] })).toEqual([])
  expect(() => js(short)("name", { most: "3" })).toThrow("The option most of short() does not fit")
})

test.each([
  [["amount"], "The option limit of atMost() does not fit"],
  [["amount", { limit: "2" }], "The option limit of atMost() does not fit"],
  [["amount", { limits: 2 }], "atMost() has no option limits; did you mean limit?"],
  [["amount", { limit: 2, units: "EUR" }], "atMost() has no option units; did you mean unit?"],
  [[""], 'The column of atMost() takes the name of a column; it got "".'],
  [[7, { limit: 2 }], "The column of atMost() takes the name of a column; it got 7."],
] as const)("a call with %j is refused in a sentence", (args, message) => {
  expect(() => js(atMost)(...args)).toThrow(message)
})

test.each([
  [{ first: "a", list: "b" }, "inOrder() has no option list; did you mean last?"],
  [{ first: "a" }, "inOrder() needs the option last: the name of a column."],
  ["a", "inOrder() takes an object of options"],
])("the columns %j are refused in a sentence", (columns, message) => {
  expect(() => js(inOrder)(columns)).toThrow(message)
})

const nothing = () => undefined
test.each([
  ["defineCheck", { name: "a" }, "defineCheck() needs the option cell: a function of a value."],
  ["defineCheck", { name: "a", cells: nothing }, "defineCheck() has no option cells; did you mean cell?"],
  ["defineCheck", { name: "a", dimension: "beauty", cell: nothing }, "The option dimension of defineCheck() takes"],
  ["defineCheck", { name: "a", options: { limit: 1 }, cell: nothing }, "The option options of defineCheck() takes a schema"],
  ["defineRowCheck", { name: "a", row: nothing }, "defineRowCheck() needs the option columns: names for the columns."],
  ["defineRowCheck", { name: "a", columns: ["b"], cell: nothing }, "defineRowCheck() has no option cell."],
  ["defineRowCheck", { name: "a", columns: ["b"], judges: ["c"], row: nothing }, 'The check a judges "c", which is not among its columns.'],
] as const)("%s refuses the definition %j in a sentence", (name, definition, message) => {
  expect(() => js({ defineCheck, defineRowCheck }[name])(definition)).toThrow(message)
})

test("a column that the table does not have stops the delivery", async () => {
  await expect(foundBy(atMost("amuont", { limit: 2 }), [{ amount: [1] }])).rejects.toMatchObject({
    code: "PIPELINE_INVALID",
    message: 'The rule atMost.amuont names the column "amuont", which is not among amount.',
  })
})
