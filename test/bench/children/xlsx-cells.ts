import { type Column, type Context, file } from "rowgate"
import { xlsx } from "rowgate/xlsx"
import { CellSum } from "./cell-sum.ts"
import { measured } from "./measured.ts"

await measured(async (input: { readonly file: string }) => {
  const sum = new CellSum()
  const silent = () => undefined
  const context: Context = {
    runId: "bench",
    signal: new AbortController().signal,
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    asOf: new Date(0),
  }
  for await (const source of file(input.file).files(context))
    for await (const batch of xlsx().parse(source, context))
      for (const name of batch.names) {
        const column = batch.columns[name]
        if (column !== undefined) addColumn(sum, column)
      }
  return sum
})

/** Adds up typed columns as they are stored; text by its dictionary, decoding each distinct value once. */
function addColumn(sum: CellSum, column: Column<unknown>): void {
  const { nulls, length } = column
  sum.empty += nulls.count
  if (column.kind === "number") {
    const values = (column as Column<number>).numbers()
    for (let row = 0; row < length; row++) if (!nulls.has(row)) sum.addNumber(values[row] ?? Number.NaN)
  } else if (column.kind === "date") {
    const values = (column as Column<Date>).times()
    for (let row = 0; row < length; row++) if (!nulls.has(row)) sum.addDate(values[row] ?? Number.NaN)
  } else if (column.kind === "dictionary" || column.kind === "bytes") {
    const { codes, values } = (column as Column<string>).dictionary()
    const lengths = values.map((value) => value.length)
    for (let row = 0; row < length; row++) if (!nulls.has(row)) sum.addText(lengths[codes[row] ?? 0] ?? Number.NaN)
  } else for (let row = 0; row < length; row++) if (!nulls.has(row)) sum.add(column.at(row))
}
