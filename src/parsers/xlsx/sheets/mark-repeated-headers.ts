import type { CellValue, Row } from "../../../model/cell-value.ts"
import type { Column, ColumnKind } from "../../../model/column.ts"
import type { TableBatch } from "../../../model/table-batch.ts"
import { headerText } from "../../header/join-header.ts"

/** How little it costs to look at the texts of a column, the cheapest first. Other kinds hold no text. */
const kindsOfText: readonly ColumnKind[] = ["value", "bytes", "dictionary"]

/** Rejects the rows that have the texts of the header, by column. */
export function markRepeatedHeaders(batch: TableBatch<Row>, header: readonly (string | null)[]): void {
  const probe = probeOf(batch, header)
  if (probe === undefined) return
  const [column, text] = probe
  for (const row of rowsWith(column, text)) {
    const isSame = batch.names.every((name, at) => headerText((batch.column(name)?.at(row) ?? null) as CellValue) === (header[at] ?? ""))
    if (isSame) batch.fail(row, { code: "header.repeated", message: "The row repeats the header." })
  }
}

/** The column in which to look for its header; undefined if one of the columns has no texts, and so no row repeats the header. */
function probeOf(batch: TableBatch<Row>, header: readonly (string | null)[]): readonly [Column<unknown>, string] | undefined {
  let best: readonly [Column<unknown>, string] | undefined
  let rank = kindsOfText.length
  for (const [at, name] of batch.names.entries()) {
    const text = header[at] ?? null
    // A header that reads as a number, a date, a boolean or an error may be one.
    if (text === null || /^(?:[-+.\d#]|true$|false$)/i.test(text)) continue
    const column = batch.column(name)
    if (column === undefined || column.nulls.count === column.length) return undefined
    const own = kindsOfText.indexOf(column.kind)
    if (own < 0) return undefined
    if (own < rank) {
      best = [column, text]
      rank = own
    }
  }
  return best
}

function rowsWith(column: Column<unknown>, text: string): readonly number[] {
  const rows: number[] = []
  if (column.kind === "dictionary") {
    const { codes, values } = (column as Column<string>).dictionary()
    const wanted = new Set(values.flatMap((value, code) => (value.trim() === text ? [code] : [])))
    if (wanted.size === 0) return rows
    for (let row = 0; row < column.length; row++) if (wanted.has(codes[row] ?? -1)) rows.push(row)
    return rows
  }
  if (column.kind === "bytes") {
    const { bytes, starts, ends } = (column as Column<string>).ranges()
    const wanted = Buffer.from(text)
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let row = 0; row < column.length; row++) {
      const [start, end] = [starts[row] ?? 0, ends[row] ?? 0]
      if (end - start < wanted.length || !(view[start] === wanted[0] || (view[start] ?? 0) <= 32)) continue
      if (view.toString("utf8", start, end).trim() === text) rows.push(row)
    }
    return rows
  }
  for (let row = 0; row < column.length; row++) if (headerText((column.at(row) ?? null) as CellValue) === text) rows.push(row)
  return rows
}
