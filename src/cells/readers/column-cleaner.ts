import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DictionaryColumn } from "../../model/columns/dictionary-column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import { TextRewriter } from "./text-rewriter.ts"

/** Cleans the texts of columns. A list of distinct texts, which many columns may share, is cleaned once. */
export class ColumnCleaner {
  readonly #clean: (text: string) => string
  readonly #known = new WeakMap<readonly string[], Map<number, string>>()

  constructor(clean: (text: string) => string) {
    this.#clean = clean
  }

  /** Cells that are not text stay as they are, and so does a column that is clean. */
  clean(column: Column<unknown>): Column<unknown> {
    if (column instanceof BytesColumn) return this.#cleanBytes(column)
    if (column instanceof DictionaryColumn) return this.#cleanDictionary(column)
    if (column instanceof ValueColumn) return this.#cleanValues(column)
    return column
  }

  #cleanBytes(column: BytesColumn): BytesColumn {
    const { bytes, starts, ends, length, nulls } = column
    const rewriter = new TextRewriter(column)
    for (let row = 0; row < length; row++) {
      const start = starts[row] as number
      const end = ends[row] as number
      if (isPlain(bytes, start, end) || nulls.has(row)) continue
      const text = bytes.toString("utf8", start, end)
      const cleaned = this.#clean(text)
      if (cleaned !== text) rewriter.put(row, cleaned)
    }
    return rewriter.done(nulls)
  }

  #cleanDictionary(column: DictionaryColumn): Column<string> {
    const { values, codes, length, nulls } = column
    const known = this.#known.get(values) ?? new Map<number, string>()
    this.#known.set(values, known)
    let isClean = true
    const cleaned = Array.from({ length }, (_, row) => {
      if (nulls.has(row)) return null
      const code = codes[row] ?? 0
      const text = values[code] ?? ""
      const clean = known.get(code) ?? this.#clean(text)
      known.set(code, clean)
      if (clean !== text) isClean = false
      return clean
    })
    return isClean ? column : new ValueColumn<string>(cleaned, length, nulls)
  }

  #cleanValues(column: ValueColumn<unknown>): ValueColumn<unknown> {
    let isClean = true
    const cleaned = Array.from({ length: column.length }, (_, row) => {
      const value = column.at(row)
      const clean = typeof value === "string" ? this.#clean(value) : value
      if (clean !== value) isClean = false
      return clean
    })
    return isClean ? column : new ValueColumn(cleaned, column.length, column.nulls)
  }
}

/** Whether a text is visible ASCII with single blanks: most cells are, and no cleaner changes them. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  let last = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte < 32 || byte > 126 || (byte === 32 && last === 32)) return false
    last = byte
  }
  return true
}
