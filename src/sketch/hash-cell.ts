import type { Column } from "../model/column.ts"
import { BooleanColumn } from "../model/columns/boolean-column.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import { DateColumn } from "../model/columns/date-column.ts"
import { NumberColumn } from "../model/columns/number-column.ts"
import { instantOf } from "../model/fine-instant.ts"
import { jsonText } from "../model/json-text.ts"
import type { KeyHash } from "./key-hash.ts"

const double = new Float64Array(1)
const words = new Int32Array(double.buffer)

/** Adds a cell of a key to a hash. Equal values have equal hashes, whatever the layout of their column. Values of different kinds differ. */
export function hashCell(hash: KeyHash, column: Column<unknown>, row: number): void {
  if (column instanceof BytesColumn) hash.addBytes(column.bytes, column.starts[row] ?? 0, column.ends[row] ?? 0)
  else if (column instanceof NumberColumn) hashNumber(hash, column.numbers()[row] ?? Number.NaN)
  else if (column instanceof DateColumn) hashDouble(hash, column.times()[row] ?? Number.NaN, 2)
  else if (column instanceof BooleanColumn) hashDouble(hash, column.flags()[row] ?? 0, 3)
  else hashValue(hash, column.at(row))
}

/** Adds a cell that is a number. */
export function hashNumber(hash: KeyHash, value: number): void {
  hashDouble(hash, value, 1)
}

function hashDouble(hash: KeyHash, value: number, kind: number): void {
  double[0] = value === 0 ? 0 : value
  hash.addWord(words[0] ?? 0)
  hash.addWord(words[1] ?? 0)
  hash.addWord(kind)
}

/** Adds a value of any kind. */
export function hashValue(hash: KeyHash, value: unknown): void {
  if (typeof value === "number") hashNumber(hash, value)
  else if (value instanceof Date) hashDouble(hash, instantOf(value), 2)
  else if (typeof value === "boolean") hashDouble(hash, value ? 1 : 0, 3)
  else {
    const bytes = Buffer.from(typeof value === "string" ? value : jsonText(value))
    hash.addBytes(bytes, 0, bytes.length)
  }
}
