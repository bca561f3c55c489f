import { type Check, cell, check, type FilePipeline, type Pipeline } from "rowgate"
import { z } from "zod"

const currencyOf = { DE: "EUR", FR: "EUR", JP: "JPY", US: "USD", NA: "NAD" } as const
const digitsOfPostcode = { DE: 5, FR: 5, JP: 7, US: 5, NA: 0 } as const

/** What the orders of both samples must look like. Amounts stay exact, as text, and codes keep their zeros. */
export const sampleSchema = z.object({
  orderNo: z.number().int().positive(),
  customer: z.string().min(2),
  email: z.email(),
  postcode: z.string().nullable(),
  country: z.enum(["DE", "FR", "JP", "US", "NA"]),
  ordered: z.date(),
  quantity: z.number().int().positive(),
  unitPrice: z.string(),
  total: z.string(),
  currency: z.enum(["EUR", "USD", "JPY", "NAD"]),
  status: z.enum(["paid", "shipped", "pending", "refunded"]),
  gift: z.boolean(),
  tracking: z.string().regex(/^\d{20}$/, "has to be 20 digits"),
  notes: z.string().nullable(),
})

type Order = z.infer<typeof sampleSchema>

const totalIsRight: Check<Order> = ({ quantity, unitPrice, total }) =>
  Math.round(quantity * Number(unitPrice) * 100) === Math.round(Number(total) * 100)
    ? undefined
    : { code: "total.wrong", message: `${total} is not ${quantity} times ${unitPrice}`, column: "total" }

const notInFuture: Check<Order> = ({ ordered }, { asOf }) =>
  ordered <= asOf ? undefined : { code: "ordered.future", message: "lies in the future", column: "ordered" }

const currencyFits: Check<Order> = ({ country, currency }) =>
  currencyOf[country] === currency
    ? undefined
    : { code: "currency.foreign", message: `is not the currency of ${country}`, column: "currency" }

const postcodeFits: Check<Order> = ({ country, postcode }) =>
  (postcode?.length ?? 0) === digitsOfPostcode[country]
    ? undefined
    : { code: "postcode.length", message: `has to have ${digitsOfPostcode[country]} digits in ${country}`, column: "postcode" }

/** Turns the workbook of an office, or the csv file of an old system, into trusted orders. The same contract reads both. */
export function sampleContract(files: FilePipeline): Pipeline<Order> {
  return files
    .normalize({
      headers: {
        orderNo: ["Order No.", "order_no"],
        email: ["E-Mail"],
        ordered: ["Order date", "ordered_on"],
        quantity: ["Qty"],
        unitPrice: ["Unit price", "unit_price"],
      },
      nulls: ["N/A", "n/a", "NULL", "-"],
      columns: {
        orderNo: cell.integer(),
        customer: cell.text(),
        postcode: cell.text(),
        country: cell.text(),
        ordered: cell.date(["dd.MM.yyyy", "yyyy-MM-dd"]),
        unitPrice: cell.decimal({ locale: "de", precision: 12, scale: 2 }),
        total: cell.decimal({ locale: "de", precision: 14, scale: 2 }),
        status: cell.text(),
        gift: cell.boolean(),
        tracking: cell.text(),
      },
    })
    .validate(sampleSchema)
    .check(totalIsRight, { name: "total", columns: ["quantity", "unitPrice", "total"], dimension: "accuracy" })
    .check(notInFuture, { name: "ordered in the past", columns: ["ordered"], dimension: "accuracy" })
    .check(currencyFits, { name: "currency of the country", columns: ["country", "currency"], dimension: "consistency" })
    .check(postcodeFits, { name: "postcode of the country", columns: ["country", "postcode"], dimension: "consistency" })
    .check(check.unique("orderNo"))
    .score({ timeliness: { column: "ordered", slaDays: 90, halfLifeDays: 365 } })
}
