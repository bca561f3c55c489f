import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { type NumberNotation, standardNotation, toPlainNumber } from "../number-notation.ts"
import { parseNumber, plainForm } from "../parse-number.ts"
import type { ColumnReader, ReadFailure } from "./column-reader.ts"
import { quoted } from "./quoted.ts"
import { suggestNotation } from "./suggest-notation.ts"

const scratch = Buffer.alloc(512)

/** Reads numbers as doubles: numbers, and text in one format. Dates, booleans and errors are not numbers. */
export class NumberReader implements ColumnReader {
  readonly #format: NumberNotation
  readonly #wholeOnly: boolean

  constructor(options: { readonly format?: NumberNotation; readonly wholeOnly?: boolean } = {}) {
    this.#format = options.format ?? standardNotation
    this.#wholeOnly = options.wholeOnly ?? false
  }

  read(column: Column<unknown>, fail: ReadFailure): Column<unknown> {
    if (column instanceof NumberColumn) return this.#wholeOnly ? this.#whole(column, fail) : column
    const read =
      column instanceof BytesColumn && this.#format === standardNotation ? readPlain(column, fail) : this.#readCells(column, fail)
    return this.#wholeOnly ? this.#whole(read, fail) : read
  }

  #readCells(column: Column<unknown>, fail: ReadFailure): NumberColumn {
    const values = new Float64Array(column.length).fill(Number.NaN)
    const nulls = new Bitmask(column.length, column.nulls.bits.slice(), column.nulls.count)
    for (let row = 0; row < column.length; row++) {
      const cell = column.at(row)
      if (cell === null) continue
      const value = typeof cell === "number" ? cell : typeof cell === "string" ? numberOf(cell, this.#format) : Number.NaN
      if (Number.isNaN(value)) {
        nulls.set(row)
        fail(row, "number.unreadable", `${quoted(cell)} is not a number.`, suggestNotation(cell, "number"))
      } else values[row] = value
    }
    return new NumberColumn(values, column.length, nulls)
  }

  #whole(column: NumberColumn, fail: ReadFailure): NumberColumn {
    const values = column.numbers()
    let broken: { values: Float64Array; nulls: Bitmask } | undefined
    for (let row = 0; row < column.length; row++) {
      const value = values[row] ?? Number.NaN
      if (Number.isSafeInteger(value) || column.nulls.has(row)) continue
      broken ??= {
        values: values.slice(0, column.length),
        nulls: new Bitmask(column.length, column.nulls.bits.slice(), column.nulls.count),
      }
      broken.values[row] = Number.NaN
      broken.nulls.set(row)
      if (Number.isInteger(value))
        fail(
          row,
          "integer.unsafe",
          `${value} is beyond 2^53, where a double cannot hold every whole number.`,
          "Read the column with cell.decimal() or cell.text().",
        )
      else fail(row, "integer.fraction", `${value} is not a whole number.`, "Read the column with cell.number() or cell.decimal().")
    }
    return broken === undefined ? column : new NumberColumn(broken.values, column.length, broken.nulls, column.plain)
  }
}

function numberOf(text: string, format: NumberNotation): number {
  const plain = toPlainNumber(text, format)
  if (plain === undefined) return Number.NaN
  // A UTF-16 code unit takes three bytes of UTF-8 at most.
  const bytes = plain.length * 3 > scratch.length ? Buffer.alloc(plain.length * 3) : scratch
  return parseNumber(bytes, 0, bytes.write(plain))
}

/**
 * The hot path reads plain numbers directly from bytes and keeps their plain forms, so that a sink can copy them. Null and unreadable cells keep
 * their ranges, which are never read; other rows can then still be copied in one piece.
 */
function readPlain(column: BytesColumn, fail: ReadFailure): NumberColumn {
  const { bytes, starts, ends, length } = column
  const values = new Float64Array(length)
  const plainStarts = new Uint32Array(length)
  const plainEnds = new Uint32Array(length)
  const given = column.nulls
  const anyNull = given.count !== 0
  let nulls: Bitmask | undefined
  let allPlain = true
  for (let row = 0; row < length; row++) {
    const start = starts[row] as number
    const end = ends[row] as number
    plainStarts[row] = start
    plainEnds[row] = end
    if (anyNull && given.has(row)) {
      values[row] = Number.NaN
      continue
    }
    let value = parseNumber(bytes, start, end)
    // A minus sign that is not a hyphen is the only sign that is read without a declared notation.
    if (Number.isNaN(value) && bytes[start] === 0xe2) value = numberOf(bytes.toString("utf8", start, end), standardNotation)
    values[row] = value
    if (Number.isNaN(value)) {
      nulls ??= new Bitmask(length, given.bits.slice(), given.count)
      nulls.set(row)
      const text = column.at(row)
      fail(row, "number.unreadable", `${quoted(text)} is not a number.`, suggestNotation(text, "number"))
      continue
    }
    plainStarts[row] = plainForm.start
    plainEnds[row] = plainForm.end
    if (plainForm.start === plainForm.end) allPlain = false
  }
  const plain = allPlain ? { bytes, starts: plainStarts, ends: plainEnds } : undefined
  return new NumberColumn(values, length, nulls ?? given, plain)
}
