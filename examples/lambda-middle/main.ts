// A function that only validates: an event contains the rows, and the response says which are valid. It shares its stages with the program that
// loads the rows.
import { bytes, createPipeline } from "rowgate"
import { payments } from "./middle.ts"

interface ValidationEvent {
  readonly body: string
}

export async function handler({ body }: ValidationEvent) {
  const verdicts: { line: number | undefined; codes: string[] }[] = []
  let passed = 0
  for await (const batch of createPipeline({ name: "payments" }).from(bytes(body)).pipe(payments).batches()) {
    passed += batch.selection.size
    for (let row = 0; row < batch.length; row++)
      if (!batch.selection.has(row)) verdicts.push({ line: batch.origin(row).line, codes: batch.issues.of(row).map(({ code }) => code) })
  }
  return { passed, verdicts }
}

const body = `id,Konto,amount,currency
p1,10000001,12.50,EUR
p2,10000002,1.005,EUR
p2,10000009,3.00,GBP
`
console.log(JSON.stringify(await handler({ body }), null, 2))
