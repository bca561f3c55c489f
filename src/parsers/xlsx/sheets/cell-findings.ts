import type { Row } from "../../../model/cell-value.ts"
import type { Finding } from "../../../model/issue.ts"
import type { TableBatch } from "../../../model/table-batch.ts"
import { textInvalid, textLong, textNul, textStruck, textSurrogate } from "../strings/text-arena.ts"

const notCalculated =
  "The file does not hold the result of the formula, because the program that wrote it did not calculate. Open the workbook in a spreadsheet program and save it."

/** What was found in the cells of a batch, by sheet row. Equal findings in one column share one object. */
export class CellFindings {
  readonly #names: readonly string[]
  readonly #known = new Map<string, Finding<Row>>()
  #findings: Finding<Row>[] = []
  #rows: number[] = []

  /** `names`: those of the table's columns. */
  constructor(names: readonly string[]) {
    this.#names = names
  }

  get length(): number {
    return this.#findings.length
  }

  note(row: number, finding: Finding<Row>): void {
    this.#findings.push(finding)
    this.#rows.push(row)
  }

  /** Notes that a formula has no result. */
  noteFormula(row: number, column: number): void {
    this.#find(row, "cell.not_calculated", notCalculated, column)
  }

  /** Notes what is wrong with a text. `faults`: bits of `text-arena.ts`. */
  noteFaults(row: number, faults: number, column: number): void {
    if (faults === 0) return
    if (faults & textNul) this.#find(row, "text.nul", "The text contains the character NUL, which PostgreSQL cannot store.", column)
    if (faults & textSurrogate)
      this.#find(row, "text.lone_surrogate", "The text contains half of a character: a surrogate without its other half.", column)
    if (faults & textInvalid) this.#find(row, "text.encoding", "The text contains bytes that are not valid UTF-8.", column)
    if (faults & textStruck)
      this.#find(row, "text.struck", "A part of the text is struck out in the sheet, and was read like the rest.", column, "warning")
    if (faults & textLong)
      this.#find(row, "text.long", "The text has more than the 32,767 characters that a cell may hold.", column, "warning")
  }

  /** Marks the rows of a batch, given their sheet rows, and forgets the findings. */
  mark(batch: TableBatch<Row>, rows: Int32Array): void {
    if (this.#findings.length === 0) return
    const places = new Map(Array.from(rows, (row, at) => [row, at]))
    this.#findings.forEach((finding, at) => {
      batch.fail(places.get(this.#rows[at] ?? 0) ?? 0, finding)
    })
    this.#findings = []
    this.#rows = []
  }

  #find(row: number, code: string, message: string, column: number, severity: "error" | "warning" = "error"): void {
    const key = `${code}\0${column}`
    const finding = this.#known.get(key) ?? { code, message, column: this.#names[column] ?? "", severity }
    this.#known.set(key, finding)
    this.note(row, finding)
  }
}
