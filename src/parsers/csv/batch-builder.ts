import { Bitmask } from "../../model/bitmask.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { createIssue } from "../../model/create-issue.ts"
import type { Issue } from "../../model/issue.ts"
import { noNulls } from "../../model/null-mask.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { TableFacts } from "../../model/table-facts.ts"
import { BatchText } from "./batch-text.ts"
import { csvError } from "./csv-issue.ts"
import { CsvOrigins } from "./csv-origins.ts"
import { type Dialect, textOfView } from "./dialect/dialect.ts"
import type { RecordScanner } from "./scan/record-scanner.ts"

/** Where a batch begins in the file. */
export interface BatchStart {
  readonly offset: number | undefined
  readonly line: number
  readonly record: number
  /** Line ends from there on to the batch's last one. */
  readonly lines: number
}

/** What is the same for all batches of a file. */
export interface BatchBuilderOptions {
  readonly scanner: RecordScanner
  readonly dialect: Dialect
  readonly table: TableFacts
  readonly uri: string
  readonly version: string | undefined
  readonly encoding: string
  /** Whether a batch may be the scanner's own memory, good until the scanner goes on. */
  readonly reuse: boolean
}

/** Most of a record's text that is kept for its reject. */
const maxUnread = 1 << 20

/** Makes batches of what a scanner found, and of the rows that it could not read. */
export class BatchBuilder {
  readonly #options: BatchBuilderOptions
  readonly #scanner: RecordScanner
  /** Cells whose text does not stand in the file as it is, and those texts, as Latin-1 views. */
  #patched: number[] = []
  #patches: string[] = []
  readonly #put = new Set<number>()
  #lastPut = -1
  #missing: number[] = []
  #issues: { readonly row: number; readonly issue: Issue }[] = []
  #unread = new Map<number, string>()
  /** Whether a row held bytes that the encoding does not know. */
  sawDamage = false

  constructor(options: BatchBuilderOptions) {
    this.#options = options
    this.#scanner = options.scanner
  }

  /** Puts fields that were read apart into a row. Those beyond them are missing. */
  putRow(row: number, start: number, fields: readonly string[]): void {
    const { width, stride, rowStarts } = this.#scanner
    rowStarts[row] = start
    this.#put.add(row)
    this.#lastPut = row
    for (let j = 0; j < width; j++) {
      const field = fields[j]
      const cell = j * stride + row
      if (field === undefined) this.#missing.push(cell)
      this.#patched.push(cell)
      this.#patches.push(field ?? "")
    }
  }

  /** Whether a row was put here, and does not stand in the window as it is. */
  holds(row: number): boolean {
    return row <= this.#lastPut && this.#put.has(row)
  }

  /** Notes what is wrong with a row, and its text where its cells do not tell. */
  note(row: number, issue: Issue, view?: string): void {
    this.#issues.push({ row, issue })
    if (view !== undefined) this.#unread.set(row, textOfView(view.slice(0, maxUnread)))
  }

  /** A batch of the first rows; the window's bytes up to `end` are theirs. */
  build(rows: number, end: number, start: BatchStart): TableBatch<Row> {
    const { table, uri, version, dialect, encoding, reuse } = this.#options
    // A record that was read apart may end without a line end, or hold several.
    const lines = this.#put.size === 0 ? start.lines : undefined
    const text = new BatchText(this.#scanner, rows, end, reuse)
    // Origins count the lines of the text as it was, and stay when the memory is filled again.
    const unchanged = reuse && lines !== rows ? Buffer.from(text.bytes) : text.bytes
    text.unescape(dialect)
    this.#dropRowsFrom(rows)
    text.patch(this.#patched, this.#patches)
    const nuls = text.rowsWithNul()
    const damaged = encoding === "utf-8" ? text.repairUtf8() : text.findReplaced()
    const { bytes, cells, stride } = text
    const nulls = this.#masks(this.#missing, rows)
    const blanks = text.blank(this.#patched)
    const { width } = this.#scanner
    const all = Bitmask.full(rows)
    const columns = table.header.map((_, j): Column<unknown> => {
      if (j >= width) return new BytesColumn(bytes, new Uint32Array(rows), new Uint32Array(rows), rows, all, { blanks: all })
      const starts = cells.subarray(j * stride, j * stride + rows)
      const ends = cells.subarray((width + j) * stride, (width + j) * stride + rows)
      return new BytesColumn(bytes, starts, ends, rows, nulls[j], { blanks: blanks[j] ?? noNulls(rows) })
    })
    const rowStarts = this.#scanner.rowStarts.slice(0, rows)
    const origins = new CsvOrigins({ uri, version, text: unchanged, rowStarts, loneCr: dialect.lineEnd === "\r", ...start, lines })
    const batch = TableBatch.of<Row>({ length: rows, table, names: table.header, columns, origins, unread: this.#unread, owned: !reuse })
    for (const { row, issue } of this.#issues) batch.mark(row, issue)
    const damage = encodingIssue(encoding)
    this.sawDamage ||= damaged.size > 0
    for (const row of nuls) batch.mark(row, nul)
    for (const [row, suggestion] of damaged) batch.mark(row, suggested(damage, suggestion))
    this.#scanner.fixupCount = 0
    this.#patched = []
    this.#patches = []
    this.#put.clear()
    this.#lastPut = -1
    this.#missing = []
    this.#issues = []
    this.#unread = new Map()
    return batch
  }

  /** Rows that were read and are not to be: empty ones at the end of the file. */
  #dropRowsFrom(rows: number): void {
    const { stride } = this.#scanner
    if (this.#lastPut < rows) return
    const kept = this.#patched.map((cell) => cell % stride < rows)
    this.#patches = this.#patches.filter((_, at) => kept[at])
    this.#patched = this.#patched.filter((_, at) => kept[at])
    this.#missing = this.#missing.filter((cell) => cell % stride < rows)
    this.#issues = this.#issues.filter(({ row }) => row < rows)
  }

  /** For each column that has some of the cells, a mask of them. */
  #masks(cells: readonly number[], rows: number): (Bitmask | undefined)[] {
    const { stride } = this.#scanner
    const masks: (Bitmask | undefined)[] = []
    for (const cell of cells) {
      const column = Math.floor(cell / stride)
      masks[column] ??= new Bitmask(rows)
      masks[column]?.set(cell - column * stride)
    }
    return masks
  }
}

const nul = csvError("text.nul", "The row holds the character NUL, which no database takes.")

/** One issue for all rows that say the same. */
function encodingIssue(encoding: string): Issue {
  if (encoding === "utf-8") return csvError("text.invalid_utf8", "The row holds bytes that are not UTF-8.")
  return csvError("text.undecodable", `The row holds bytes that ${encoding} does not define.`)
}

function suggested(issue: Issue, suggestion: string | undefined): Issue {
  return suggestion === undefined ? issue : createIssue({ ...issue, suggestion: `In Windows-1252: ${suggestion}` })
}
