import { limitExceeded } from "../../errors/limit-exceeded.ts"
import type { Column } from "../../model/column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import type { JsonValue } from "../../model/json-value.ts"
import { assembleColumn } from "./assemble-column.ts"
import { leafColumn } from "./leaf-column.ts"
import type { NestedNode } from "./nested-node.ts"
import { NestedReader } from "./nested-reader.ts"
import { cutSlices, type PageSlice } from "./page-slice.ts"
import type { ParquetBounds } from "./parquet-limits.ts"
import type { ParquetLeaf, ParquetPart } from "./parquet-plan.ts"
import { addTextBytes, isTextual, mostTextBytes } from "./text-bytes.ts"
import type { OnBadText } from "./text-column.ts"

/** Some consecutive rows of all columns, as slices of pages. Batches are cut from it so that each has few enough bytes. */
export class RowWindow {
  readonly rows: number
  readonly #slices: ReadonlyMap<ParquetLeaf, readonly PageSlice[]>
  /** The readers of list and map columns, which advance from batch to batch. */
  readonly #readers = new Map<ParquetPart, { readonly readers: readonly NestedReader[]; onBadText: OnBadText }>()

  constructor(rows: number, slices: ReadonlyMap<ParquetLeaf, readonly PageSlice[]>) {
    this.rows = rows
    this.#slices = slices
  }

  slicesOf(leaf: ParquetLeaf): readonly PageSlice[] {
    return this.#slices.get(leaf) ?? []
  }

  /**
   * The number of rows of each batch, so that its texts have at most `batchBytes`. A single row may have more. The stored size says little: one
   * dictionary text of a mebibyte can be in each of a million rows.
   */
  batchLengths(batchBytes: number, uri: string, { nestedBytes }: ParquetBounds): number[] {
    const most = (isNested: boolean) => {
      let bytes = 0
      for (const [leaf, slices] of this.#slices)
        if (isTextual(leaf.type) && leaf.maxRepetition > 0 === isNested)
          bytes += mostTextBytes(slices, leaf.type.textBase, leaf.type.textPerByte)
      return bytes
    }
    const [mostFlat, mostNested] = [most(false), most(true)]
    if (mostFlat + mostNested <= batchBytes && mostNested <= nestedBytes) return [this.rows]
    const nested = this.#textBytes(true)
    const large = nested.findIndex((bytes) => bytes > nestedBytes)
    if (large >= 0) {
      const unit = "bytes of text in lists and maps"
      const seen = Math.ceil(nested[large] ?? 0)
      throw limitExceeded({ subject: "A row", unit, seen, limit: nestedBytes, option: "limits.nestedBytes", origin: { uri } })
    }
    return cutRows(
      this.#textBytes(false).map((bytes, row) => bytes + (nested[row] ?? 0)),
      batchBytes,
    )
  }

  #textBytes(isNested: boolean): Float64Array {
    const bytes = new Float64Array(this.rows)
    for (const [leaf, slices] of this.#slices)
      if (isTextual(leaf.type) && leaf.maxRepetition > 0 === isNested) addTextBytes(slices, leaf.type, bytes)
    return bytes
  }

  /** A column of the rows from `from` to `to`. For list and map columns, ask for consecutive ranges. */
  column(part: ParquetPart, from: number, to: number, onBadText: OnBadText): Column<unknown> {
    if (part.kind === "nested") return new ValueColumn(this.#assembled(part, part.node, to - from, onBadText), to - from)
    const [leaf] = part.leaves
    const slices = this.slicesOf(leaf)
    const isWhole = from === 0 && to === this.rows
    return leafColumn(isWhole ? slices : cutSlices(slices, from, to), to - from, leaf.type, onBadText)
  }

  /** Assembles a list or map column. Each fault is reported once per row, even if many texts of a list have it. */
  #assembled(part: ParquetPart, node: NestedNode, rows: number, onBadText: OnBadText): JsonValue[] {
    const onBadRow = onceEach(onBadText)
    const known = this.#readers.get(part)
    if (known !== undefined) known.onBadText = onBadRow
    const state = known ?? { readers: this.#nestedReaders(part), onBadText: onBadRow }
    this.#readers.set(part, state)
    return assembleColumn(node, state.readers, rows)
  }

  #nestedReaders(part: ParquetPart): NestedReader[] {
    const onBadText: OnBadText = (row, code) => this.#readers.get(part)?.onBadText(row, code)
    return part.leaves.map((leaf) => new NestedReader(this.slicesOf(leaf), leaf.type, onBadText))
  }
}

function cutRows(bytes: Float64Array, batchBytes: number): number[] {
  const cuts: number[] = []
  let begun = 0
  let held = 0
  for (let row = 0; row < bytes.length; row++) {
    const own = bytes[row] ?? 0
    if (row > begun && held + own > batchBytes) {
      cuts.push(row - begun)
      begun = row
      held = 0
    }
    held += own
  }
  return [...cuts, bytes.length - begun]
}

function onceEach(onBadText: OnBadText): OnBadText {
  let last = ""
  return (row, code) => {
    if (last === `${row} ${code}`) return
    last = `${row} ${code}`
    onBadText(row, code)
  }
}
