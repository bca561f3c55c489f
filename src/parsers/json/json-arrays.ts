import { ArraySlab } from "../../model/columns/array-slab.ts"
import { firstRows } from "../batch-room.ts"

/** Allocates the arrays of a table's columns. */
export class JsonArrays {
  /** How many columns there are. */
  columns = 1
  readonly kinds = new ArraySlab((length) => new Uint8Array(length))
  readonly offsets = new ArraySlab((length) => new Uint32Array(length))
  readonly numbers = new ArraySlab((length) => new Float64Array(length))

  /** Rows that a column may have room for before it has cells of them. */
  get rows(): number {
    return firstRows(this.columns)
  }
}
