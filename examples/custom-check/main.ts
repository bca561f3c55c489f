// Your own rules: one for the columns of a row, and one for a whole file.
import { bytes, type Check, check, createPipeline } from "rowgate"
import { z } from "zod"

const Line = z.object({ invoice: z.string(), quantity: z.number(), price: z.number(), total: z.number() })
type Line = z.infer<typeof Line>

const csv = `invoice,quantity,price,total
A-1,2,4.50,9.00
A-1,3,1.00,3.10
A-2,1,7.00,7.00
A-1,1,2.00,2.00
`

/** A rule for a row: the total is quantity times price. It is a plain function, so a test can call it. */
export const totalAddsUp: Check<Line> = ({ quantity, price, total }) => {
  const expected = Math.round(quantity * price * 100) / 100
  if (expected === total) return undefined
  return { code: "total.wrong", message: `${total} is not ${quantity} x ${price}.`, column: "total", suggestion: String(expected) }
}

/** A rule for a file: the lines of an invoice follow each other. */
const together = check.run<Line, { last: string | undefined; readonly done: Set<string> }>({
  kind: "run",
  name: "together",
  columns: ["invoice"],
  dimension: "consistency",
  begin: () => ({ last: undefined, done: new Set() }),
  test(batch, state, fail) {
    for (const row of batch.selection) {
      const invoice = batch.columns.invoice.at(row)
      if (invoice === null || invoice === state.last) continue
      if (state.done.has(invoice))
        fail(row, { code: "invoice.split", message: `${invoice} began further above.`, severity: "warning", confidence: 0.8 })
      if (state.last !== undefined) state.done.add(state.last)
      state.last = invoice
    }
  },
  // For a file that is checked in parts: an invoice may go on in the next part.
  merge(one, other) {
    if (other.last === undefined) return one
    const goesOn = other.done.size === 0 && other.last === one.last
    if (one.last !== undefined && !goesOn) one.done.add(one.last)
    return { last: other.last, done: new Set([...one.done, ...other.done]) }
  },
})

const lines = createPipeline({ name: "lines" })
  .from(bytes(csv))
  .validate(Line)
  .check(totalAddsUp, { name: "totalAddsUp", columns: ["total"], dimension: "accuracy" })
  .check(together)

for await (const batch of lines.batches())
  for (const { row, issue } of batch.issues) {
    const help = issue.suggestion === undefined ? "" : ` (${issue.suggestion}?)`
    console.log(`line ${batch.origin(row).line}: ${issue.severity}, ${issue.dimension}: ${issue.message}${help}`)
  }
