import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import { BooleanColumn } from "../../model/columns/boolean-column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { DictionaryColumn } from "../../model/columns/dictionary-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { BlockPool } from "./block-pool.ts"

/** The raw cells of a batch, kept while one of its rows may still be refused. */
export interface KeptBatch {
  readonly batch: TableBatch<unknown>
  /** About how much memory it takes, in bytes. */
  readonly bytes: number
  /** The block that holds the copy, if the batch was copied. Give it back to the pool once nobody reads the batch any more. */
  readonly block?: ArrayBuffer | undefined
}

/**
 * Keeps what rejects need: raw cells, issues, origins. They are copied if the reader of the batch may use its buffers again. Issues are only kept for
 * rows that are 1 in `live`, because the others can no longer be refused. Of the rows' own columns, those named in `kept` are kept too.
 */
export function keepBatch(batch: TableBatch<unknown>, live: Uint8Array, kept: readonly string[], pool: BlockPool): KeptBatch {
  const { length, table, origins, isOwned } = batch
  const raw = batch.rawShape
  const own = kept.flatMap((name) => batch.column(name) ?? [])
  const columns = [...raw.columns, ...own]
  const copy = isOwned ? undefined : new ColumnCopy(columns, length, pool)
  const copied = copy === undefined ? columns : columns.map((column) => copy.of(column))
  const left = TableBatch.of<unknown>({
    length,
    table,
    names: raw.names,
    columns: copied.slice(0, raw.columns.length),
    origins,
    owned: isOwned,
  })
  for (const { row, issue } of batch.issues) if (live[row] === 1) left.mark(row, issue)
  const names = kept.filter((name) => batch.column(name) !== undefined)
  const shape = { names, columns: copied.slice(raw.columns.length), absent: new Set<string>() }
  return { batch: left.withShape(shape), bytes: copy?.bytes ?? bytesOf(columns, length), block: copy?.block }
}

function bytesOf(columns: readonly Column<unknown>[], length: number): number {
  const buffers = new Set(columns.flatMap((column) => (column instanceof BytesColumn ? [column.bytes.buffer] : [])))
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, columns.length * length * 8)
}

/** The part of a buffer that columns of a batch use, and its copy. */
interface BufferSpan {
  readonly bytes: Uint8Array
  readonly from: number
  readonly copy: Uint8Array
}

/** Copies columns. A buffer that several columns share is copied once, and only the part that their ranges span. */
class ColumnCopy {
  readonly #length: number
  readonly #spans: readonly BufferSpan[]
  /** Contains the ranges of the cells, followed by their bytes. */
  readonly block: ArrayBuffer
  /** Bytes of the block that are in use. */
  #filled = 0
  bytes = 0

  constructor(columns: readonly Column<unknown>[], length: number, pool: BlockPool) {
    this.#length = length
    const ranges = columns.filter((column) => column instanceof BytesColumn)
    const buffers = ranges.filter((column, at) => ranges.findIndex(({ bytes }) => isSame(bytes, column.bytes)) === at)
    const spans = buffers.map(({ bytes }) => {
      const sharers = ranges.filter((other) => isSame(other.bytes, bytes))
      return { bytes, ...span(sharers, length) }
    })
    const rangeBytes = ranges.length * length * 8
    this.block = pool.take(spans.reduce((sum, { from, to }) => sum + to - from, rangeBytes))
    this.bytes = this.block.byteLength
    let at = rangeBytes
    this.#spans = spans.map(({ bytes, from, to }) => {
      const copy = new Uint8Array(this.block, at, to - from)
      copy.set(bytes.subarray(from, to))
      at += copy.length
      return { bytes, from, copy }
    })
  }

  of(column: Column<unknown>): Column<unknown> {
    const length = this.#length
    const nulls = new Bitmask(length, column.nulls.bits.slice(), column.nulls.count)
    if (column instanceof BytesColumn) return this.#ranges(column, nulls)
    if (column instanceof DictionaryColumn) return new DictionaryColumn(this.#copyOf(column.codes), () => column.values, length, nulls)
    if (column instanceof NumberColumn) return new NumberColumn(this.#copyOf(column.numbers()), length, nulls)
    if (column instanceof DateColumn) return new DateColumn(this.#copyOf(column.times()), length, nulls)
    if (column instanceof BooleanColumn) return new BooleanColumn(this.#copyOf(column.flags()), length, nulls)
    this.bytes += length * 40
    return new ValueColumn(
      Array.from({ length }, (_, row) => column.at(row)),
      length,
    )
  }

  #copyOf<A extends Uint8Array | Uint32Array | Float64Array>(values: A): A {
    this.bytes += this.#length * values.BYTES_PER_ELEMENT
    return values.slice(0, this.#length) as A
  }

  #ranges({ bytes, starts, ends }: BytesColumn, nulls: Bitmask): BytesColumn {
    const span = this.#spans.find((other) => isSame(other.bytes, bytes))
    const { from = 0, copy = new Uint8Array(0) } = span ?? {}
    const begins = this.#copied(starts)
    const stops = this.#copied(ends)
    for (let row = 0; from > 0 && row < this.#length; row++) {
      const isEmpty = begins[row] === stops[row]
      begins[row] = isEmpty ? 0 : (begins[row] as number) - from
      stops[row] = isEmpty ? 0 : (stops[row] as number) - from
    }
    return new BytesColumn(copy, begins, stops, this.#length, nulls)
  }

  #copied(values: Uint32Array): Uint32Array {
    const copy = new Uint32Array(this.block, this.#filled, this.#length)
    copy.set(values.subarray(0, this.#length))
    this.#filled += copy.byteLength
    return copy
  }
}

/** Whether two views begin at the same place of one buffer. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.buffer === other.buffer && one.byteOffset === other.byteOffset
}

/** The first byte of all non-empty ranges, and the end of the last one. */
function span(columns: readonly BytesColumn[], length: number): { readonly from: number; readonly to: number } {
  let from = Number.MAX_SAFE_INTEGER
  let to = 0
  for (const { starts, ends } of columns) {
    for (let row = 0; row < length; row++) {
      const start = starts[row] as number
      const end = ends[row] as number
      if (start === end) continue
      if (start < from) from = start
      if (end > to) to = end
    }
  }
  // If the first range begins near the start of the buffer, copying from the start is cheaper than shifting all ranges.
  return { from: from * 8 < to ? 0 : Math.min(from, to), to }
}
