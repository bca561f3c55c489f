import type { Row } from "../../model/cell-value.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import type { Origin } from "../../model/origin.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { BatchLine, mostCharacters, type TableLine, TextLine } from "./table-line.ts"

/** Rows that take more bytes than this are kept as texts, each of which is cut. */
const mostBytes = 16 << 10

/**
 * The rows of a batch from one on, as lines that stay when the batch is released. Those of a text are copied as bytes and decoded only if they are
 * read: they are copied from each batch, and few are ever read.
 */
export function keptLines(batch: TableBatch<Row>, from: number): TableLine[] {
  const { origins, length, selection } = batch
  const rows = Array.from({ length: length - from }, (_, at) => from + at)
  const bytes = RowBytes.of(batch, from)
  if (bytes !== undefined) return rows.map((row) => new BytesLine(bytes, row - from, selection.has(row), () => origins.at(row)))
  return rows.map((row) => {
    const cells = new BatchLine(batch, row, undefined).cells()
    return new TextLine(cells, { isSelected: selection.has(row), origin: () => origins.at(row) })
  })
}

/** A copy of rows whose cells are ranges of one buffer. */
class RowBytes {
  readonly width: number
  readonly #bytes: Buffer
  /** Where each cell begins and ends, row by row. */
  readonly #ranges: Uint32Array

  private constructor(bytes: Buffer, ranges: Uint32Array, width: number) {
    this.#bytes = bytes
    this.#ranges = ranges
    this.width = width
  }

  /** Returns undefined for columns of other kinds and for long rows. */
  static of(batch: TableBatch<Row>, from: number): RowBytes | undefined {
    const { columns } = batch.shape
    const [first] = columns
    if (!(first instanceof BytesColumn)) return undefined
    const width = columns.length
    const ranges = new Uint32Array(2 * width * (batch.length - from))
    let begin = first.bytes.length
    let end = 0
    for (let j = 0; j < width; j++) {
      const column = columns[j]
      if (!(column instanceof BytesColumn) || column.bytes !== first.bytes) return undefined
      for (let row = from, at = 2 * j; row < batch.length; row++, at += 2 * width) {
        const start = column.starts[row] as number
        const stop = column.nulls.has(row) ? start : (column.ends[row] as number)
        ranges[at] = start
        ranges[at + 1] = stop
        if (start === stop) continue
        begin = Math.min(begin, start)
        end = Math.max(end, stop)
      }
    }
    if (end - begin > mostBytes) return undefined
    for (let at = 0; at < ranges.length; at++) ranges[at] = (ranges[at] as number) - begin
    return new RowBytes(Buffer.from(first.bytes.subarray(begin, end)), ranges, width)
  }

  text(row: number, place: number): string {
    const at = 2 * (row * this.width + place)
    const [start = 0, end = 0] = [this.#ranges[at], this.#ranges[at + 1]]
    return start === end ? "" : this.#bytes.toString("utf8", start, Math.min(end, start + mostCharacters)).trim()
  }
}

class BytesLine implements TableLine {
  readonly isSelected: boolean
  readonly isApart = false
  readonly #bytes: RowBytes
  readonly #row: number
  readonly #origin: () => Origin
  #cells: readonly string[] | undefined

  constructor(bytes: RowBytes, row: number, isSelected: boolean, origin: () => Origin) {
    this.#bytes = bytes
    this.#row = row
    this.#origin = origin
    this.isSelected = isSelected
  }

  get origin(): Origin {
    return this.#origin()
  }

  get width(): number {
    return this.#bytes.width
  }

  get filled(): number {
    return this.cells().filter((cell) => cell !== "").length
  }

  get isBlank(): boolean {
    return this.first === ""
  }

  get first(): string {
    return this.cells().find((cell) => cell !== "") ?? ""
  }

  cell(place: number): string {
    return this.cells()[place] ?? ""
  }

  cells(): readonly string[] {
    this.#cells ??= Array.from({ length: this.width }, (_, place) => this.#bytes.text(this.#row, place))
    return this.#cells
  }
}
