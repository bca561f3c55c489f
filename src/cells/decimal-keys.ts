import type { Column } from "../model/column.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import { ValueColumn } from "../model/columns/value-column.ts"
import { dropZeros } from "./drop-zeros.ts"

const zero = 48
const point = 46
const minus = 45

/** A column of canonical decimals in which equal numbers have equal texts: `3.00` is `3`, and `-0.0` is `0`. */
export function decimalKeys(column: Column<unknown>): Column<unknown> {
  if (!(column instanceof BytesColumn)) {
    return new ValueColumn(Array.from({ length: column.length }, (_, row) => keyOf(column.at(row))))
  }
  const { bytes, length, nulls } = column
  const starts = column.starts.slice(0, length)
  const ends = column.ends.slice(0, length)
  for (let row = 0; row < length; row++) {
    const start = starts[row] ?? 0
    const end = ends[row] ?? 0
    let whole = start
    while (whole < end && bytes[whole] !== point) whole++
    let last = end
    if (whole < end) while (last > whole && (bytes[last - 1] === zero || last - 1 === whole)) last--
    ends[row] = last
    if (last - start === 2 && bytes[start] === minus && bytes[start + 1] === zero) starts[row] = start + 1
  }
  return new BytesColumn(bytes, starts, ends, length, nulls)
}

function keyOf(value: unknown): unknown {
  return typeof value === "string" ? decimalKey(value) : value
}

/** The text of a canonical decimal by which equal numbers are equal: without zeros at its end, and without the sign of zero. */
export function decimalKey(value: string): string {
  const [whole = "", fraction = ""] = value.split(".")
  const kept = dropZeros(fraction)
  return kept === "" ? (whole === "-0" ? "0" : whole) : `${whole}.${kept}`
}
