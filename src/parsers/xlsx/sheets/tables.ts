import { type CellRange, parseRange } from "../a1.ts"
import type { XmlElement, XmlListener } from "../xml/xml-reader.ts"
import { unescaped } from "../xml/xml-text.ts"

/** A table that a workbook defines on a sheet (Excel's "Format as Table"). */
export interface DefinedTable {
  readonly name: string
  readonly range: CellRange
  readonly headerRows: number
  readonly totalsRows: number
  /** The names of its columns, also if no row shows them. */
  readonly columns: readonly string[]
}

/** Reads a table part. */
export class TableReader implements XmlListener {
  #table: Omit<DefinedTable, "columns"> | undefined
  readonly #names = new Set<string>()
  readonly #columns: string[] = []

  open(element: XmlElement): void {
    if (element.name === "table" && element.depth === 0) {
      const name = unescaped(element.attribute("displayName") ?? element.attribute("name") ?? "")
      for (const each of [name, unescaped(element.attribute("name") ?? "")]) this.#names.add(each.toLowerCase())
      const range = parseRange(element.attribute("ref") ?? "")
      if (range === undefined) return
      const headerRows = Number(element.attribute("headerRowCount") ?? 1)
      this.#table = { name, range, headerRows, totalsRows: Number(element.attribute("totalsRowCount") ?? 0) }
    } else if (element.name === "tableColumn") this.#columns.push(unescaped(element.attribute("name") ?? ""))
  }

  /** The table if it has this name, else undefined. Case does not matter in names of tables. */
  ifNamed(name: string): DefinedTable | undefined {
    return this.#table !== undefined && this.#names.has(name.toLowerCase()) ? { ...this.#table, columns: this.#columns } : undefined
  }
}
