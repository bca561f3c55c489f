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

/** The description at the end of a file (parquet-format, parquet.thrift, FileMetaData). */
export interface Footer {
  readonly schema: readonly SchemaElement[]
  /** Rows of all groups, as it states them. */
  readonly rows: number
  readonly groups: readonly RowGroup[]
  readonly createdBy: string | undefined
}

const tailBytes = 8

/** The description at the end of the file: its schema, and where the columns of each row group stand. */
export async function readFooter(file: SourceFile, size: number, bounds: ParquetBounds): Promise<Footer> {
  const { uri } = file
  if (size < 4 + tailBytes) throw truncated(uri)
  const tail = await readRange(file, size - tailBytes, size)
  const magic = tail.toString("latin1", 4)
  if (magic === "PARE") throw encrypted(uri)
  if (magic !== "PAR1") throw truncated(uri)
  const length = tail.readUInt32LE(0)
  const start = size - tailBytes - length
  if (start < 4) throw corruptParquet(uri, `its description of ${length} bytes is longer than the file`)
  if (length > bounds.footerBytes)
    throw limitExceeded({
      subject: "The description of the parquet file",
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
  /** Columns of the schema: its elements that have a type. */
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
    if (thrift.isBeyond) throw new ParquetFault("its description ends early")
    if (!Number.isSafeInteger(rows) || rows < 0) throw new ParquetFault("its description does not say how many rows it has")
    const groups = groupsAt === undefined ? [] : await this.#groups(groupsAt)
    return { schema: this.#schema, rows, groups, createdBy }
  }

  /** Elements without a type are groups of columns, of which a list of values takes two. */
  #addElement(length: number): void {
    const { columns } = this.#bounds
    const most = 4 * columns + 1
    if (length > most) this.#refuse("The schema of the parquet file", "columns and groups of columns", length, most, "columns")
    const element = readSchemaElement(this.#thrift)
    this.#schema.push(element)
    if (element.type !== undefined && ++this.#columns > columns) this.#refuse("The table", "columns", this.#columns, columns, "columns")
  }

  async #groups(at: number): Promise<RowGroup[]> {
    const thrift = new ThriftReader(this.#bytes, at)
    const groups: RowGroup[] = []
    thrift.list(9, (_, stated) => {
      if (stated > this.#bounds.rowGroups) this.#refuse("The parquet file", "groups of rows", stated, this.#bounds.rowGroups, "rowGroups")
      groups.push(readRowGroup(thrift, this.#bytes, this.#columns))
    })
    // A description may be large, and takes long to read.
    await nextTurn()
    for (const { rows } of groups)
      if (!Number.isSafeInteger(rows) || rows < 0) throw new ParquetFault("a row group does not say how many rows it has")
    return groups
  }

  #refuse(subject: string, unit: string, seen: number, limit: number, option: "columns" | "rowGroups"): never {
    throw limitExceeded({ subject, unit, seen, limit, option: `limits.${option}`, origin: { uri: this.#uri } })
  }
}

function truncated(uri: string): RowgateError {
  return new RowgateError({
    code: "FILE_TRUNCATED",
    message: "The parquet file does not end as one: its end is missing.",
    remedy: "Transfer the file again, whole.",
    origin: { uri },
  })
}

/** The footer, or a column, is encrypted. */
export function encrypted(uri: string): RowgateError {
  return new RowgateError({
    code: "FORMAT_ENCRYPTED",
    message: "The parquet file is encrypted.",
    remedy: "Write it again without encryption.",
    origin: { uri },
  })
}
