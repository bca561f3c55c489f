import { z } from "zod"
import { bytes, cell, check, createPipeline, type Source, type SourceFile } from "../../src/index.ts"

/** The schema of the tables that these tests run. */
export const Order = z.object({ id: z.number().int(), email: z.email(), amount: z.string(), note: z.string().optional() })

/** Row type of `Order`. */
export type Order = z.infer<typeof Order>

/** Rows of csv; `bad` of them, spread evenly, have no email. */
export function orderCsv(rows: number, bad = 0, first = 1): string {
  const lines = ["id,email,amount,note"]
  const every = bad === 0 ? Number.POSITIVE_INFINITY : Math.floor(rows / bad)
  for (let at = 0; at < rows; at++) {
    const isBad = bad > 0 && at % every === 0 && at / every < bad
    lines.push(`${first + at},${isBad ? "nobody" : `p${at}@example.com`},${at}.50,`)
  }
  return `${lines.join("\n")}\n`
}

/** A pipeline over a source, up to its checks. */
export function orders(source: Source, options: { readonly batchRows?: number; readonly concurrency?: number } = {}) {
  return createPipeline({ name: "orders", ...options })
    .from(source)
    .normalize({ columns: { amount: cell.decimal() } })
    .validate(Order)
    .check(check.unique("id"))
}

/** Several files as one source. */
export function filesOf(...contents: readonly (readonly [name: string, text: string])[]): Source {
  return {
    name: "several",
    async *files(context) {
      for (const [name, text] of contents) yield* bytes(Buffer.from(text), { name }).files(context) as AsyncIterable<SourceFile>
    },
  }
}
