import { cell, createPipeline, csv, file } from "rowgate"
import { measured } from "./measured.ts"

await measured(async ({ file: path }: { readonly file: string }) => {
  const countries = new Set<string>()
  let rows = 0
  let amount = 0
  const pipeline = createPipeline({ name: "columns" }).from(file(path)).parse(csv())
  for await (const batch of pipeline
    .normalize({ columns: { amount: cell.number(), country: cell.text({ trim: false }) } })
    .batches({ reuse: true })) {
    rows += batch.length
    for (const value of batch.columns.amount.numbers()) amount += value
    for (const country of batch.columns.country.dictionary().values) countries.add(country)
  }
  return { rows, amount: Math.round(amount * 100), countries: countries.size }
})
