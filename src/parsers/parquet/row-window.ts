import { limitExceeded } from "../../errors/limit-exceeded.ts"
import type { Column } from "../../model/column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import type { JsonValue } from "../../model/json-value.ts"
import { assembleColumn } from "./assemble-column.ts"
import { leafColumn } from "./leaf-cells.ts"
import type { OnBadText } from "./leaf-texts.ts"
import type { NestedNode } from "./nested-node.ts"
import { NestedReader } from "./nested-reader.ts"
import { cutSlices, type PageSlice } from "./page-slice.ts"
import type { ParquetBounds } from "./parquet-limits.ts"
import type { ParquetLeaf, ParquetPart } from "./parquet-plan.ts"
import { addTextBytes, isWritten, mostTextBytes } from "./text-bytes.ts"

/** Entries of the stored columns that are some consecutive rows, from which batches of fewer bytes are cut. */
export class RowWindow {
  readonly rows: number
  readonly #slices: ReadonlyMap<ParquetLeaf, readonly PageSlice[]>
  /** Columns of lists and maps on the way through their entries. */
  readonly #readers = new Map<ParquetPart, { readonly readers: readonly NestedReader[]; onBadText: OnBadText }>()

  constructor(rows: number, slices: ReadonlyMap<ParquetLeaf, readonly PageSlice[]>) {
    this.rows = rows
    this.#slices = slices
  }

  slicesOf(leaf: ParquetLeaf): readonly PageSlice[] {
    return this.#slices.get(leaf) ?? []
  }

  /**
   * How many rows each batch has whose texts are `batchBytes` at most, in the order of the rows; a single row may have more. A dictionary of one text
   * of a mebibyte can be in each of a million rows.
   */
  cuts(batchBytes: number, uri: string, { nestedBytes }: ParquetBounds): number[] {
    const most = (isNested: boolean) => {
      let bytes = 0
      for (const [leaf, slices] of this.#slices)
        if (isWritten(leaf.type) && leaf.maxRepetition > 0 === isNested)
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
      if (isWritten(leaf.type) && leaf.maxRepetition > 0 === isNested) addTextBytes(slices, leaf.type, bytes)
    return bytes
  }

  /** A column of the rows from one up to another; those of lists and maps have to be asked for one after the other. */
  column(part: ParquetPart, from: number, to: number, onBadText: OnBadText): Column<unknown> {
    if (part.kind === "nested") return new ValueColumn(this.#assembled(part, part.node, to - from, onBadText), to - from)
    const [leaf] = part.leaves
    const slices = this.slicesOf(leaf)
    const isWhole = from === 0 && to === this.rows
    return leafColumn(isWhole ? slices : cutSlices(slices, from, to), to - from, leaf.type, onBadText)
  }

  /** A row is told once of what its texts are, however many a list of them holds. */
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
