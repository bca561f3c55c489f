import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import { BooleanColumn } from "../../model/columns/boolean-column.ts"
import { booleanPairs, booleanWord } from "../boolean-words.ts"
import type { ColumnReader, ReadFailure } from "./column-reader.ts"
import { quoted } from "./quoted.ts"

/** The texts of PostgreSQL's boolean input, without abbreviations of two letters. */
const defaults = { true: ["true", "t", "yes", "y", "on", "1"], false: ["false", "f", "no", "n", "off", "0"] }

/** Reads booleans, the numbers 1 and 0, and the listed texts in any case. */
export class BooleanReader implements ColumnReader {
  readonly #flags = new Map<string, 0 | 1>()

  constructor(words: { readonly true?: readonly string[] | undefined; readonly false?: readonly string[] | undefined } = {}) {
    for (const word of words.true ?? defaults.true) this.#flags.set(word.trim().toLowerCase(), 1)
    for (const word of words.false ?? defaults.false) this.#flags.set(word.trim().toLowerCase(), 0)
  }

  read(column: Column<unknown>, fail: ReadFailure): Column<unknown> {
    if (column instanceof BooleanColumn) return column
    const flags = new Uint8Array(column.length)
    const nulls = new Bitmask(column.length, column.nulls.bits.slice(), column.nulls.count)
    for (let row = 0; row < column.length; row++) {
      const cell = column.at(row)
      if (cell === null) continue
      const flag = typeof cell === "boolean" ? (cell ? 1 : 0) : this.#flags.get(wordOf(cell))
      if (flag === undefined) {
        nulls.set(row)
        fail(row, "boolean.unreadable", `${quoted(cell)} is neither true nor false.`, suggestWords(cell))
      } else flags[row] = flag
    }
    return new BooleanColumn(flags, column.length, nulls)
  }
}

/** Suggests the pair of words that a text belongs to. */
function suggestWords(cell: unknown): string | undefined {
  const [word] = booleanWord(wordOf(cell)) ?? []
  if (word === undefined) return undefined
  const [yes, no] = booleanPairs[word.pair] ?? []
  return `Declare the words, as in cell.boolean({ true: ["${yes}"], false: ["${no}"] }).`
}

function wordOf(cell: unknown): string {
  return typeof cell === "string" || typeof cell === "number" ? String(cell).trim().toLowerCase() : "\0"
}
