import { deserialize, serialize } from "node:v8"
import { Bitmask } from "../../model/bitmask.ts"
import type { CellValue } from "../../model/cell-value.ts"
import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import type { Issue } from "../../model/issue.ts"
import type { Origin } from "../../model/origin.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { TableFacts } from "../../model/table-facts.ts"

/** Text as ranges of the buffer with this index; other columns as values. */
type PackedColumn =
  | {
      readonly buffer: number
      readonly starts: Uint32Array
      readonly ends: Uint32Array
      readonly nulls: Uint8Array
      readonly nullCount: number
    }
  | { readonly values: readonly CellValue[] }

/** A batch in serializable form. It uses arrays of bytes and numbers wherever possible, because these are copied as a whole. */
interface Packed {
  readonly length: number
  readonly table: TableFacts
  readonly names: readonly string[]
  readonly buffers: readonly Uint8Array[]
  readonly columns: readonly PackedColumn[]
  /** Columns of the rows, besides their raw cells. */
  readonly own: { readonly names: readonly string[]; readonly columns: readonly PackedColumn[] }
  readonly origins: PackedOrigins
  readonly issues: readonly { readonly row: number; readonly issue: Issue }[]
}

/** The origins of the rows, without repeating what they have in common. NaN if a row has no line or offset. */
interface PackedOrigins {
  readonly common: Origin | undefined
  readonly rows: Float64Array
  readonly lines: Float64Array
  readonly offsets: Float64Array
  readonly addresses: readonly (string | undefined)[] | undefined
}

/** Serializes the raw cells, origins and issues of a batch. */
export function packBatch(batch: TableBatch<unknown>): Uint8Array {
  const { length, table } = batch
  const { names, columns } = batch.rawShape
  const buffers: Uint8Array[] = []
  const packed: Packed = {
    length,
    table,
    names,
    columns: columns.map((column) => packColumn(column, buffers)),
    own: { names: batch.names, columns: batch.shape.columns.map((column) => packColumn(column, buffers)) },
    buffers,
    origins: packOrigins(batch),
    issues: [...batch.issues],
  }
  return serialize(packed)
}

/** Restores a batch from `packBatch`: its raw cells, and the kept columns of its rows. */
export function unpackBatch(bytes: Uint8Array): TableBatch<unknown> {
  const { length, table, names, buffers, columns, own, origins, issues }: Packed = deserialize(bytes)
  const unpacked = (column: PackedColumn): Column<unknown> => {
    if ("values" in column) return new ValueColumn(column.values, length)
    const { buffer, starts, ends, nulls, nullCount } = column
    return new BytesColumn(buffers[buffer] ?? new Uint8Array(0), starts, ends, length, new Bitmask(length, nulls, nullCount))
  }
  const batch = TableBatch.of<unknown>({
    length,
    table,
    names,
    columns: columns.map(unpacked),
    origins: { at: (row) => originAt(origins, row) },
  })
  for (const { row, issue } of issues) batch.mark(row, issue)
  return batch.withShape({ names: own.names, columns: own.columns.map(unpacked), absent: new Set() })
}

function packColumn(column: Column<unknown>, buffers: Uint8Array[]): PackedColumn {
  if (!(column instanceof BytesColumn)) return { values: Array.from({ length: column.length }, (_, row) => storableCell(column.at(row))) }
  const { bytes, starts, ends, length, nulls } = column
  let buffer = buffers.findIndex((known) => known.buffer === bytes.buffer && known.byteOffset === bytes.byteOffset)
  if (buffer < 0) buffer = buffers.push(bytes) - 1
  return { buffer, starts: starts.subarray(0, length), ends: ends.subarray(0, length), nulls: nulls.bits, nullCount: nulls.count }
}

function packOrigins(batch: TableBatch<unknown>): PackedOrigins {
  const { length } = batch
  const rows = new Float64Array(length)
  const lines = new Float64Array(length)
  const offsets = new Float64Array(length)
  let addresses: (string | undefined)[] | undefined
  for (let row = 0; row < length; row++) {
    const origin = batch.origin(row)
    rows[row] = origin.row
    lines[row] = origin.line ?? Number.NaN
    offsets[row] = origin.offset ?? Number.NaN
    if (origin.address === undefined) continue
    addresses ??= new Array(length)
    addresses[row] = origin.address
  }
  return { common: length === 0 ? undefined : batch.origin(0), rows, lines, offsets, addresses }
}

function originAt({ common, rows, lines, offsets, addresses }: PackedOrigins, row: number): Origin {
  const { uri = "", version, table } = common ?? {}
  const line = lines[row] ?? Number.NaN
  const offset = offsets[row] ?? Number.NaN
  const address = addresses?.[row]
  return {
    uri,
    ...(version === undefined ? {} : { version }),
    ...(table === undefined ? {} : { table }),
    row: rows[row] ?? 0,
    ...(Number.isNaN(line) ? {} : { line }),
    ...(Number.isNaN(offset) ? {} : { offset }),
    ...(address === undefined ? {} : { address }),
  }
}

/** Objects would lose their class when they are restored. Rejects show their text. */
function storableCell(cell: unknown): CellValue {
  if (cell === undefined || cell === null) return null
  if (typeof cell === "string" || typeof cell === "number" || typeof cell === "boolean" || cell instanceof Date) return cell
  return String(cell)
}
