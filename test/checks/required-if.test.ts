import { expect, test } from "vitest"
import { z } from "zod"
import { requiredIf } from "../../src/checks/required-if.ts"
import { bytes, createPipeline } from "../../src/index.ts"
import { foundBy, rowsFailedBy } from "./found-by.ts"

test("an empty cell fails where the other column has one of the values", async () => {
  const table = { method: ["transfer", "card", "transfer", null], iban: [null, null, "DE89", null] }
  expect(await foundBy(requiredIf("iban", "method", ["transfer"]), [table])).toEqual([
    expect.objectContaining({
      row: 0,
      code: "required",
      column: "iban",
      dimension: "completeness",
      message: 'iban is required, because method is "transfer".',
    }),
  ])
})

test("dates and numbers are compared by value, and a function may decide", async () => {
  const on = [new Date(0), new Date(1), null]
  expect(await rowsFailedBy(requiredIf("why", "on", [new Date(1)]), { on, why: [null, null, null] })).toEqual([1])
  expect(
    await rowsFailedBy(
      requiredIf("why", "amount", (amount: number) => amount > 10),
      { amount: [9, 11], why: [null, null] },
    ),
  ).toEqual([1])
})

test("a cell that could not be read, or that the schema requires, is not missing a second time", async () => {
  const Row = z.object({ method: z.string(), limit: z.number().nullable(), iban: z.string() })
  const csv = "method,limit,iban\ntransfer,x,\ntransfer,,DE89\n"
  const rule = requiredIf("limit", "method", ["transfer"])
  const codes: unknown[] = []
  for await (const batch of createPipeline({ name: "a" })
    .from(bytes(csv))
    .validate(Row)
    .check(rule)
    .check(requiredIf("iban", "method", ["transfer"]))
    .batches())
    for (const { row, issue } of batch.issues) codes.push([row, issue.column, issue.code, issue.rule])
  expect(codes.sort()).toEqual([
    [0, "iban", "required", "required.iban"],
    [0, "limit", "number.unreadable", "schema.limit"],
    [1, "limit", "required", "requiredIf.limit+method"],
  ])
})

test("rows of a program that lack the property miss the value", async () => {
  const rows: { method: string; iban?: string }[] = [{ method: "transfer" }, { method: "card" }, { method: "transfer", iban: "DE89" }]
  const found: number[] = []
  for await (const batch of createPipeline({ name: "a" })
    .fromRows(rows)
    .check(requiredIf("iban", "method", ["transfer"]))
    .batches())
    for (const { row } of batch.issues) found.push(row)
  expect(found).toEqual([0])
})
