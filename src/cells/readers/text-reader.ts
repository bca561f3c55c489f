import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DictionaryColumn } from "../../model/columns/dictionary-column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import { type CleanOptions, textCleaner } from "../clean-text.ts"
import { dropSpace, maySpace, skipSpace } from "../white-space.ts"
import { cellText } from "./cell-text.ts"
import { ColumnCleaner } from "./column-cleaner.ts"
import type { ColumnReader, ReadFailure } from "./column-reader.ts"
import { quoted } from "./quoted.ts"
import { TextRewriter } from "./text-rewriter.ts"

/** Reads any cell as text, except an error cell. With `trim`, it removes white space around the text; with `clean`, it cleans the text first. */
export class TextReader implements ColumnReader {
  readonly #trim: boolean
  readonly #cleaner: ColumnCleaner | undefined

  constructor({ trim, clean }: { readonly trim: boolean; readonly clean?: CleanOptions | undefined }) {
    this.#trim = trim
    this.#cleaner = clean === undefined ? undefined : new ColumnCleaner(textCleaner(clean))
  }

  /** A text of which cleaning leaves nothing is blank, and `N/A` before a zero-width space is `N/A`. */
  prepare(column: Column<unknown>): Column<unknown> {
    return this.#cleaner?.clean(column) ?? column
  }

  read(column: Column<unknown>, fail: ReadFailure): Column<unknown> {
    if (column instanceof BytesColumn) return this.#trim ? trimBytes(column) : column
    if (column instanceof DictionaryColumn) return this.#trim ? trimDictionary(column) : column
    const values: (string | null)[] = new Array(column.length).fill(null)
    for (let row = 0; row < column.length; row++) {
      const cell = column.at(row)
      if (cell === null) continue
      const text = column.shown?.at(row) ?? cellText(cell)
      if (text === undefined) fail(row, "cell.error", `${quoted(cell)} is not a value.`)
      else values[row] = this.#trim ? text.trim() : text
    }
    return new ValueColumn<string>(values)
  }
}

function trimBytes(column: BytesColumn): Column<string> {
  const { bytes, starts, ends, length } = column
  const rewriter = new TextRewriter(column)
  for (let row = 0; row < length; row++) {
    const from = starts[row] ?? 0
    const to = ends[row] ?? 0
    if (from === to || (!maySpace(bytes[from]) && !maySpace(bytes[to - 1]))) continue
    const start = skipSpace(bytes, from, to)
    rewriter.narrow(row, start, dropSpace(bytes, start, to))
  }
  return rewriter.done(column.nulls)
}

function trimDictionary(column: DictionaryColumn): Column<string> {
  const nulls = column.nulls.count === 0 ? column.nulls : new Bitmask(column.length, column.nulls.bits.slice(), column.nulls.count)
  const trimmed = new Map<number, string>()
  for (let row = 0; row < column.length; row++) {
    const code = column.codes[row] ?? 0
    const value = column.values[code]
    if (nulls.has(row) || value === undefined || trimmed.has(code)) continue
    const text = value.trim()
    if (text !== value) trimmed.set(code, text)
  }
  if (trimmed.size === 0) return column
  const values = Array.from({ length: column.length }, (_, row) => {
    if (nulls.has(row)) return null
    const code = column.codes[row] ?? 0
    return trimmed.get(code) ?? column.values[code] ?? null
  })
  return new ValueColumn<string>(values)
}
