import type { CompressionCodec, FileMetaData, RowGroup, SchemaElement } from "hyparquet"
import { ByteWriter } from "hyparquet-writer"
import { writeMetadata } from "hyparquet-writer/src/metadata.js"
import { serializeTCompactProtocol } from "hyparquet-writer/src/thrift.js"

/** A page whose header may state anything. */
export interface PageSketch {
  readonly kind: "data" | "dictionary"
  /** `false` writes a boolean instead of the number. */
  readonly values: number | boolean
  /** The compressed bytes. */
  readonly body: Uint8Array
  /** The unpacked size that the header states. Default: the size of the body. */
  readonly unpacked?: number
  /** The compressed size that the header states. Default: the true size. */
  readonly packed?: number
  readonly encoding?: keyof typeof encodings
}

export interface ColumnSketch {
  readonly element: SchemaElement
  readonly pages: readonly PageSketch[]
  readonly codec?: CompressionCodec
  /** Names from the root to the column. Default: the name of its element. */
  readonly path?: readonly string[]
}

/** A file with a footer that may be wrong. */
export interface ParquetSketch {
  readonly columns: readonly ColumnSketch[]
  readonly rows: number | bigint
  /** Elements of the schema. Default: the root and the columns. */
  readonly schema?: readonly SchemaElement[]
  /** Changes the footer. */
  readonly lie?: (footer: FileMetaData) => FileMetaData
}

const encodings = {
  PLAIN: 0,
  RLE: 3,
  DELTA_BINARY_PACKED: 5,
  DELTA_LENGTH_BYTE_ARRAY: 6,
  DELTA_BYTE_ARRAY: 7,
  RLE_DICTIONARY: 8,
  BYTE_STREAM_SPLIT: 9,
}

/** Writes a parquet file. */
export function parquetBytes({ columns, rows, schema, lie = (footer) => footer }: ParquetSketch): Uint8Array {
  const writer = new ByteWriter()
  writer.appendBytes(Buffer.from("PAR1"))
  const chunks = columns.map((column) => chunkOf(writer, column))
  const group: RowGroup = { columns: chunks, total_byte_size: BigInt(writer.offset), num_rows: BigInt(rows) }
  const footer = lie({
    version: 2,
    schema: [...(schema ?? [{ name: "root", num_children: columns.length }, ...columns.map(({ element }) => element)])],
    num_rows: BigInt(rows),
    row_groups: [group],
    metadata_length: 0,
  })
  writeMetadata(writer, footer)
  writer.appendBytes(Buffer.from("PAR1"))
  return writer.getBytes()
}

function chunkOf(
  writer: ByteWriter,
  { element, pages, codec = "UNCOMPRESSED", path = [element.name] }: ColumnSketch,
): RowGroup["columns"][number] {
  const start = writer.offset
  let dictionary: bigint | undefined
  let data: bigint | undefined
  for (const page of pages) {
    if (page.kind === "dictionary") dictionary ??= BigInt(writer.offset)
    else data ??= BigInt(writer.offset)
    writePage(writer, page)
  }
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: element.type ?? "INT32",
      encodings: ["PLAIN"],
      path_in_schema: [...path],
      codec,
      num_values: BigInt(pages.reduce((sum, page) => sum + (page.kind === "data" ? Number(page.values) : 0), 0)),
      total_uncompressed_size: BigInt(writer.offset - start),
      total_compressed_size: BigInt(writer.offset - start),
      data_page_offset: data ?? BigInt(start),
      ...(dictionary === undefined ? {} : { dictionary_page_offset: dictionary }),
    },
  }
}

function writePage(
  writer: ByteWriter,
  { kind, values, body, unpacked = body.length, packed = body.length, encoding = "PLAIN" }: PageSketch,
): void {
  const described = { field_1: values, field_2: encodings[encoding], ...(kind === "data" ? { field_3: 3, field_4: 3 } : {}) }
  serializeTCompactProtocol(writer, {
    field_1: kind === "data" ? 0 : 2,
    field_2: unpacked,
    field_3: packed,
    ...(kind === "data" ? { field_5: described } : { field_7: described }),
  })
  writer.appendBytes(body)
}
