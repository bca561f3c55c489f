import type { CompressionCodec } from "hyparquet"
import { codecs } from "./format-names.ts"
import { ParquetFault } from "./parquet-fault.ts"
import { ThriftReader } from "./thrift-reader.ts"

/** A row group as the footer describes it. Its columns are read only when they are needed, because a footer may have a million of them. */
export interface RowGroup {
  readonly rows: number
  /** The stated size of its columns after unpacking. Only an estimate. */
  readonly bytes: number
  readonly columns: () => readonly ColumnChunk[]
}

/** The place and storage of a column in a row group (parquet-format, parquet.thrift, ColumnChunk). */
export interface ColumnChunk {
  readonly path: readonly string[]
  readonly codec: CompressionCodec | undefined
  /** Number of entries, including nulls and the values of lists. */
  readonly values: number
  /** Compressed bytes. */
  readonly packed: number
  readonly dataOffset: number
  readonly dictionaryOffset: number | undefined
  readonly isElsewhere: boolean
  readonly isEncrypted: boolean
}

/** Reads a row group, but not its columns yet. */
export function readRowGroup(thrift: ThriftReader, footer: Uint8Array, mostColumns: number): RowGroup {
  let rows = Number.NaN
  let bytes = 0
  let columnsAt: number | undefined
  thrift.struct((field, type) => {
    if (field === 1 && type === 9) columnsAt = thrift.at
    if (field === 2) bytes = thrift.number(type)
    if (field === 3) rows = thrift.number(type)
  })
  const at = columnsAt
  return { rows, bytes, columns: () => (at === undefined ? [] : readColumns(new ThriftReader(footer, at), mostColumns)) }
}

function readColumns(thrift: ThriftReader, most: number): ColumnChunk[] {
  const columns: ColumnChunk[] = []
  thrift.list(9, (_, length) => {
    if (length > most) throw new ParquetFault(`a row group states ${length} columns, but the schema has only ${most}`)
    columns.push(readColumn(thrift))
  })
  return columns
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function readColumn(thrift: ThriftReader): ColumnChunk {
  const column: Writable<ColumnChunk> = {
    path: [],
    codec: undefined,
    values: Number.NaN,
    packed: Number.NaN,
    dataOffset: Number.NaN,
    dictionaryOffset: undefined,
    isElsewhere: false,
    isEncrypted: false,
  }
  thrift.struct((field, type) => {
    if (field === 1) column.isElsewhere = true
    if (field === 8 || field === 9) column.isEncrypted = true
    if (field === 3 && type === 12) thrift.struct((inner, innerType) => readMetadata(thrift, column, inner, innerType))
  })
  return column
}

function readMetadata(thrift: ThriftReader, column: Writable<ColumnChunk>, field: number, type: number): void {
  if (field === 3) {
    const path: string[] = []
    thrift.list(type, () => path.push(thrift.text()))
    column.path = path
  }
  if (field === 4) column.codec = codecs[thrift.number(type)]
  if (field === 5) column.values = thrift.number(type)
  if (field === 7) column.packed = thrift.number(type)
  if (field === 9) column.dataOffset = thrift.number(type)
  if (field === 11) column.dictionaryOffset = thrift.number(type)
}
