import type { Dictionary } from "../column.ts"
import { type NullMask, noNulls } from "../null-mask.ts"
import { ColumnBase } from "./column-base.ts"

/** Text as codes into a list of distinct values, such as the shared strings of a workbook. Columns and batches may share the list. */
export class DictionaryColumn extends ColumnBase<string> {
  readonly kind = "dictionary"
  readonly codes: Uint32Array
  #values: readonly string[] | (() => readonly string[])

  /** Pass the values, or a function that makes them: texts are often never read. */
  constructor(
    codes: Uint32Array,
    values: readonly string[] | (() => readonly string[]),
    length: number,
    nulls: NullMask = noNulls(length),
  ) {
    super(length, nulls)
    this.codes = codes
    this.#values = values
  }

  get values(): readonly string[] {
    if (typeof this.#values === "function") this.#values = this.#values()
    return this.#values
  }

  override at(row: number): string | null {
    return this.nulls.has(row) ? null : (this.values[this.codes[row] ?? 0] ?? null)
  }

  override dictionary(): Dictionary {
    return this
  }
}
