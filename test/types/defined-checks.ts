/** Checks of a user's own: their options and columns are typed. This file is compiled and never run. */
import * as v from "valibot"
import { z } from "zod"
import { defineCheck, defineRowCheck, dependsOn, inList, keysFrom, luhn, ordered, references, requiredIf, sumOf } from "../../src/checks.ts"
import { createPipeline } from "../../src/index.ts"

interface Trip {
  readonly from: Date
  readonly until: Date
  readonly price: number
  readonly tip?: number | null | undefined
  readonly town: string
}
const trips = createPipeline({ name: "trips" }).fromRows<Trip>([])

const atMost = defineCheck({
  name: "atMost",
  dimension: "accuracy",
  options: z.object({ limit: z.number(), unit: z.string().default("EUR") }),
  cell(value: number, { limit, unit }) {
    const text: string = unit
    return value > limit ? { code: "number.high", message: `${value} ${text} is too much.`, severity: "warning" } : undefined
  },
})
const trimmed = defineCheck({
  name: "trimmed",
  cell: (value: string) => (value.trim() === value ? undefined : [{ code: "text.blanks", message: "It has blanks around it." }]),
})
const gentle = defineCheck({
  name: "gentle",
  options: v.object({ most: v.optional(v.number(), 3) }),
  cell: (value: string, { most }) => (value.length > most ? { code: "text.long", message: "It is long." } : undefined),
})
const inOrder = defineRowCheck({
  name: "inOrder",
  dimension: "consistency",
  options: z.object({ days: z.number().optional() }),
  columns: ["first", "last"],
  row({ first, last }: { first: Date; last: Date }, { days = 0 }) {
    return last.getTime() - first.getTime() < days ? { code: "dates.order", message: "Swapped.", column: "first" } : undefined
  },
})

trips
  .check(atMost("price", { limit: 10 }))
  .check(atMost("tip", { limit: 10, unit: "USD" }))
  .check(trimmed("town"))
  .check(gentle("town"))
  .check(gentle("town", { most: 4 }))
  .check(inOrder({ first: "from", last: "until" }))
  .check(inOrder({ first: "from", last: "until" }, { days: 1 }))

// an option is missing
// @ts-expect-error
atMost("price")
// a misspelt option
// @ts-expect-error
atMost("price", { limits: 10 })
// an option of another type
// @ts-expect-error
atMost("price", { limit: "10" })
// options for a check that takes none
// @ts-expect-error
trimmed("town", {})
// a column that is not there
// @ts-expect-error
trips.check(atMost("prize", { limit: 10 }))
// a column of another type
// @ts-expect-error
trips.check(atMost("town", { limit: 10 }))
// a column that the check does not have
// @ts-expect-error
inOrder({ first: "from", end: "until" })
// one of two columns is missing
// @ts-expect-error
inOrder({ first: "from" })
// a column of another type in a check of several
// @ts-expect-error
trips.check(inOrder({ first: "from", last: "town" }))
// a finding blames a column that the check does not read
defineRowCheck({
  name: "x",
  columns: ["one", "other"],
  // @ts-expect-error
  row: ({ one }: { one: number; other: number }) => (one > 1 ? { code: "x", message: "y", column: "two" } : undefined),
})
// a check that reads a column without a name for it
defineRowCheck({
  name: "x",
  columns: ["one", "other"],
  // @ts-expect-error
  row: ({ third }: { third: number }) => (third > 1 ? { code: "x", message: "y" } : undefined),
})

trips
  .check(luhn("town"))
  .check(inList("town", ["Rome"]))
  .check(inList("town", keysFrom(trips, "town")))
  .check(references(["town", "price"], keysFrom(trips, ["town", "price"])))
  .check(sumOf("price", ["tip", "price"]))
  .check(ordered("from", "until"))
  .check(dependsOn("price", ["town"]))
  .check(requiredIf("tip", "town", ["Rome"]))

// a column that is not there, alone or beside others
// @ts-expect-error
trips.check(luhn("card"))
// @ts-expect-error
trips.check(sumOf("price", ["tip", "tipp"]))
// @ts-expect-error
trips.check(ordered("from", "untill"))
// @ts-expect-error
trips.check(dependsOn("price", ["twon"]))
// @ts-expect-error
trips.check(references(["town", "prize"], []))
// a column that the other file does not have
// @ts-expect-error
keysFrom(trips, "twon")
// one column is no order
// @ts-expect-error
ordered("from")
// a condition of another type than the column
// @ts-expect-error
trips.check(requiredIf("tip", "town", [1]))
