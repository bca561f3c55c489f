import { createReadStream } from "node:fs"
import Papa from "papaparse"
import { ColumnBatch } from "./column-batch.ts"
import { measured } from "./measured.ts"

await measured(
  ({ file }: { readonly file: string }) =>
    new Promise<ColumnBatch>((resolve, reject) => {
      const columns = new ColumnBatch()
      let header = true
      Papa.parse<string[]>(createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 18 }), {
        delimiter: ",",
        newline: "\n",
        skipEmptyLines: true,
        chunk({ data }) {
          for (const cells of data) {
            if (!header) columns.add(cells)
            header = false
          }
        },
        complete() {
          columns.flush()
          resolve(columns)
        },
        error: reject,
      })
    }),
)
