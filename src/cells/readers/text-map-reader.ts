import type { Column } from "../../model/column.ts"
import { columnOf } from "../../model/column-of.ts"
import type { ColumnReader, ReadFailure } from "./column-reader.ts"
import { TextReader } from "./text-reader.ts"

/** Why a text is not a value. */
export interface TextFault {
  readonly code: string
  readonly message: string
  readonly suggestion?: string | undefined
}

/** Reads trimmed texts through a function, which is called once for each distinct text. */
export class TextMapReader implements ColumnReader {
  readonly #text = new TextReader({ trim: true })
  readonly #map: (text: string) => string | TextFault
  /** Batches of a workbook share their list of distinct texts. */
  readonly #known = new WeakMap<readonly string[], (string | TextFault)[]>()

  constructor(map: (text: string) => string | TextFault) {
    this.#map = map
  }

  read(column: Column<unknown>, fail: ReadFailure): Column<unknown> {
    const text = this.#text.read(column, fail) as Column<string>
    const { codes, values } = text.dictionary()
    const mapped = this.#known.get(values) ?? []
    this.#known.set(values, mapped)
    let isSame = true
    for (let row = 0; row < text.length; row++) {
      if (text.nulls.has(row)) continue
      const code = codes[row] ?? 0
      const value = values[code] ?? ""
      mapped[code] ??= this.#map(value)
      if (mapped[code] !== value) isSame = false
    }
    if (isSame) return text
    const kept: (string | null)[] = new Array(text.length).fill(null)
    for (let row = 0; row < text.length; row++) {
      const value = text.nulls.has(row) ? undefined : mapped[codes[row] ?? 0]
      if (typeof value === "string") kept[row] = value
      else if (value !== undefined) fail(row, value.code, value.message, value.suggestion)
    }
    return columnOf(kept)
  }
}
