import type { Column } from "../../model/column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import type { ColumnReader, ReadFailure } from "./column-reader.ts"
import { quoted } from "./quoted.ts"

/** Reads text as JSON. Objects and arrays stay as they are. */
export class JsonReader implements ColumnReader {
  read(column: Column<unknown>, fail: ReadFailure): Column<unknown> {
    const values: unknown[] = new Array(column.length).fill(null)
    for (let row = 0; row < column.length; row++) {
      const cell = column.at(row)
      if (cell === null) continue
      if (typeof cell === "string") values[row] = parsed(cell) ?? unreadable(cell, row, fail)
      else if (Array.isArray(cell) || Object.getPrototypeOf(cell) === Object.prototype || Object.getPrototypeOf(cell) === null)
        values[row] = cell
      else unreadable(cell, row, fail)
    }
    return new ValueColumn(values)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreadable(cell: unknown, row: number, fail: ReadFailure): null {
  fail(row, "json.unreadable", `${quoted(cell)} is not JSON.`)
  return null
}
