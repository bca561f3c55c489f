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

/** A batch's raw cells, for as long as one of its rows may still be refused. */
export interface KeptBatch {
  readonly batch: TableBatch<unknown>
  /** About how much memory it takes. */
  readonly bytes: number
  /** What it lies in, where it was copied: back to the pool, once nobody reads the batch any more. */
  readonly block?: ArrayBuffer | undefined
}

/**
 * Keeps what rejects are made of: raw cells, issues, origins. They are copied where the batch goes back to a reader that may use its
 * buffers again. Only rows that are 1 in `live` may still be refused: issues of the others, which may be all there are, would fill memory.
 * Of the rows' own columns, those called `kept` stay as well.
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

/** A stretch of a buffer that columns of a batch lie in, and its copy. */
interface BufferSpan {
  readonly bytes: Uint8Array
  readonly from: number
  readonly copy: Uint8Array
}

/** Copies of columns; a buffer that several of them share is copied once, and of it only what their ranges span. */
class ColumnCopy {
  readonly #length: number
  readonly #spans: readonly BufferSpan[]
  /** Holds the ranges of cells, and behind them the bytes. */
  readonly block: ArrayBuffer
  /** How much of the block is filled. */
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
    if (column instanceof DictionaryColumn) return new DictionaryColumn(this.#kept(column.codes), () => column.values, length, nulls)
    if (column instanceof NumberColumn) return new NumberColumn(this.#kept(column.numbers()), length, nulls)
    if (column instanceof DateColumn) return new DateColumn(this.#kept(column.times()), length, nulls)
    if (column instanceof BooleanColumn) return new BooleanColumn(this.#kept(column.flags()), length, nulls)
    this.bytes += length * 40
    return new ValueColumn(
      Array.from({ length }, (_, row) => column.at(row)),
      length,
    )
  }

  #kept<A extends Uint8Array | Uint32Array | Float64Array>(values: A): A {
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

/** Each column may have its own view of the buffer that they share. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.buffer === other.buffer && one.byteOffset === other.byteOffset
}

/** The first and the last byte of all ranges that are not empty. */
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
  // Little before the first one is cheaper to copy than to take off every range; an empty one may stand anywhere.
  return { from: from * 8 < to ? 0 : Math.min(from, to), to }
}
