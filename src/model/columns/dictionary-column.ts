import type { Dictionary } from "../column.ts"
import { type NullMask, noNulls } from "../null-mask.ts"
import { ColumnBase } from "./column-base.ts"

/** Text as codes into distinct values, as a workbook's shared strings hold it. Values may be shared between columns and batches. */
export class DictionaryColumn extends ColumnBase<string> {
  readonly kind = "dictionary"
  readonly codes: Uint32Array
  #values: readonly string[] | (() => readonly string[])

  /** The values, or what makes them once somebody asks: texts are often passed over. */
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
