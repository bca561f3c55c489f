import type { ByteRanges, Column } from "../../src/model/column.ts"
import { BooleanColumn } from "../../src/model/columns/boolean-column.ts"
import { BytesColumn } from "../../src/model/columns/bytes-column.ts"
import { DateColumn } from "../../src/model/columns/date-column.ts"
import { DictionaryColumn } from "../../src/model/columns/dictionary-column.ts"
import { NumberColumn } from "../../src/model/columns/number-column.ts"
import type { NullMask } from "../../src/model/null-mask.ts"
import type { RowShape } from "../../src/model/row-view.ts"
import type { TableBatch } from "../../src/model/table-batch.ts"

/** Everything that anybody can see of a batch, and which columns share what, as plain values to compare. */
export function pictureOf(batch: TableBatch<unknown>): object {
  const { length } = batch
  const rows = Array.from({ length }, (_, row) => row)
  return {
    length,
    table: batch.table,
    raw: shapePicture(batch.rawShape, length),
    own: shapePicture(batch.shape, length),
    shared: sharing([...batch.rawShape.columns, ...batch.shape.columns]),
    // JSON, because rejects are stored as it: the order of keys counts.
    origins: rows.map((row) => JSON.stringify(batch.origin(row))),
    unread: rows.map((row) => batch.unread?.get(row)),
    rawRows: rows.map((row) => Object.entries(batch.raw(row))),
    rows: rows.map((row) => Object.entries(batch.rows.at(row) ?? {})),
    selection: [...batch.selection],
    passing: batch.selection.size,
    bits: [...batch.selection.bits],
    filtered: [batch.filtered, rows.filter((row) => batch.dropped(row))],
    distrusted: rows.filter((row) => !batch.trusts(row)),
    unjudged: Array.from(batch.unjudged, ([rule, unjudged]) => [rule, [...unjudged].sort((one, other) => one - other)]),
    rejects: [...batch.rejected()].map((row) => JSON.stringify(batch.reject(row).issues)),
    issues: {
      size: batch.issues.size,
      rows: [...batch.issues.rows()],
      listed: JSON.stringify([...batch.issues]),
      found: rows.map((row) => JSON.stringify([...batch.issues.found(row)])),
      only: rows.map((row) => batch.issues.only(row)),
    },
    quality: batch.quality && [...batch.quality.subarray(0, length)],
  }
}

function shapePicture({ names, columns, absent }: RowShape, length: number): object {
  return { names, absent: [...absent], columns: columns.map((column) => columnPicture(column, length)) }
}

function columnPicture(column: Column<unknown>, length: number): object {
  const rows = Array.from({ length }, (_, row) => row)
  return {
    class: column.constructor.name,
    kind: column.kind,
    length: column.length,
    nulls: maskPicture(column.nulls, length),
    values: rows.map((row) => column.at(row)),
    ...(column instanceof BytesColumn
      ? { texts: textsOf(column, length), blanks: column.blanks && maskPicture(column.blanks, length) }
      : {}),
    ...("plain" in column ? { plain: column.plain && textsOf(column.plain as ByteRanges, length) } : {}),
    ...(column instanceof NumberColumn ? { numbers: [...column.numbers().subarray(0, length)] } : {}),
    ...(column instanceof DateColumn ? { times: [...column.times().subarray(0, length)] } : {}),
    ...(column instanceof BooleanColumn ? { flags: [...column.flags().subarray(0, length)] } : {}),
  }
}

function maskPicture(mask: NullMask, length: number): object {
  const rows = Array.from({ length }, (_, row) => row)
  return { count: mask.count, rows: rows.filter((row) => mask.has(row)), bytes: mask.bits.length >= (length + 7) >> 3 }
}

function textsOf({ bytes, starts, ends }: ByteRanges, length: number): readonly string[] {
  return Array.from({ length }, (_, row) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex", starts[row], ends[row]),
  )
}

/** For each column, the first column with which it shares each of its arrays. */
function sharing(columns: readonly Column<unknown>[]): readonly (readonly (number | undefined)[])[] {
  const first = new Map<unknown, number>()
  return columns.map((column, index) =>
    partsOf(column).map((part) => {
      if (part === undefined) return undefined
      const known = first.get(part) ?? index
      first.set(part, known)
      return known
    }),
  )
}

/** The same object for all views that begin at one place of one buffer. Ranges without bytes share nothing. */
function bufferOf({ bytes, starts, ends }: ByteRanges, length: number): unknown {
  if (starts.subarray(0, length).every((start, row) => start === ends[row])) return undefined
  const places = viewsOf.get(bytes.buffer) ?? new Map<number, object>()
  viewsOf.set(bytes.buffer, places)
  const place = places.get(bytes.byteOffset) ?? {}
  places.set(bytes.byteOffset, place)
  return place
}

const viewsOf = new WeakMap<ArrayBufferLike, Map<number, object>>()

/** The column itself, and the arrays that it may share. */
function partsOf(column: Column<unknown>): readonly unknown[] {
  const ranges = (each: ByteRanges | undefined) => (each === undefined ? [] : [bufferOf(each, column.length), each.starts, each.ends])
  if (column instanceof BytesColumn) return [column, ...ranges(column), ...ranges(column.plain)]
  if (column instanceof DictionaryColumn) return [column, column.values]
  if (column instanceof NumberColumn) return [column, column.numbers(), ...ranges(column.plain)]
  if (column instanceof DateColumn) return [column, column.times(), ...ranges(column.plain)]
  if (column instanceof BooleanColumn) return [column, column.flags()]
  return [column]
}
