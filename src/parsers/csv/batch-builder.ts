import { Bitmask } from "../../model/bitmask.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { createIssue } from "../../model/create-issue.ts"
import type { Issue } from "../../model/issue.ts"
import { noNulls } from "../../model/null-mask.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { TableFacts } from "../../model/table-facts.ts"
import { tableName } from "../table-name.ts"
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
  /** Line ends from there through the end of the batch. */
  readonly lines: number
}

/** What all batches of a file have in common. */
export interface BatchBuilderOptions {
  readonly scanner: RecordScanner
  readonly dialect: Dialect
  readonly table: TableFacts
  readonly uri: string
  readonly version: string | undefined
  readonly encoding: string
  /** Whether a batch may borrow the scanner's memory. Such a batch is valid only until the scanner continues. */
  readonly reuse: boolean
  /** Whether a cell without quotes around nothing is null. */
  readonly emptyIsNull: boolean
}

/** The most text of a record, in bytes, that is kept for its reject. */
const maxUnread = 1 << 20

/** Builds batches from the fields that a scanner found and from the records that were read separately. */
export class BatchBuilder {
  readonly #options: BatchBuilderOptions
  readonly #scanner: RecordScanner
  /** Cells whose text differs from the file's, and their texts as Latin-1 views. */
  #patched: number[] = []
  #patches: string[] = []
  readonly #put = new Set<number>()
  #lastPut = -1
  #missing: number[] = []
  #issues: { readonly row: number; readonly issue: Issue }[] = []
  #unread = new Map<number, string>()
  /** Whether a row contained bytes that the encoding does not define. */
  sawDamage = false

  constructor(options: BatchBuilderOptions) {
    this.#options = options
    this.#scanner = options.scanner
  }

  /** Puts the fields of a separately read record into a row. Columns after the last field are missing. */
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

  /** Whether the row was put here and so is not in the window. */
  holds(row: number): boolean {
    return row <= this.#lastPut && this.#put.has(row)
  }

  /** Adds an issue to a row, and the record's text if its cells cannot show what is wrong. */
  note(row: number, issue: Issue, view?: string): void {
    this.#issues.push({ row, issue })
    if (view !== undefined) this.#unread.set(row, textOfView(view.slice(0, maxUnread)))
  }

  /** Builds a batch of the first rows. `end`: where their bytes end in the window. */
  build(rows: number, end: number, start: BatchStart): TableBatch<Row> {
    const { table, uri, version, dialect, encoding, reuse, emptyIsNull } = this.#options
    // A record that was read separately may lack a line end or contain several.
    const lines = this.#put.size === 0 ? start.lines : undefined
    const text = new BatchText(this.#scanner, rows, end, reuse)
    // Origins count lines in the original text, and they outlive the scanner's memory.
    const unchanged = reuse && lines !== rows ? Buffer.from(text.bytes) : text.bytes
    text.unescape(dialect)
    this.#dropRowsFrom(rows)
    text.patch(this.#patched, this.#patches)
    const nuls = text.rowsWithNul()
    const damaged = encoding === "utf-8" ? text.repairUtf8() : text.findReplaced()
    const { bytes, cells, stride } = text
    const nulls = emptyIsNull ? text.empty(this.#patched, dialect) : this.#masks(this.#missing, rows)
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
    const loneCr = dialect.lineEnd === "\r"
    const later = table.name === tableName(uri) ? undefined : table.name
    const origins = new CsvOrigins({ uri, version, table: later, text: unchanged, rowStarts, loneCr, ...start, lines })
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

  /** Drops the empty rows at the end of the file, which are not rows of the table. */
  #dropRowsFrom(rows: number): void {
    const { stride } = this.#scanner
    if (this.#lastPut < rows) return
    const kept = this.#patched.map((cell) => cell % stride < rows)
    this.#patches = this.#patches.filter((_, at) => kept[at])
    this.#patched = this.#patched.filter((_, at) => kept[at])
    this.#missing = this.#missing.filter((cell) => cell % stride < rows)
    this.#issues = this.#issues.filter(({ row }) => row < rows)
  }

  /** For each column with at least one of the cells, a mask of those cells. */
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

const nul = csvError("text.nul", "The row contains the character NUL, which PostgreSQL cannot store.")

/** Rows with the same problem share one issue. */
function encodingIssue(encoding: string): Issue {
  if (encoding === "utf-8") return csvError("text.invalid_utf8", "The row contains bytes that are not valid UTF-8.")
  return csvError("text.undecodable", `The row contains bytes that the encoding ${encoding} does not define.`)
}

function suggested(issue: Issue, suggestion: string | undefined): Issue {
  return suggestion === undefined ? issue : createIssue({ ...issue, suggestion: `In Windows-1252 the row is: ${suggestion}` })
}
