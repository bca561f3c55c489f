import type { RowgateError } from "../../errors/rowgate-error.ts"
import type { BatchBuilder } from "./batch-builder.ts"
import { csvError, valueBehind } from "./csv-issue.ts"
import type { CsvSettings } from "./csv-options.ts"
import type { CsvPlan } from "./csv-plan.ts"
import type { RecordScanner } from "./scan/record-scanner.ts"

/** What rows are checked against. */
export interface RowChecksOptions {
  readonly scanner: RecordScanner
  readonly builder: BatchBuilder
  readonly plan: CsvPlan
  readonly settings: CsvSettings
  /** Creates the error of an exceeded limit: unit, value, limit, option, and where the record begins. */
  exceeded(unit: string, seen: number, limit: number, option: string, at: number): RowgateError
}

/** Checks the rows of a batch for problems that the scanner does not look for. */
export class RowChecks {
  readonly #options: RowChecksOptions
  /** How many fields are columns, judging by their values. */
  columns: number

  /** The fields of the header, if it has as many as the rows. */
  readonly #header: readonly Buffer[] | undefined

  constructor(options: RowChecksOptions) {
    this.#options = options
    const { header, width } = options.plan
    this.#header = header?.length === width ? header.map((field) => Buffer.from(field, "latin1")) : undefined
    this.columns = options.plan.names.length
  }

  /** Checks the first rows. `end`: where they end in the window. */
  check(rows: number, end: number): void {
    this.#checkRows(rows, end)
    if (this.#options.scanner.strayCount > 0) this.#checkStrays(rows, end)
  }

  /** Finds fields that are too long, repeated headers, and values after the last column. */
  #checkRows(rows: number, end: number): void {
    const { cells, rowStarts, stride, width, window } = this.#options.scanner
    const { cellBytes, recordBytes } = this.#options.settings.limits
    const { builder } = this.#options
    const header = this.#header
    const { length: headLength = 0, 0: headByte } = header?.[0] ?? Buffer.alloc(0)
    const columns = this.#options.plan.names.length
    for (let row = 0; row < rows; row++) {
      if (builder.holds(row)) continue
      const start = rowStarts[row] as number
      const next = row + 1 < rows ? (rowStarts[row + 1] as number) : end
      const length = next - start
      if (length > Math.min(cellBytes, recordBytes)) {
        for (let cell = row; cell < width * stride; cell += stride) {
          const bytes = (cells[cell + width * stride] ?? 0) - (cells[cell] ?? 0)
          if (bytes > cellBytes) throw this.#options.exceeded("bytes in a field", bytes, cellBytes, "cellBytes", start)
        }
        if (length > recordBytes) throw this.#options.exceeded("bytes", length, recordBytes, "recordBytes", start)
      }
      // Most rows differ in the length of their first field or in its first byte.
      if (
        header !== undefined &&
        (cells[row + width * stride] as number) - (cells[row] as number) === headLength &&
        (headLength === 0 || window[cells[row] as number] === headByte) &&
        this.#repeats(header, row)
      ) {
        builder.note(row, csvError("header.repeated", "The record repeats the header."))
      }
      let filled = 0
      for (let column = columns; column < width; column++) {
        const cell = column * stride + row
        const [from, to] = [cells[cell], cells[cell + width * stride]]
        if (from !== to && window.toString("latin1", from, to).trim() !== "") filled = column + 1
      }
      if (filled === 0) continue
      builder.note(row, valueBehind, window.toString("latin1", start, next).trimEnd())
      this.columns = Math.max(this.columns, filled)
    }
  }

  /** Whether a row has the fields of the header, quoted or not. */
  #repeats(header: readonly Buffer[], row: number): boolean {
    const { cells, stride, width, window } = this.#options.scanner
    for (let column = 0; column < width; column++) {
      const cell = column * stride + row
      const from = cells[cell] ?? 0
      const to = cells[cell + width * stride] ?? 0
      const field = header[column]
      if (field === undefined || to - from !== field.length || window.compare(field, 0, field.length, from, to) !== 0) return false
    }
    return true
  }

  /**
   * Finds rows in which a quote opens inside one field and closes at the end of another: a delimiter is missing before a quoted field that
   * contains one. Inch marks and apostrophes do not match this pattern.
   */
  #checkStrays(rows: number, batchEnd: number): void {
    const { cells, rowStarts, strays, stride, width, window } = this.#options.scanner
    const quote = this.#options.plan.dialect.quote?.charCodeAt(0) ?? 0
    for (const row of strays.subarray(0, this.#options.scanner.strayCount)) {
      if (row >= rows || this.#options.builder.holds(row)) continue
      let opened = false
      for (let cell = row; cell < width * stride; cell += stride) {
        const start = cells[cell] ?? 0
        const end = cells[cell + width * stride] ?? 0
        if (start > 0 && window[start - 1] === quote) continue
        let count = 0
        let at = -1
        for (let p = start; p < end; p++) {
          if (window[p] !== quote) continue
          // A doubled quote is text.
          if (window[p + 1] === quote && p + 1 < end) {
            p++
            continue
          }
          count++
          at = p
        }
        if (count % 2 === 0) continue
        if (opened && at === end - 1) {
          const next = row + 1 < rows ? rowStarts[row + 1] : batchEnd
          this.#options.builder.note(
            row,
            csvError("csv.stray_quote", "A quote opens inside one field and closes at the end of another."),
            window.toString("latin1", rowStarts[row], next).trimEnd(),
          )
          break
        }
        opened ||= at > start && at + 1 < end && window[at + 1] !== 32
      }
    }
  }
}
