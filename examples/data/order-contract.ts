import {
  type ColumnCheck,
  cell,
  check,
  compose,
  type Dictionary,
  type FilePipeline,
  type Pipeline,
  type ScoreOptions,
  type Stage,
  stage,
} from "rowgate"
import { z } from "zod"
import { countries, currencies, statuses } from "./order.ts"

/** What the generator's orders must look like. Amounts stay exact, as text. */
export const orderSchema = z.object({
  order_id: z.number().int().positive(),
  customer_name: z.string().min(1),
  email: z.email(),
  country: z.string().length(2),
  order_date: z.date(),
  amount: z.string(),
  currency: z.enum(currencies),
  quantity: z.number().int().positive(),
  status: z.enum(statuses),
  notes: z.string().nullable(),
})

/** One valid order. */
export type Order = z.infer<typeof orderSchema>

const [minus, point, zero] = Buffer.from("-.0")

/** An amount below zero, or of a million and more, is somebody's mistake. The check reads the digits and creates no text. */
export const plausibleAmount: ColumnCheck<Order> = {
  kind: "column",
  name: "amount.plausible",
  columns: ["amount"],
  dimension: "accuracy",
  test(batch, fail) {
    const { bytes, starts, ends } = batch.columns.amount.ranges()
    for (const row of batch.selection) {
      const start = starts[row] ?? 0
      const end = ends[row] ?? 0
      let whole = start
      while (whole < end && bytes[whole] !== point) whole++
      if (bytes[start] === minus) fail(row, { code: "amount.negative", message: "is below zero" })
      else if (whole - start > 6) fail(row, { code: "amount.implausible", message: "is a million or more" })
    }
  },
}

/** Yen have no cents. */
export const wholeYen: ColumnCheck<Order> = {
  kind: "column",
  name: "yen.whole",
  columns: ["amount", "currency"],
  dimension: "consistency",
  test(batch, fail) {
    const currency = batch.columns.currency.dictionary()
    const isYen = listed(currency, ["JPY"])
    const { bytes, starts, ends } = batch.columns.amount.ranges()
    for (const row of batch.selection) {
      if (isYen[currency.codes[row] ?? 0] !== true) continue
      const end = ends[row] ?? 0
      let last = end - 1
      while (bytes[last] === zero) last--
      const isWhole = bytes[last] === point || bytes.subarray(starts[row], end).indexOf(point ?? 0) < 0
      if (!isWhole) fail(row, { code: "yen.cents", message: "yen have no cents", column: "amount" })
    }
  },
}

/** The country is one that we sell to. */
export const knownCountry: ColumnCheck<Order> = {
  kind: "column",
  name: "country.known",
  columns: ["country"],
  dimension: "accuracy",
  test(batch, fail) {
    const country = batch.columns.country.dictionary()
    const isKnown = listed(country, countries)
    for (const row of batch.selection) {
      if (isKnown[country.codes[row] ?? 0] !== true) fail(row, { code: "country.unknown", message: "is no country that we sell to" })
    }
  },
}

/** No order has a date in the future. */
export const notInFuture: ColumnCheck<Order> = {
  kind: "column",
  name: "order_date.past",
  columns: ["order_date"],
  dimension: "accuracy",
  test(batch, fail, { asOf }) {
    const times = batch.columns.order_date.times()
    const now = asOf.getTime()
    for (const row of batch.selection) if ((times[row] ?? 0) > now) fail(row, { code: "order_date.future", message: "lies in the future" })
  },
}

const normalizing = {
  nulls: ["N/A", "n/a", "NULL", "-"],
  columns: { amount: cell.decimal({ precision: 12, scale: 2 }) },
}

/** How the score judges, frozen beforehand: rules in all six dimensions, fresh within a month, half as good after a year. */
export const orderScore = { timeliness: { column: "order_date", slaDays: 30, halfLifeDays: 365 } } as const satisfies ScoreOptions<Order>

/** The pipeline that turns the generator's files into trusted orders. */
export function orderContract(files: FilePipeline): Pipeline<Order> {
  return files
    .normalize(normalizing)
    .validate(orderSchema)
    .check(plausibleAmount)
    .check(wholeYen)
    .check(knownCountry)
    .check(notInFuture)
    .check(check.unique("order_id"))
    .score(orderScore)
}

/** The same stages as one, for a program without a pipeline. */
export function orderStage(): Stage<unknown, Order> {
  return compose(
    compose(stage.normalize(normalizing), stage.validate(orderSchema)),
    compose(
      stage.check(plausibleAmount),
      stage.check(wholeYen),
      stage.check(knownCountry),
      stage.check(notInFuture),
      stage.check(check.unique("order_id")),
    ),
  )
}

function listed({ values }: Dictionary, known: readonly string[]): readonly boolean[] {
  return values.map((value) => known.includes(value))
}
