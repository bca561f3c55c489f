// Your own normalizer: it reads the cells of a column, here weights in several units.
import { bytes, cell, createPipeline, type Normalizer } from "rowgate"

const gramsOf: { readonly [unit: string]: number } = { g: 1, kg: 1000, lb: 453.59237 }

/** Reads `2 kg`, `500 g` and `1.5 lb` as grams. A cell without a unit is not guessed, but gets a suggestion. */
export const grams: Normalizer<number | null> = {
  name: "grams",
  produces: "number",
  parse(cell) {
    const [, number, unit] = /^(\d{1,9}(?:\.\d{1,9})?) ?([a-z]*)$/.exec(String(cell).trim().toLowerCase()) ?? []
    const factor = gramsOf[unit ?? ""]
    if (factor !== undefined) return Math.round(Number(number) * factor)
    const suggestion = unit === "" ? `${number} g` : undefined
    return { unreadable: true, message: `${JSON.stringify(cell)} is not a weight in g, kg or lb.`, suggestion }
  },
}

const parcels = createPipeline({ name: "parcels" })
  .from(bytes("parcel,weight\nP1,2 kg\nP2,500 g\nP3,1.5 LB\nP4,750\nP5,\nP6,heavy\n"))
  .normalize({ columns: { parcel: cell.text(), weight: cell.required(grams) } })

for await (const { parcel, weight } of parcels.rows()) console.log(parcel, weight)
for await (const batch of parcels.batches())
  for (const { row, issue } of batch.issues) {
    const help = issue.suggestion === undefined ? "" : ` Did you mean ${issue.suggestion}?`
    console.log(`line ${batch.origin(row).line}: ${issue.code}: ${issue.message}${help}`)
  }
