import type { Batch } from "../../model/batch.ts"
import type { Column } from "../../model/column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { DistinctKeys } from "../../sketch/distinct-keys.ts"
import { hashCell, hashValue } from "../../sketch/hash-cell.ts"
import { KeyHash } from "../../sketch/key-hash.ts"
import { ruleThresholds } from "./rule-thresholds.ts"
import { SeenChecksums } from "./seen-checksums.ts"

/** What the readable cells of a column are, in all rows. */
export class ObservedColumn {
  readonly name: string
  readonly kind: string
  /** Rows with a value. */
  filled = 0
  /** Rows without one, among those whose cell could be read. */
  empty = 0
  /** The first of them. */
  readonly emptyRows: number[] = []
  /** Numbers, or milliseconds of dates, by row of `ObservedTable`; NaN where there is none. Undefined for other kinds. */
  readonly numbers: number[] | undefined
  /** The most digits after the point. */
  scale = 0
  least = Number.POSITIVE_INFINITY
  greatest = Number.NEGATIVE_INFINITY
  /** The values of a text column with their counts; undefined once there are too many. */
  values: Map<string, number> | undefined
  /** Check digits of texts and whole numbers. */
  readonly checksums = new SeenChecksums()
  /** Rows whose value an earlier row has. */
  repeats = 0
  readonly repeatedRows: number[] = []
  #keys: DistinctKeys | undefined = new DistinctKeys()
  /** Hashes of texts and truth values, by row; NaN where there is none. */
  #hashes: number[] | undefined

  constructor(name: string, kind: string, mayBeKeyPart = true) {
    this.name = name
    this.kind = kind
    const isMeasured = kind === "integer" || kind === "decimal" || kind === "date" || kind === "timestamp"
    this.numbers = isMeasured ? [] : undefined
    this.values = kind === "text" ? new Map() : undefined
    this.#hashes = (kind === "text" || kind === "boolean") && mayBeKeyPart ? [] : undefined
  }

  /** Adds a batch of which `isRead` says whether a row could be read into cells, and has no issue in this column. */
  add(batch: Batch<unknown>, column: Column<unknown>, isRead: (row: number) => boolean): void {
    for (let row = 0; row < batch.length; row++) {
      const isNull = column.nulls.has(row)
      if (isRead(row)) {
        if (!isNull) this.filled++
        else if (++this.empty <= ruleThresholds.mostRows) this.emptyRows.push(batch.origin(row).row)
      }
      const isValue = !isNull && isRead(row)
      if (isValue && (this.kind === "text" || this.kind === "integer")) this.checksums.add(String(column.at(row)), this.kind === "integer")
      if (this.numbers !== undefined) this.numbers.push(isValue ? this.#measure(column, row) : Number.NaN)
      else if (isValue) this.#count(String(column.at(row)))
      this.#hashes?.push(isValue ? hashOf(column, row) : Number.NaN)
    }
    this.#keys?.add([column], isRead, (row) => {
      if (++this.repeats <= ruleThresholds.mostRows) this.repeatedRows.push(batch.origin(row).row)
    })
    // A column with so many repeats is no key, and its values need no memory.
    if (this.repeats > 1000 && this.repeats > this.filled * 0.1) this.#keys = undefined
  }

  /** A number for each value, by row; NaN where there is none. Undefined if the column cannot be a part of a key. */
  get codes(): readonly number[] | undefined {
    return this.empty > 0 || this.kind === "decimal" || this.kind === "boolean" ? undefined : this.cells
  }

  /** A number for each value, by row, the same for equal values; NaN where there is none. Undefined for the columns and kinds of which none are kept. */
  get cells(): readonly number[] | undefined {
    return this.numbers ?? this.#hashes
  }

  /** The values of a text column by their numbers in `cells`. Undefined if there are too many. */
  get valuesByCode(): ReadonlyMap<number, string> | undefined {
    return this.values && new Map([...this.values.keys()].map((value) => [hashOfText(value), value]))
  }

  /** Whether nearly every value occurs once. */
  get isKey(): boolean {
    return this.#keys !== undefined && this.repeats <= this.filled * ruleThresholds.mostRepeats
  }

  #measure(column: Column<unknown>, row: number): number {
    const value = numberAt(column, row)
    if (this.kind === "decimal") this.scale = Math.max(this.scale, scaleOf(String(column.at(row))))
    if (value < this.least) this.least = value
    if (value > this.greatest) this.greatest = value
    return value
  }

  #count(value: string): void {
    if (this.values === undefined) return
    this.values.set(value, (this.values.get(value) ?? 0) + 1)
    if (this.values.size > ruleThresholds.mostValues || value.length > ruleThresholds.longestValue) this.values = undefined
  }
}

const hash = new KeyHash()

function hashOf(column: Column<unknown>, row: number): number {
  hash.reset()
  hashCell(hash, column, row)
  hash.finish()
  return hash.a
}

function hashOfText(text: string): number {
  hash.reset()
  hashValue(hash, text)
  hash.finish()
  return hash.a
}

function numberAt(column: Column<unknown>, row: number): number {
  if (column instanceof NumberColumn) return column.numbers()[row] ?? Number.NaN
  if (column instanceof DateColumn) return column.times()[row] ?? Number.NaN
  return Number(column.at(row))
}

/** How many digits a plain decimal has after the point. */
function scaleOf(text: string): number {
  const point = text.indexOf(".")
  return point < 0 ? 0 : text.length - point - 1
}
