import { shownText } from "../../errors/shown-text.ts"
import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import { dropZeros } from "../drop-zeros.ts"
import { type NumberNotation, standardNotation, toPlainNumber } from "../number-notation.ts"
import { numberText } from "../number-text.ts"
import type { ColumnReader, ReadFailure } from "./column-reader.ts"
import { quoted } from "./quoted.ts"
import { suggestNotation } from "./suggest-notation.ts"
import { TextRewriter } from "./text-rewriter.ts"

/** The limits of a decimal: total digits, and digits after the point. */
export interface DecimalLimits {
  readonly precision?: number | undefined
  readonly scale?: number | undefined
}

/**
 * Reads exact decimals as canonical text: a sign, digits without leading zeros, a point, and the fraction as written. `1.234,50` in a German
 * file becomes `1234.50`. Digits beyond the scale are an issue unless they are zeros; nothing is rounded. A declared scale is filled up with
 * zeros, so that 12.5 in a workbook and "12.50" in a csv file are the same value.
 */
export class DecimalReader implements ColumnReader {
  readonly #format: NumberNotation
  readonly #limits: DecimalLimits

  constructor(options: { readonly format?: NumberNotation; readonly limits?: DecimalLimits } = {}) {
    this.#format = options.format ?? standardNotation
    this.#limits = options.limits ?? {}
  }

  read(column: Column<unknown>, fail: ReadFailure): Column<unknown> {
    if (column instanceof BytesColumn) return this.#readBytes(column, fail)
    // The digits that the file has are more than the 15 that every double keeps.
    if (column instanceof NumberColumn && column.plain !== undefined) {
      const { bytes, starts, ends } = column.plain
      return this.#readBytes(new BytesColumn(bytes, starts, ends, column.length, column.nulls), fail)
    }
    return this.#readCells(column, fail)
  }

  #readBytes(column: BytesColumn, fail: ReadFailure): Column<string> {
    const { bytes, starts, ends, length } = column
    const rewriter = new TextRewriter(column)
    const isPlain = this.#format === standardNotation
    const zeros = zerosOf(this.#limits)
    let allPlain = isPlain
    let nulls: Bitmask | undefined
    for (let row = 0; row < length; row++) {
      if (column.nulls.has(row)) continue
      const start = starts[row] ?? 0
      const end = ends[row] ?? 0
      if (isPlain && isCanonical(bytes, start, end)) {
        if (this.#isExact(bytes, start, end)) continue
        if (zeros !== undefined && this.#isWhole(bytes, start, end)) {
          rewriter.append(row, zeros)
          continue
        }
      }
      const text = bytes.toString("utf8", start, end)
      const decimal = this.#parse(text)
      if (typeof decimal === "string") {
        allPlain = false
        if (decimal !== text) rewriter.put(row, decimal)
        continue
      }
      nulls ??= new Bitmask(length, column.nulls.bits.slice(), column.nulls.count)
      nulls.set(row)
      fail(row, decimal.code, decimal.message, decimal.suggestion)
    }
    return rewriter.done(nulls ?? column.nulls, allPlain ? column : undefined)
  }

  /** Whether a canonical decimal has no point and not too many digits before it. */
  #isWhole(bytes: Uint8Array, start: number, end: number): boolean {
    const { precision, scale = 0 } = this.#limits
    for (let at = start; at < end; at++) if (bytes[at] === 46) return false
    return precision === undefined || end - start - (bytes[start] === 45 ? 1 : 0) <= precision - scale
  }

  /** Whether a canonical decimal is within the limits and has exactly the declared number of digits after the point. */
  #isExact(bytes: Uint8Array, start: number, end: number): boolean {
    const { precision, scale } = this.#limits
    if (scale === undefined) return precision === undefined
    const point = scale === 0 ? end : end - scale - 1
    if (scale > 0 && bytes[point] !== 46) return false
    const digits = point - start - (bytes[start] === 45 ? 1 : 0)
    if (scale === 0 && bytes.subarray(start, end).includes(46)) return false
    return precision === undefined || digits <= precision - scale
  }

  #readCells(column: Column<unknown>, fail: ReadFailure): Column<string> {
    const values: (string | null)[] = new Array(column.length).fill(null)
    for (let row = 0; row < column.length; row++) {
      const cell = column.at(row)
      if (cell === null) continue
      const decimal =
        typeof cell === "number" ? this.#bounded(numberText(cell)) : typeof cell === "string" ? this.#parse(cell) : unreadable(cell)
      if (typeof decimal === "string") values[row] = decimal
      else fail(row, decimal.code, decimal.message, decimal.suggestion)
    }
    return new ValueColumn<string>(values)
  }

  #parse(text: string): string | Failure {
    const plain = toPlainNumber(text, this.#format)
    const match = plain === undefined ? null : /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,3}))?$/.exec(plain)
    if (match === null || (match[2] === "" && (match[3] ?? "") === "")) return unreadable(text)
    const [, sign = "", whole = "", fraction, exponent] = match
    const [shiftedWhole, shiftedFraction] = exponent === undefined ? [whole, fraction] : shift(whole, fraction ?? "", Number(exponent))
    const digits = shiftedWhole.replace(/^0+(?=\d)/, "") || "0"
    const decimal = shiftedFraction === undefined || shiftedFraction === "" ? digits : `${digits}.${shiftedFraction}`
    return this.#bounded(sign === "-" ? `-${decimal}` : decimal)
  }

  #bounded(decimal: string): string | Failure {
    const { precision, scale } = this.#limits
    if (precision === undefined && scale === undefined) return decimal
    const [whole = "", fraction = ""] = decimal.replace("-", "").split(".")
    const needed = dropZeros(fraction).length
    if (scale !== undefined && needed > scale) {
      return {
        code: "decimal.scale",
        message: `${shownText(decimal)} has ${needed} digits after the decimal point, but the column allows only ${scale}.`,
        suggestion: `If the column may have them, declare a larger scale, such as ${needed}.`,
      }
    }
    const room = precision === undefined ? undefined : precision - (scale ?? needed)
    if (room !== undefined && whole.replace(/^0+/, "").length > room) {
      return {
        code: "decimal.precision",
        message: `${shownText(decimal)} has more than ${room} digits before the decimal point.`,
        suggestion: "If the column may have them, declare a larger precision.",
      }
    }
    if (scale === undefined) return decimal
    const sign = decimal.startsWith("-") ? "-" : ""
    return scale === 0 ? sign + whole : `${sign}${whole}.${fraction.slice(0, scale).padEnd(scale, "0")}`
  }
}

interface Failure {
  readonly code: string
  readonly message: string
  readonly suggestion?: string | undefined
}

/** What is appended to a whole number. */
function zerosOf({ scale = 0 }: DecimalLimits): string | undefined {
  return scale === 0 ? undefined : `.${"0".repeat(scale)}`
}

function unreadable(cell: unknown): Failure {
  return { code: "decimal.unreadable", message: `${quoted(cell)} is not a decimal number.`, suggestion: suggestNotation(cell, "decimal") }
}

/** Matches `-?(0|[1-9]\d*)(\.\d+)?` in bytes. Most cells match, and they do not change. */
function isCanonical(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  if (bytes[at] === 45) at++
  const first = at
  while (at < end && isDigit(bytes[at])) at++
  if (at === first || (bytes[first] === 48 && at - first > 1)) return false
  if (at === end) return true
  if (bytes[at] !== 46) return false
  const fraction = ++at
  while (at < end && isDigit(bytes[at])) at++
  return at === end && at > fraction
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57
}

/** Moves the point by an exponent. */
function shift(whole: string, fraction: string, exponent: number): [string, string] {
  const digits = whole + fraction
  const point = whole.length + exponent
  if (point <= 0) return ["0", "0".repeat(-point) + digits]
  return [digits.slice(0, point).padEnd(point, "0"), digits.slice(point)]
}
