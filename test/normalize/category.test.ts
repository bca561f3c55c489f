import { expect, test } from "vitest"
import { cell } from "../../src/index.ts"
import { category } from "../../src/normalize/category.ts"
import { nearestValue } from "../../src/normalize/nearest-value.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import { oneOf } from "../../src/normalize/one-of.ts"
import { textLayouts } from "../model/layouts.ts"
import { runStage, stageContext, tableOf } from "../run-stage.ts"

const status = cell.category({ paid: ["payed", "settled in full"], "not paid": ["open"], Straße: [] })
const read = (given: string) => status.parse(given, stageContext())

test.each([
  ["paid", "paid"],
  [" PAYED ", "paid"],
  ["Settled\u00a0in  Full", "paid"],
  ["settled\u200bin\nfull", "paid"],
  ["NotPaid", "not paid"],
  ["OPEN", "not paid"],
  ["STRASSE", "Straße"],
])("%j is read as %s", (given, value) => {
  expect(read(given)).toBe(value)
})

test("an unknown value fails with the nearest value, or with none if two are equally near", () => {
  expect(read("setled in full")).toMatchObject({ code: "list.unknown", suggestion: 'Did you mean "paid"?' })
  expect(read("cancelled")).toEqual({
    unreadable: true,
    code: "list.unknown",
    message: '"cancelled" is not one of paid, not paid, Straße.',
  })
  expect(category(["north", "forth"]).parse("worth", stageContext())).not.toHaveProperty("suggestion")
})

test("two spellings of one value are no tie", () => {
  expect(category({ north: ["forth"] }).parse("worth", stageContext())).toMatchObject({ suggestion: 'Did you mean "north"?' })
})

test("accents matter unless the options say otherwise", () => {
  expect(category(["München"]).parse("Munchen", stageContext())).toMatchObject({ suggestion: 'Did you mean "München"?' })
  expect(category(["München"], { ignoreAccents: true }).parse("MUNCHEN", stageContext())).toBe("München")
  expect(category(["Munchen"], { ignoreAccents: true }).parse("Mu\u0308nchen", stageContext())).toBe("Munchen")
})

test("oneOf suggests the nearest value, and the spelling if only the case differs", () => {
  const units = oneOf("Kilogram", "Gram", "A1", "A2")
  expect(units.parse("kilogram", stageContext())).toMatchObject({ code: "list.unknown", suggestion: 'Did you mean "Kilogram"?' })
  expect(units.parse("Kilogramm", stageContext())).toMatchObject({ suggestion: 'Did you mean "Kilogram"?' })
  expect(units.parse("A3", stageContext())).not.toHaveProperty("suggestion")
})

test("a near value is a letter or two away", () => {
  const keys = [
    ["shipped", "Shipped"],
    ["returned", "Returned"],
    ["new", "New"],
  ] as const
  expect(nearestValue("shiped", keys)).toBe("Shipped")
  expect(nearestValue("retruned", keys)).toBe("Returned")
  expect(nearestValue("now", keys)).toBeUndefined()
  expect(nearestValue("x".repeat(100_000), keys)).toBeUndefined()
})

test.each(Object.entries(textLayouts))("a column of %s gets canonical values, nulls and issues", async (_layout, make) => {
  const column = make(["Payed", null, "paid", "pyed", "open", "Payed"])
  const [batch] = await runStage(normalize({ columns: { status } }), [tableOf({ status: column })])
  expect(Array.from({ length: 6 }, (_, row) => batch?.column("status")?.at(row))).toEqual(["paid", null, "paid", null, "not paid", "paid"])
  expect(batch?.issues.of(3)).toMatchObject([{ code: "list.unknown", suggestion: 'Did you mean "paid"?' }])
  expect(batch?.issues.of(4)).toEqual([])
})

test.each([
  ["one spelling of two values", () => category({ a: ["x y"], b: ["XY"] }), 'stands for both "a" and "b"'],
  ["two values that differ only in case", () => category(["Open", "open"]), 'stands for both "Open" and "open"'],
  ["a blank value", () => category([" "]), "has the blank spelling"],
  ["an empty list", () => category([]), "takes a list of values"],
])("%s is refused", (_what, make, message) => {
  expect(make).toThrow(expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining(message) }))
})
