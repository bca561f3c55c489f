import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import { limitExceeded } from "../../errors/limit-exceeded.ts"
import type { RowgateError } from "../../errors/rowgate-error.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { TableFacts } from "../../model/table-facts.ts"
import { SuspectRows } from "../layout/suspect-rows.ts"
import type { TextLine } from "../layout/table-line.ts"
import { BatchBuilder } from "./batch-builder.ts"
import { csvError, unclosedQuote, valueBehind } from "./csv-issue.ts"
import type { CsvSettings } from "./csv-options.ts"
import type { CsvPlan } from "./csv-plan.ts"
import { type CsvShape, usualWidth } from "./csv-shape.ts"
import { lastLines, maxFooterBytes } from "./last-lines.ts"
import { type RecoveredRecord, recoverRecord } from "./recover-record.ts"
import { RowChecks } from "./row-checks.ts"
import { ByteScanner } from "./scan/byte-scanner.ts"
import { countLineEnds, lineEndFrom } from "./scan/line-ends.ts"
import { type RecordScanner, scanStatus } from "./scan/record-scanner.ts"
import { simdScanner } from "./scan/simd-scanner.ts"
import { splitRecord } from "./scan/split-record.ts"
import type { TextFeed } from "./scan/text-feed.ts"
import { VoidBytes } from "./scan/void-bytes.ts"
import { TextWindow } from "./text-window.ts"

/** The most cells in a batch. The batches of a table with many columns have fewer rows. */
const maxCells = 1 << 20
const chunkBytes = 512 * 1024
/**
 * The size of the first batch in bytes; each further one is up to twice as large. A small first batch lets V8 compile the code while the target
 * is being opened, which saves 0.1 s for a million rows.
 */
const firstBytes = 128 * 1024
/** Bytes of the first batch for each column, because a column has a fixed cost however few rows it has. */
const columnBytes = 128
/** How many bytes of a record are examined first. */
const recordView = 64
/** How far to read past empty rows that may end the file before they count as rows. */
const maxVoidBytes = 1 << 20
/** This many regular records after a line with an unclosed quote prove that the quote was a stray one. */
const linesOfProof = 3

/** Reads the rows of a file according to its plan. */
export class CsvReader {
  readonly #plan: CsvPlan
  readonly #settings: CsvSettings
  readonly #signal: AbortSignal
  readonly #uri: string
  readonly #scanner: RecordScanner
  readonly #builder: BatchBuilder
  readonly #checks: RowChecks
  readonly #suspects: SuspectRows
  /** The size of the current batch in bytes, and of the largest one. */
  #batchBytes: number
  readonly #mostBytes: number
  readonly #comment: Buffer
  readonly #voidBytes: VoidBytes
  readonly #text: TextWindow
  /** The record with which the window begins. */
  #record: number
  /** How many lines and rows there are from the beginning of the window to the current position. */
  #lines = 0
  #rows = 0
  #position = 0
  /** How much of the window must be filled before an incomplete record is examined again. */
  #enough = 0
  /** How many records have an unusual number of fields, by that number. */
  readonly #irregular = new Map<number, number>()
  /** Empty rows before this position of the text are known to be rows. */
  #notVoidBefore = 0

  constructor(feed: TextFeed, plan: CsvPlan, settings: CsvSettings, file: SourceFile, table: TableFacts, context: Context) {
    const { dialect, width, start } = plan
    const { batchRows = usualRows, batchBytes = 4 << 20, reuse = false, emptyIsNull = false, signal } = context
    this.#plan = plan
    this.#settings = settings
    this.#signal = signal
    this.#uri = file.uri
    this.#record = start.record
    this.#batchBytes = Math.min(batchBytes, Math.max(firstBytes, width * columnBytes))
    this.#mostBytes = batchBytes
    this.#comment = Buffer.from(dialect.comment ?? "", "latin1")
    this.#voidBytes = new VoidBytes(dialect.delimiter)
    // A short text must take little memory, because a zip may hold a thousand of them.
    const { rest = 2 * chunkBytes } = feed
    const windowBytes = Math.min(rest + 1, 2 * chunkBytes)
    const rowLimit = Math.max(1, Math.min(batchRows, Math.floor(maxCells / width), windowBytes))
    const options = { dialect, width, rowLimit, windowBytes }
    this.#scanner = simdScanner(options) ?? new ByteScanner(options)
    this.#text = new TextWindow(feed, this.#scanner, windowBytes, start)
    const { encoding } = feed.encoding
    const { uri, version } = file
    this.#builder = new BatchBuilder({ scanner: this.#scanner, dialect, table, uri, version, encoding, reuse, emptyIsNull })
    this.#suspects = new SuspectRows(settings.dropFooter)
    this.#checks = new RowChecks({
      scanner: this.#scanner,
      builder: this.#builder,
      plan,
      settings,
      exceeded: (...what) => this.#exceeded(...what),
    })
  }

  /** Whether a row so far had bytes that the encoding does not define. */
  get sawDamage(): boolean {
    return this.#builder.sawDamage
  }

  /** How many fields a record has, and how many of them are columns, according to all rows so far. */
  get shape(): CsvShape {
    const { width, start } = this.#plan
    const rows = this.#record - start.record
    const irregular = [...this.#irregular.values()].reduce((sum, count) => sum + count, 0)
    const counts = new Map(this.#irregular).set(width, rows - irregular)
    const usual = usualWidth(counts, width)
    return { width: usual, columns: usual === width ? this.#checks.columns : Math.max(usual, this.#plan.names.length) }
  }

  async *batches(): Batches<Row> {
    let empty = true
    for (let step = this.#scan(); ; step = this.#scan()) {
      if (step === "more") await this.#grow()
      else {
        const rows = await this.#rowsBeforeVoid()
        if (rows > 0 || (step === "end" && empty)) {
          const batch = this.#flush(rows)
          const below = step === "batch" && this.#suspects.mayContinue(batch) ? await this.#lastLines() : undefined
          this.#suspects.mark(batch, step === "end" || below?.length === 0, below)
          yield batch
          this.#signal.throwIfAborted()
          empty = false
          this.#batchBytes = Math.min(this.#mostBytes, 2 * this.#batchBytes)
        }
        if (step === "end") return
        // Not before: the batch may be the window itself.
        this.#discard(this.#position)
      }
    }
  }

  /** Scans to the end of the batch, of the bytes in the window, or of the text. */
  #scan(): "more" | "batch" | "end" {
    const scanner = this.#scanner
    for (;;) {
      if (this.#rows === scanner.rowLimit) return "batch"
      if (!this.#text.final && this.#text.have < this.#enough) return "more"
      const status = scanner.scan(this.#position, this.#text.have, this.#rows)
      this.#position = scanner.position
      this.#rows = scanner.rows
      this.#lines += scanner.lines
      if (status === scanStatus.full) continue
      if (status === scanStatus.input) {
        const pending = this.#text.have - this.#position
        if (pending === 0 && this.#text.final) return "end"
        if (this.#rows > 0 && this.#text.have >= this.#batchBytes) return "batch"
        if (!this.#text.final && pending <= this.#settings.limits.cellBytes) return "more"
      }
      if (!(status === scanStatus.comment ? this.#skipComments() : this.#readOdd())) {
        const pending = this.#text.have - this.#position
        this.#enough = this.#position + Math.min(2 * pending, this.#settings.limits.recordBytes + 1)
        return this.#rows > 0 && this.#text.have >= this.#batchBytes ? "batch" : "more"
      }
    }
  }

  /** Reads more bytes: no more than a batch, unless a record is longer than that. */
  async #grow(): Promise<void> {
    this.#signal.throwIfAborted()
    if (this.#rows === 0) this.#discard(this.#position)
    const { have } = this.#text
    await this.#text.read(have < this.#batchBytes ? Math.min(chunkBytes, this.#batchBytes - have) : chunkBytes)
  }

  /** Skips comments. Returns false if the end of a comment has not arrived yet. */
  #skipComments(): boolean {
    const { window } = this.#scanner
    const comment = this.#comment
    if (!this.#text.startsWith(this.#position, comment)) return this.#readOdd()
    while (this.#position < this.#text.have && this.#text.startsWith(this.#position, comment)) {
      const end = lineEndFrom(window, this.#position, this.#text.have, this.#plan.dialect)
      if (end < 0) {
        this.#checkRecord(this.#text.have - this.#position)
        return false
      }
      this.#position = end
      this.#lines++
    }
    return true
  }

  /** Reads a record that the scanner could not read. Returns false if more of it must arrive first. */
  #readOdd(): boolean {
    const { dialect, width, proof } = this.#plan
    const { cellBytes, columns } = this.#settings.limits
    const { names, hasQuotedFields } = this.#plan
    const { keepRagged } = this.#settings
    const options = { dialect, width, columns: names.length, proof, hasQuotedFields, keepRagged, maxFields: columns }
    // Only for long records, which are few: for each short one, looking for a line end that is missing would go through the whole window.
    for (let length = recordView; ; length *= 8) {
      const view = this.#view(length)
      const whole = this.#position + view.length === this.#text.have
      const read = recoverRecord(view, whole && this.#text.final, options)
      if (read === "more" && !whole) continue
      if (read === "wide") throw this.#exceeded("fields or more", columns + 1, columns, "columns")
      if (read === "more") return this.#readEndless(view)
      if (read === "blank") {
        this.#pass(splitRecord(view, 0, dialect).next)
        return true
      }
      const longest = read.fields.reduce((most, field) => Math.max(most, field.length), 0)
      if (longest > cellBytes) throw this.#exceeded("bytes in a field", longest, cellBytes, "cellBytes")
      this.#checkRecord(read.end)
      this.#put(read, view)
      return true
    }
  }

  /**
   * Handles a record that has not ended yet. If a quote is not closed within the longest field, and regular lines follow it, the quote is a stray one
   * and its line a bad row. Any other record must stay within the limits.
   */
  #readEndless(view: string): boolean {
    this.#checkRecord(view.length)
    const { dialect, width } = this.#plan
    const { cellBytes } = this.#settings.limits
    const record = splitRecord(view, 0, dialect, { keep: 0 })
    const fieldBytes = view.length - record.openAt
    if (fieldBytes > cellBytes) {
      if (record.flaw !== "unclosed") throw this.#exceeded("bytes or more in a field", fieldBytes, cellBytes, "cellBytes")
      const line = splitRecord(view, 0, dialect, { multiline: false, keep: width })
      let at = line.next
      for (let n = 0; n < linesOfProof; n++) {
        const next = splitRecord(view, at, dialect, { keep: 0 })
        if (next.count !== width || next.flaw !== undefined) {
          throw this.#exceeded("bytes or more in a field whose quote is not closed", fieldBytes, cellBytes, "cellBytes")
        }
        at = next.next
      }
      this.#put({ fields: line.fields, end: line.end, next: line.next, issue: csvError("csv.unclosed_quote", unclosedQuote) }, view)
      return true
    }
    return false
  }

  #put(read: RecoveredRecord, view: string): void {
    const row = this.#rows++
    this.#builder.putRow(row, this.#position, read.fields)
    const columns = read.fields.findLastIndex((field) => field.trim() !== "") + 1
    const behind = columns > this.#plan.names.length && read.issue?.severity !== "error"
    if (behind) this.#checks.columns = Math.max(this.#checks.columns, columns)
    if (read.count !== undefined) this.#irregular.set(read.count, (this.#irregular.get(read.count) ?? 0) + 1)
    const issue = behind ? valueBehind : read.issue
    // A slice keeps the whole text in memory, so a short piece of a long text is copied.
    const text = () => (view.length > 2 * Math.max(read.end, recordView) ? this.#view(read.end) : view.slice(0, read.end))
    if (issue !== undefined) this.#builder.note(row, issue, issue.severity === "error" ? text() : undefined)
    this.#pass(read.next)
  }

  /** Continues after this many bytes. */
  #pass(bytes: number): void {
    this.#lines += countLineEnds(this.#scanner.window, this.#position, this.#position + bytes, this.#plan.dialect)
    this.#position += bytes
    this.#enough = 0
  }

  #view(length: number): string {
    return this.#text.view(this.#position, length)
  }

  /** How many rows precede the empty ones at the end of the file, which spreadsheets write. */
  async #rowsBeforeVoid(): Promise<number> {
    let rows = this.#rows
    while (rows > 0 && this.#isVoid(rows - 1)) rows--
    if (rows === this.#rows) return rows
    const start = this.#scanner.rowStarts[rows] ?? 0
    if (this.#text.offset + start < this.#notVoidBefore) return this.#rows
    for (let at = this.#position; ; await this.#grow()) {
      at = this.#voidBytes.skip(this.#scanner.window, at, this.#text.have)
      if (at === this.#text.have && this.#text.final) break
      if (at === this.#text.have && at - start <= maxVoidBytes) continue
      this.#notVoidBefore = this.#text.offset + at
      return this.#rows
    }
    this.#text.have = this.#position
    return rows
  }

  /** The rows below the current position, if they are few and the last ones. */
  async #lastLines(): Promise<TextLine[] | undefined> {
    while (!this.#text.final && this.#text.have - this.#position <= maxFooterBytes) await this.#grow()
    return this.#text.final && this.#text.have - this.#position <= maxFooterBytes
      ? lastLines(this.#view(maxFooterBytes), this.#plan)
      : undefined
  }

  #isVoid(row: number): boolean {
    const { rowStarts, window } = this.#scanner
    const end = row + 1 < this.#rows ? (rowStarts[row + 1] ?? 0) : this.#position
    return this.#voidBytes.skip(window, rowStarts[row] ?? 0, end) === end
  }

  #flush(rows: number): TableBatch<Row> {
    const end = rows === this.#rows ? this.#position : (this.#scanner.rowStarts[rows] ?? 0)
    this.#checks.check(rows, end)
    const { fileOffset: offset, line } = this.#text
    const batch = this.#builder.build(rows, end, { offset, line, record: this.#record, lines: this.#lines })
    this.#record += rows
    return batch
  }

  #checkRecord(bytes: number): void {
    const { recordBytes } = this.#settings.limits
    if (bytes > recordBytes) throw this.#exceeded("bytes or more", bytes, recordBytes, "recordBytes")
  }

  /** Drops the bytes of the window up to a position. All rows before it have been read. */
  #discard(end: number): void {
    if (end === 0) return
    this.#text.drop(end, this.#lines)
    this.#lines = 0
    this.#rows = 0
    this.#scanner.strayCount = 0
    this.#scanner.blankCount = 0
    this.#position = 0
    this.#enough = Math.max(0, this.#enough - end)
  }

  #exceeded(unit: string, seen: number, limit: number, option: string, at = this.#position): RowgateError {
    const { fileOffset } = this.#text
    const offset = fileOffset === undefined ? undefined : fileOffset + at
    const line = this.#text.lineAt(at, this.#plan.dialect)
    return limitExceeded({
      subject: `The record on line ${line}`,
      unit,
      seen,
      limit,
      option: `limits.${option}`,
      origin: { uri: this.#uri, offset },
    })
  }
}

/**
 * The default for rows in a batch. Each reader and check goes through the bytes of the batch again. This many rows of a hundred bytes stay in the
 * processor's second-level cache, with their ranges, and take a tenth less time than batches twice as large.
 */
const usualRows = 4096
