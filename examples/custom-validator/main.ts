// Your own validator: any object that implements Standard Schema, here without a library.
import { bytes, createPipeline, memory } from "rowgate"

interface Shipment {
  readonly parcel: string
  readonly grams: number
  readonly express: boolean
}

/** What `validate` takes: a function that returns the value or the issues, each with the path of its column. */
const Shipment = {
  "~standard": {
    version: 1,
    vendor: "shipping",
    validate(value: unknown): { readonly value: Shipment } | { readonly issues: readonly { message: string; path: string[] }[] } {
      const { parcel, grams, express } = value as Partial<Shipment>
      const issues: { message: string; path: string[] }[] = []
      if (typeof parcel !== "string" || !/^P\d+$/.test(parcel)) issues.push({ message: "A parcel is P and digits.", path: ["parcel"] })
      if (typeof grams !== "number" || grams <= 0) issues.push({ message: "The weight must be positive.", path: ["grams"] })
      if (express === true && Number(grams) > 5000) issues.push({ message: "Express takes at most 5 kg.", path: ["express"] })
      return issues.length > 0 ? { issues } : { value: { parcel: String(parcel), grams: Number(grams), express: express === true } }
    },
    /** Optional: tells rowgate the columns and how to read their cells. Without it, all cells of a csv file arrive as text. */
    jsonSchema: {
      input: () => ({
        type: "object",
        properties: { parcel: { type: "string" }, grams: { type: "number" }, express: { type: "boolean" } },
        required: ["parcel", "grams", "express"],
      }),
    },
  },
} as const

const shipments = memory<Shipment>()
const pipeline = createPipeline({ name: "shipments" })
  .from(bytes("parcel,grams,express\nP1,500,yes\nX2,0,no\nP3,6000,yes\n"))
  .validate(Shipment)
  .into(shipments)

await pipeline.run()
console.log(shipments.rows)
for (const { origin, issues } of shipments.rejects)
  console.log(
    `line ${origin.line}:`,
    issues.map(({ column, message }) => `${column}: ${message}`),
  )
