import { Bitmask } from "../bitmask.ts"
import { ColumnBase } from "./column-base.ts"

/** A declared column that the table lacks: null in every row. */
export class MissingColumn extends ColumnBase<never> {
  readonly kind = "value"

  constructor(length: number) {
    super(length, Bitmask.full(length))
  }

  override at(): null {
    return null
  }
}
