import { type NullMask, noNulls } from "../null-mask.ts"
import { ColumnBase } from "./column-base.ts"

/** Booleans, one byte for each row. */
export class BooleanColumn extends ColumnBase<boolean> {
  readonly kind = "boolean"
  readonly #values: Uint8Array

  constructor(values: Uint8Array, length: number, nulls: NullMask = noNulls(length)) {
    super(length, nulls)
    this.#values = values
  }

  override at(row: number): boolean | null {
    return this.nulls.has(row) ? null : this.#values[row] === 1
  }

  override flags(): Uint8Array {
    return this.#values
  }
}
