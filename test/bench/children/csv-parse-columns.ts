import { createReadStream } from "node:fs"
import { parse } from "csv-parse"
import { ColumnBatch } from "./column-batch.ts"
import { measured } from "./measured.ts"

await measured(async ({ file }: { readonly file: string }) => {
  const columns = new ColumnBatch()
  for await (const cells of createReadStream(file, { highWaterMark: 1 << 18 }).pipe(parse({ fromLine: 2 }))) columns.add(cells)
  columns.flush()
  return columns
})
