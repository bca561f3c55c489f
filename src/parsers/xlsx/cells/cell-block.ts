import type { CellValue } from "../../../model/cell-value.ts"
import type { SharedStrings } from "../strings/shared-strings.ts"
import { TextArena } from "../strings/text-arena.ts"
import { errorCell, sharedCell, textCell } from "./cell-kind.ts"
import { cellValue } from "./cell-value.ts"

/** Small enough for a processor's cache, and large enough that passing a block on costs little per cell. */
const capacity = 8192
const mostTextBytes = 1 << 20

/** Up to some thousand cells in the order of the file, each with its place, kind and value. One block is refilled for a whole sheet. */
export class CellBlock {
  readonly capacity: number
  length = 0
  readonly rows: Int32Array
  readonly columns: Uint16Array
  readonly kinds: Uint8Array
  /** By kind: the number, the milliseconds, the index of a shared string, or the offset of a text. */
  readonly values: Float64Array
  /** The end offset of a text, or a style (see `shownCell`). */
  readonly ends: Uint32Array
  readonly text: TextArena
  /** Whether the block is full, by cells or by bytes of text: a text may have a mebibyte. */
  get isFull(): boolean {
    return this.length >= this.capacity || this.text.length >= mostTextBytes
  }

  /** The faults of texts, as bits (see `TextArena`), by the index of the cell. */
  readonly faults = new Map<number, number>()

  constructor(cells: number = capacity, textBytes = 64 * 1024) {
    this.capacity = cells
    this.rows = new Int32Array(cells)
    this.columns = new Uint16Array(cells)
    this.kinds = new Uint8Array(cells)
    this.values = new Float64Array(cells)
    this.ends = new Uint32Array(cells)
    this.text = new TextArena(textBytes)
  }

  /** Appends a cell of another block. There must be room for it. */
  append(block: CellBlock, cell: number): void {
    const at = this.length++
    this.rows[at] = block.rows[cell] as number
    this.columns[at] = block.columns[cell] as number
    this.kinds[at] = block.kinds[cell] as number
    const value = block.values[cell] as number
    const hasText = block.kinds[cell] === textCell || block.kinds[cell] === errorCell
    this.values[at] = hasText ? this.text.length : value
    if (hasText) this.text.copy(block.text.bytes, value, block.ends[cell] as number)
    this.ends[at] = hasText ? this.text.length : (block.ends[cell] as number)
    const faults = block.faults.get(cell)
    if (faults !== undefined) this.faults.set(at, faults)
  }

  /** A copy, for a caller that keeps the cells while this block is refilled. */
  copy(): CellBlock {
    const copy = new CellBlock(this.length, this.text.length)
    copy.length = this.length
    for (const name of ["rows", "columns", "kinds", "values", "ends"] as const) copy[name].set(this[name].subarray(0, this.length))
    copy.text.copy(this.text.bytes, 0, this.text.length)
    for (const [cell, faults] of this.faults) copy.faults.set(cell, faults)
    return copy
  }

  /** Whether a cell holds an empty text. */
  isEmptyText(cell: number, strings: SharedStrings): boolean {
    const kind = this.kinds[cell]
    if (kind === sharedCell) return strings.isEmpty(this.values[cell] as number)
    return kind === textCell && this.values[cell] === this.ends[cell]
  }

  /** The value of a cell. A text is cut to its first `maxBytes` bytes. */
  value(cell: number, strings: SharedStrings, maxBytes = Number.POSITIVE_INFINITY): CellValue {
    const value = this.values[cell] as number
    return cellValue(this.kinds[cell], value, () => {
      if (this.kinds[cell] === sharedCell) return strings.text(value, maxBytes)
      return this.text.bytes.toString("utf8", value, Math.min(this.ends[cell] as number, value + maxBytes))
    })
  }

  clear(): void {
    this.length = 0
    this.text.length = 0
    this.faults.clear()
  }
}
