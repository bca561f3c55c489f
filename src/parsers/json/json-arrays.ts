import { ArraySlab } from "../../model/columns/array-slab.ts"

/** Where the columns of a table take their arrays from. */
export class JsonArrays {
  readonly kinds = new ArraySlab((length) => new Uint8Array(length))
  readonly offsets = new ArraySlab((length) => new Uint32Array(length))
  readonly numbers = new ArraySlab((length) => new Float64Array(length))
}
