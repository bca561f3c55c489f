import { type CellRange, parseRange } from "../a1.ts"
import type { TextArena } from "../strings/text-arena.ts"
import type { XlsxBounds } from "../xlsx-limits.ts"
import type { PartPlace } from "../xml/xml-chunks.ts"
import { malformed, xmlExceeded } from "../xml/xml-errors.ts"
import type { XmlElement, XmlListener } from "../xml/xml-reader.ts"
import type { CellBlock } from "./cell-block.ts"
import { errorCell, formulaCell, numberCell, shownCell, textCell } from "./cell-kind.ts"
import type { ColumnBuilder } from "./column-builder.ts"

/** The value of a merged range, which its first cell holds. */
interface Anchor {
  readonly kind: number
  readonly value: number
  readonly text: Buffer | undefined
}

/** The merged ranges of a sheet, and the values of their first cells as they are read. */
export class MergedCells {
  /** From top to bottom. */
  readonly ranges: readonly CellRange[]
  readonly #byAnchor = new Map<number, number>()
  readonly #anchors: (Anchor | undefined)[] = []
  readonly #place: PartPlace
  /** How many cells of the batch the ranges may still fill. It drops below 0 only if ranges overlap. */
  #room = 0

  constructor(ranges: readonly CellRange[], place: PartPlace) {
    this.#place = place
    this.ranges = [...ranges].sort((one, other) => one.top - other.top)
    this.ranges.forEach((range, at) => {
      const key = keyOf(range.top, range.left)
      if (!this.#byAnchor.has(key)) this.#byAnchor.set(key, at)
    })
  }

  /** Remembers the cells of a block that are the first of a range. */
  watch(block: CellBlock): void {
    for (let cell = 0; cell < block.length; cell++) {
      const at = this.#byAnchor.get(keyOf(block.rows[cell] as number, block.columns[cell] as number))
      if (at === undefined) continue
      const kind = block.kinds[cell] as number
      if (kind === formulaCell) continue
      const value = block.values[cell] as number
      const text = kind === textCell || kind === errorCell ? Buffer.from(block.text.bytes.subarray(value, block.ends[cell])) : undefined
      this.#anchors[at] = { kind: kind === shownCell ? numberCell : kind, value, text }
    }
  }

  /** Puts the values into the blank cells of their ranges, in the rows of the batch. `rows` must be sorted. */
  fill(rows: Int32Array, columns: readonly ColumnBuilder[], places: Int32Array, arena: TextArena): void {
    const first = rows[0]
    const last = rows.at(-1)
    if (first === undefined || last === undefined) return
    this.#room = rows.length * places.length
    for (const [at, range] of this.ranges.entries()) {
      if (range.top > last) break
      const anchor = this.#anchors[at]
      if (anchor === undefined || range.bottom < first) continue
      this.#fillRange(range, anchor, rows, columns, places, arena)
    }
  }

  #fillRange(
    range: CellRange,
    anchor: Anchor,
    rows: Int32Array,
    columns: readonly ColumnBuilder[],
    places: Int32Array,
    arena: TextArena,
  ): void {
    const start = arena.length
    if (anchor.text !== undefined) arena.copy(anchor.text, 0, anchor.text.length)
    const end = arena.length
    const right = Math.min(places.length - 1, range.right)
    for (let slot = firstFrom(rows, range.top); slot < rows.length && (rows[slot] as number) <= range.bottom; slot++) {
      this.#room -= Math.max(0, right - range.left + 1)
      if (this.#room < 0) throw malformed(this.#place, "has overlapping merged ranges")
      for (let column = range.left; column <= right; column++) {
        const builder = columns[places[column] as number]
        if (builder === undefined || builder.has(slot)) continue
        if (anchor.text === undefined) builder.put(slot, anchor.kind, anchor.value)
        else builder.putText(slot, anchor.kind, start, end)
      }
    }
  }
}

/** Reads the merged ranges from the XML after the cells of a worksheet part. */
export class MergedCellsReader implements XmlListener {
  readonly ranges: CellRange[] = []
  readonly #bounds: XlsxBounds
  readonly #place: PartPlace

  constructor(bounds: XlsxBounds, place: PartPlace) {
    this.#bounds = bounds
    this.#place = place
  }

  open(element: XmlElement): void {
    if (element.name !== "mergeCell") return
    const range = parseRange(element.attribute("ref") ?? "")
    if (range === undefined || !Number.isFinite(range.bottom) || !Number.isFinite(range.right)) return
    this.ranges.push(range)
    const { mergedRanges } = this.#bounds
    if (this.ranges.length > mergedRanges) throw xmlExceeded(this.#place, "merged ranges", this.ranges.length, mergedRanges, "mergedRanges")
  }
}

function keyOf(row: number, column: number): number {
  return row * 65_536 + column
}

/** Index of the first of `rows` at or below `row`. */
function firstFrom(rows: Int32Array, row: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle] as number) < row) low = middle + 1
    else high = middle
  }
  return low
}
