import type { ColumnReader, ReadFailure } from "../cells/readers/column-reader.ts"
import { quoted } from "../cells/readers/quoted.ts"
import { TextReader } from "../cells/readers/text-reader.ts"
import type { Column } from "../model/column.ts"
import { columnOf } from "../model/column-of.ts"
import { checkArgument } from "../options/check-argument.ts"
import { fullList, text } from "../options/option-kinds.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Accepts one of the listed texts, after trimming; case matters. Any other text fails its row (`list.unknown`). */
export function oneOf<const V extends string>(...values: readonly V[]): Normalizer<V | null> {
  checkArgument("cell.oneOf()", values, fullList(text(), "texts, one after another"))
  return columnNormalizer<V>("oneOf", "text", new ListReader(values), { kind: "text" })
}

class ListReader implements ColumnReader {
  readonly #values: ReadonlySet<string>
  readonly #text = new TextReader({ trim: true })

  constructor(values: readonly string[]) {
    this.#values = new Set(values)
  }

  read(column: Column<unknown>, fail: ReadFailure): Column<unknown> {
    const text = this.#text.read(column, fail) as Column<string>
    const { codes, values } = text.dictionary()
    const known = values.map((value) => this.#values.has(value))
    if (known.every(Boolean)) return text
    const kept: (string | null)[] = new Array(text.length).fill(null)
    for (let row = 0; row < text.length; row++) {
      const value = text.at(row)
      if (value === null) continue
      if (known[codes[row] ?? 0] === true) kept[row] = value
      else fail(row, "list.unknown", `${quoted(value)} is not one of ${[...this.#values].slice(0, 10).join(", ")}.`)
    }
    return columnOf(kept)
  }
}
