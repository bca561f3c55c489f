import { setImmediate as nextTurn } from "node:timers/promises"
import type { SchemaElement } from "hyparquet"
import type { SourceFile } from "../../contract/source.ts"
import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { readRange } from "../files/read-range.ts"
import { readSchemaElement } from "./footer-schema.ts"
import { corruptParquet, decodingError } from "./parquet-errors.ts"
import { ParquetFault } from "./parquet-fault.ts"
import type { ParquetBounds } from "./parquet-limits.ts"
import { type RowGroup, readRowGroup } from "./row-group.ts"
import { ThriftReader } from "./thrift-reader.ts"

/** The footer at the end of a file (parquet-format, parquet.thrift, FileMetaData). */
export interface Footer {
  readonly schema: readonly SchemaElement[]
  /** The stated number of rows in all row groups. */
  readonly rows: number
  readonly groups: readonly RowGroup[]
  readonly createdBy: string | undefined
}

const tailBytes = 8

/** Reads the footer: the schema, and the place of each column in the row groups. */
export async function readFooter(file: SourceFile, size: number, bounds: ParquetBounds): Promise<Footer> {
  const { uri } = file
  if (size < 4 + tailBytes) throw truncated(uri)
  const tail = await readRange(file, size - tailBytes, size)
  const magic = tail.toString("latin1", 4)
  if (magic === "PARE") throw encrypted(uri)
  if (magic !== "PAR1") throw truncated(uri)
  const length = tail.readUInt32LE(0)
  const start = size - tailBytes - length
  if (start < 4) throw corruptParquet(uri, `its footer of ${length} bytes is longer than the file`)
  if (length > bounds.footerBytes)
    throw limitExceeded({
      subject: "The footer of the parquet file",
      unit: "bytes",
      seen: length,
      limit: bounds.footerBytes,
      option: "limits.footerBytes",
      origin: { uri },
    })
  const bytes = await readRange(file, start, start + length)
  try {
    return await new FooterReader(bytes, uri, bounds).read()
  } catch (error) {
    throw decodingError(error, { uri, offset: start })
  }
}

class FooterReader {
  readonly #bytes: Uint8Array
  readonly #uri: string
  readonly #bounds: ParquetBounds
  readonly #thrift: ThriftReader
  readonly #schema: SchemaElement[] = []
  /** Number of columns: the elements of the schema that have a type. */
  #columns = 0

  constructor(bytes: Uint8Array, uri: string, bounds: ParquetBounds) {
    this.#bytes = bytes
    this.#uri = uri
    this.#bounds = bounds
    this.#thrift = new ThriftReader(bytes)
  }

  async read(): Promise<Footer> {
    const thrift = this.#thrift
    let rows = Number.NaN
    let createdBy: string | undefined
    let groupsAt: number | undefined
    thrift.struct((field, type) => {
      if (field === 2) thrift.list(type, (_, length) => this.#addElement(length))
      if (field === 3) rows = thrift.number(type)
      if (field === 4) groupsAt = thrift.at
      if (field === 6) createdBy = thrift.text(type)
    })
    if (thrift.isBeyond) throw new ParquetFault("its footer is cut off")
    if (!Number.isSafeInteger(rows) || rows < 0) throw new ParquetFault("its footer does not state the number of rows")
    const groups = groupsAt === undefined ? [] : await this.#groups(groupsAt)
    return { schema: this.#schema, rows, groups, createdBy }
  }

  /** Elements without a type are groups. A column that is a list of values has two of them. */
  #addElement(length: number): void {
    const { columns } = this.#bounds
    const most = 4 * columns + 1
    if (length > most) this.#refuse("The schema of the parquet file", "columns and groups", length, most, "columns")
    const element = readSchemaElement(this.#thrift)
    this.#schema.push(element)
    if (element.type !== undefined && ++this.#columns > columns) this.#refuse("The table", "columns", this.#columns, columns, "columns")
  }

  async #groups(at: number): Promise<RowGroup[]> {
    const thrift = new ThriftReader(this.#bytes, at)
    const groups: RowGroup[] = []
    thrift.list(9, (_, stated) => {
      if (stated > this.#bounds.rowGroups) this.#refuse("The parquet file", "row groups", stated, this.#bounds.rowGroups, "rowGroups")
      groups.push(readRowGroup(thrift, this.#bytes, this.#columns))
    })
    // A large footer takes long to read.
    await nextTurn()
    for (const { rows } of groups)
      if (!Number.isSafeInteger(rows) || rows < 0) throw new ParquetFault("a row group does not state its number of rows")
    return groups
  }

  #refuse(subject: string, unit: string, seen: number, limit: number, option: "columns" | "rowGroups"): never {
    throw limitExceeded({ subject, unit, seen, limit, option: `limits.${option}`, origin: { uri: this.#uri } })
  }
}

function truncated(uri: string): RowgateError {
  return new RowgateError({
    code: "FILE_TRUNCATED",
    message: "The parquet file is cut off: it does not end with the signature PAR1.",
    remedy: "Transfer the complete file again.",
    origin: { uri },
  })
}

/** The error for a file whose footer or column is encrypted. */
export function encrypted(uri: string): RowgateError {
  return new RowgateError({
    code: "FORMAT_ENCRYPTED",
    message: "The parquet file is encrypted.",
    remedy: "Write the file again without encryption.",
    origin: { uri },
  })
}
