import { setImmediate as nextTurn } from "node:timers/promises"
import { type FileMetaData, parquetMetadata } from "hyparquet"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { readRange } from "../../kernel/read-range.ts"
import { limitExceeded } from "../zip/limit-exceeded.ts"
import { checkThrift, type ThriftListener } from "./check-thrift.ts"
import { corruptParquet, decodingError } from "./parquet-errors.ts"
import type { ParquetBounds } from "./parquet-limits.ts"

const tailBytes = 8
/** Numbers of `FileMetaData.schema` and `row_groups`, and of `SchemaElement.type`, in the format's Thrift definition. */
const schemaField = 2
const rowGroupsField = 4
const typeField = 1

/** The description at the end of the file: its schema, and where the columns of each row group stand. */
export async function readFooter(file: SourceFile, size: number, bounds: ParquetBounds): Promise<FileMetaData> {
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
  const footer = await readRange(file, start, size)
  try {
    if (checkThrift(footer.subarray(0, length), 0, refuseMany(bounds, uri)) === undefined) throw new Error("its description ends early")
    // A description may be large, and takes long to check and to read.
    await nextTurn()
    return parquetMetadata(Uint8Array.from(footer), { geoparquet: false })
  } catch (error) {
    throw decodingError(error, uri, start)
  }
}

/** Refuses more columns and groups of rows than the limits let through, before an object is made of each. */
function refuseMany(bounds: ParquetBounds, uri: string): ThriftListener {
  const refuse = (subject: string, unit: string, seen: number, option: "columns" | "rowGroups") => {
    if (seen > bounds[option])
      throw limitExceeded({ subject, unit, seen, limit: bounds[option], option: `limits.${option}`, origin: { uri } })
  }
  let columns = 0
  return {
    list(field, length) {
      if (field === rowGroupsField) refuse("The parquet file", "groups of rows", length, "rowGroups")
    },
    // Elements of the schema that have no type are groups of columns.
    elementField(list, field) {
      if (list === schemaField && field === typeField) refuse("The table", "columns", ++columns, "columns")
    },
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
