import { Bitmask } from "./bitmask.ts"
import type { Column } from "./column.ts"
import { BooleanColumn } from "./columns/boolean-column.ts"
import { DateColumn } from "./columns/date-column.ts"
import { NumberColumn } from "./columns/number-column.ts"
import { ValueColumn } from "./columns/value-column.ts"
import { instantOf } from "./fine-instant.ts"

type Kind = "number" | "date" | "boolean" | "value"

/** Makes a column of values, in the most compact layout that holds them all. `undefined` counts as null. */
export function columnOf(values: readonly unknown[], length: number = values.length): Column<unknown> {
  const kind = commonKind(values, length)
  if (kind === undefined || kind === "value") return new ValueColumn(values, length)
  const nulls = new Bitmask(length)
  const numbers = kind === "boolean" ? new Uint8Array(length) : new Float64Array(length)
  for (let row = 0; row < length; row++) {
    const value = values[row]
    if (value === null || value === undefined) {
      nulls.set(row)
      if (kind !== "boolean") numbers[row] = Number.NaN
    } else numbers[row] = value instanceof Date ? instantOf(value) : Number(value)
  }
  if (numbers instanceof Uint8Array) return new BooleanColumn(numbers, length, nulls)
  return kind === "number" ? new NumberColumn(numbers, length, nulls) : new DateColumn(numbers, length, nulls)
}

/** The kind that all values other than null share; undefined if all are null. */
function commonKind(values: readonly unknown[], length: number): Kind | undefined {
  let common: Kind | undefined
  for (let row = 0; row < length; row++) {
    const value = values[row]
    if (value === null || value === undefined) continue
    const kind = kindOf(value)
    if (common !== undefined && common !== kind) return "value"
    common = kind
  }
  return common
}

function kindOf(value: unknown): Kind {
  if (typeof value === "number") return "number"
  if (typeof value === "boolean") return "boolean"
  return value instanceof Date ? "date" : "value"
}
