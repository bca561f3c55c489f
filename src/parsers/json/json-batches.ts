import { isUtf8 } from "node:buffer"
import { setImmediate as nextTurn } from "node:timers/promises"
import type { Context } from "../../contract/context.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import { createIssue } from "../../model/create-issue.ts"
import type { Issue } from "../../model/issue.ts"
import type { JsonValue } from "../../model/json-value.ts"
import type { Origins } from "../../model/origin.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { TableFacts } from "../../model/table-facts.ts"
import { hasRoom } from "../batch-room.ts"
import { planKey } from "../plan-key.ts"
import type { ByteWindow } from "./byte-window.ts"
import type { JsonHeader } from "./json-header.ts"
import type { JsonTable, RowFlaw } from "./json-table.ts"
import { arrayOpening, closing, escapedString, nullLiteral, objectOpening, plainString } from "./json-tape.ts"
import { jsonValueAt } from "./json-value-at.ts"
import type { RecordReader } from "./record-reader.ts"

/** What is needed to build the batches of a table of JSON records. */
export interface JsonBatchesOptions {
  readonly name: string
  readonly uri: string
  readonly version: string | undefined
  readonly facts: { readonly [fact: string]: JsonValue }
  /** If records are arrays: the number of the one with the names, counted from 1, or whether the first one has them. */
  readonly header: JsonHeader | undefined
  /** If the first record is neither an object nor an array, creates the error to throw. Without it, the record becomes a bad row. */
  readonly noTable?: (() => Promise<Error>) | undefined
}

/** The most flawed rows of a batch. With its issues and its text, a flawed row takes as much memory as a hundred others. */
const maxFlawed = 1024
/** From this many columns or parts of a record, other tasks get a turn between reading a row, storing it and building a batch. */
const manyColumns = 4096
/** The most text of a row, in bytes, that is kept for its reject. */
const maxRawBytes = 1 << 20

/**
 * Gathers records into batches. Texts and numbers stay in the window's bytes: the batch takes its part of them, and the window continues with
 * the rest. The smaller part is copied.
 */
export async function* jsonBatches(
  records: RecordReader,
  window: ByteWindow,
  table: JsonTable,
  context: Context,
  options: JsonBatchesOptions,
): Batches<Row> {
  const { batchRows = 8192, batchBytes = 4 << 20 } = context
  let rows = new RowsRead(records, window, table, options, 0)
  let facts: TableFacts | undefined
  let shape: "object" | "array" | undefined
  let width = 0
  const headerAt = typeof options.header === "number" ? options.header : 1
  /** How many arrays precede the one with the names. */
  let passed = 0
  const flush = (from: number) => {
    const batch = rows.batch(window.release(from), facts)
    const isWider = facts !== undefined && table.width > width
    width = table.width
    if (isWider && context.plan?.isRevisable === true) context.plan.note({ dialects: { [planKey(options.uri)]: { keys: table.keys } } })
    isFresh = true
    facts = batch.table
    records.rebase(from)
    rows = rows.following()
    return batch
  }
  let isFresh = false
  for (;;) {
    // A window of a mebibyte may hold hundreds of batches.
    if (isFresh) await nextTurn()
    isFresh = false
    const step = records.next()
    if (step === "more") {
      // White space and delivered rows need no memory, no matter how many there are.
      if (rows.count === 0) {
        const { consumed } = records
        window.discard(consumed)
        records.rebase(consumed)
      } else if (records.consumed >= batchBytes) yield flush(records.consumed)
      await window.grow()
      continue
    }
    if (step === "end") break
    if (rows.count > 0 && isFullBefore(records.tape.length, table, rows.count)) {
      const from = records.start
      yield flush(from)
      records.tape.shift(from)
    }
    const kind = step === "bad" ? undefined : shapeOf(records.tape.kinds[0])
    if (shape === undefined && kind === "array" && passed < headerAt - 1) {
      passed++
      rows.skip()
      continue
    }
    if (shape === undefined && kind !== undefined) {
      if (kind === "scalar" && options.noTable !== undefined && records.tape.kinds[0] !== nullLiteral) throw await options.noTable()
      if (kind !== "scalar") shape = kind
      if (kind === "array" && rows.header(options.header)) continue
    }
    if (records.tape.length >= manyColumns) await nextTurn()
    rows.add(step === "bad" ? "bad" : kind === shape ? shape : undefined, shape)
    if (records.tape.length >= manyColumns) await nextTurn()
    if (rows.count >= batchRows || rows.flawed >= maxFlawed || records.end + table.valueBytes >= batchBytes) yield flush(records.end)
  }
  if (shape === undefined && passed > 0) throw headerMissing(options)
  if (rows.count > 0 || facts === undefined) yield flush(records.end)
}

/** Whether a batch with this many rows has no room for a record with this many parts. */
function isFullBefore(parts: number, table: JsonTable, rows: number): boolean {
  const width = Math.max(table.width, parts / 2)
  return !hasRoom({ rows: rows + 1, width, filled: Math.min(width, table.filled + parts), cells: table.cells + parts / 2 })
}

function headerMissing({ uri, name, header }: JsonBatchesOptions): RowgateError {
  return new RowgateError({
    code: "HEADER_NOT_FOUND",
    message: `The option header says array ${Number(header)}, but the table has fewer arrays.`,
    remedy: "Correct the option header, or omit it if the first array holds the names.",
    origin: { uri, table: name },
  })
}

function shapeOf(kind: number | undefined): "object" | "array" | "scalar" {
  return kind === objectOpening ? "object" : kind === arrayOpening ? "array" : "scalar"
}

/** The rows of the current batch, except their cells. */
class RowsRead {
  count = 0
  /** The number of records before the first row of this batch, including a header. */
  #before: number
  readonly #records: RecordReader
  readonly #window: ByteWindow
  readonly #table: JsonTable
  readonly #options: JsonBatchesOptions
  #offsets = new Float64Array(64)
  #lines = new Float64Array(64)
  readonly #unread = new Map<number, string>()
  readonly #flaws: (readonly [row: number, flaw: RowFlaw, severity: Issue["severity"]])[] = []

  constructor(records: RecordReader, window: ByteWindow, table: JsonTable, options: JsonBatchesOptions, before: number) {
    this.#records = records
    this.#window = window
    this.#table = table
    this.#options = options
    this.#before = before
  }

  following(): RowsRead {
    return new RowsRead(this.#records, this.#window, this.#table, this.#options, this.#before + this.count)
  }

  /** Skips the current record, which is not a row. */
  skip(): void {
    this.#before++
  }

  /** Takes the names of the columns from the current array. Returns true if the array is a header, and false if it is a row. */
  header(wanted: JsonHeader | undefined): boolean {
    const { tape } = this.#records
    const { bytes } = this.#window
    const cells: (string | null)[] = []
    // A declared header may contain numbers, such as years.
    const stated = wanted === true || typeof wanted === "number"
    let named = wanted !== false
    for (let at = 1; tape.kinds[at] !== closing; at = tape.after(at)) {
      const kind = tape.kinds[at]
      const isText = kind === plainString || kind === escapedString
      const value = isText || stated ? jsonValueAt(tape, at, bytes, () => {}) : null
      if (!isText && kind !== nullLiteral && !stated) named = false
      cells.push(value === null || typeof value === "object" ? null : String(value))
    }
    this.#table.setHeader(named ? cells : cells.map(() => null), named)
    if (!named && wanted === undefined)
      this.#table.notices.push({
        code: "header.none",
        message: "The first array contains more than texts, so it is read as a row and the columns are numbered.",
      })
    if (named) this.#before++
    return named
  }

  /** The number of issues, which is at least the number of flawed rows. */
  get flawed(): number {
    return this.#flaws.length
  }

  /** Adds the current record. */
  add(kind: "object" | "array" | "bad" | undefined, shape: "object" | "array" | undefined): void {
    const row = this.count++
    this.#place(row)
    const { bytes, clean } = this.#window
    if (kind === "bad") {
      const fault = this.#records.fault
      const place = fault === undefined ? "" : ` at byte ${fault.at - this.#records.start + 1}: ${fault.message}`
      this.#refuse(row, {
        code: fault?.kind === "deep" ? "json.too_deep" : "json.malformed",
        message: `The line cannot be read${place}.`,
      })
    } else if (kind === undefined) {
      this.#refuse(row, {
        code: "json.not_a_row",
        message:
          shape === undefined
            ? "The record is neither an object nor an array."
            : `The record is not an ${shape}, as the other records are.`,
      })
    } else if (!clean && !isUtf8(bytes.subarray(this.#records.start, this.#records.end))) {
      this.#refuse(row, { code: "text.invalid_utf8", message: "The record contains bytes that are not valid UTF-8." })
    } else {
      const flaws =
        kind === "object" ? this.#table.addObject(this.#records.tape, bytes, row) : this.#table.addArray(this.#records.tape, bytes, row)
      const [flaw] = flaws
      if (flaw !== undefined) this.#refuse(row, ...flaws)
      else for (const each of this.#table.finishRow(row)) this.#flaws.push([row, each, "error"])
    }
  }

  /** Builds a batch of the records so far. `bytes`: what the window released. */
  batch(bytes: Uint8Array, facts: TableFacts | undefined): TableBatch<Row> {
    const { names, columns, known } = this.#table.take(bytes, this.count)
    const { name } = this.#options
    const { header, notices } = this.#table
    const { isGrowing: growing } = this.#table
    const table = facts ?? { name, header, growing, facts: this.#options.facts, ...(notices.length === 0 ? {} : { notices: [...notices] }) }
    if (facts !== undefined)
      names.slice(known).forEach((name, at) => {
        this.#flaws.push([this.#firstWith(columns[known + at]), newColumn(name), "warning"])
      })
    const batch = TableBatch.of<Row>({ length: this.count, table, names, columns, origins: this.#origins(table), unread: this.#unread })
    for (const [row, { code, message, column }, severity] of this.#flaws)
      batch.mark(row, createIssue({ code, message, dimension: severity === "warning" ? "consistency" : "validity", column, severity }))
    return batch
  }

  #firstWith(column: { readonly nulls: { has(row: number): boolean } } | undefined): number {
    let row = 0
    while (row < this.count - 1 && column?.nulls.has(row) === true) row++
    return row
  }

  /** Keeps the record's text instead of its cells. */
  #refuse(row: number, ...flaws: readonly RowFlaw[]): void {
    this.#table.clearRow(row)
    const { bytes } = this.#window
    const { start, end } = this.#records
    const length = Math.min(end - start, maxRawBytes)
    this.#unread.set(
      row,
      Buffer.from(bytes.buffer, bytes.byteOffset + start, length)
        .toString()
        .trim(),
    )
    for (const flaw of flaws) this.#flaws.push([row, flaw, "error"])
  }

  #place(row: number): void {
    if (row === this.#offsets.length) {
      this.#offsets = doubled(this.#offsets)
      this.#lines = doubled(this.#lines)
    }
    this.#offsets[row] = this.#window.offset + this.#records.start
    this.#lines[row] = this.#records.line ?? 0
  }

  #origins(table: TableFacts): Origins {
    const { uri, version } = this.#options
    const { isFile } = this.#window
    const isLines = this.#records.line !== undefined
    const [at, lines, before] = [this.#offsets, this.#lines, this.#before]
    return {
      at: (row) => ({
        uri,
        ...(version === undefined ? {} : { version }),
        table: table.name,
        row: before + row + 1,
        ...(isLines ? { line: lines[row] ?? 0 } : {}),
        ...(isFile ? { offset: at[row] ?? 0 } : {}),
      }),
    }
  }
}

function newColumn(column: string): RowFlaw {
  return {
    code: "json.new_column",
    message: `The column "${shownText(column)}" first appears in this row, after the columns were settled, so it was added as the last column.`,
    column,
  }
}

function doubled(from: Float64Array): Float64Array<ArrayBuffer> {
  const to = new Float64Array(from.length * 2)
  to.set(from)
  return to
}
