import type { Context } from "../contract/context.ts"
import type { Parser } from "../contract/parser.ts"
import type { SourceFile } from "../contract/source.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Batches } from "../model/batch.ts"
import type { Row } from "../model/cell-value.ts"
import type { TableNotice } from "../model/table-facts.ts"
import type { CsvOptions } from "./csv/csv-options.ts"
import { withDirectory } from "./detect/compound-file.ts"
import { refuse } from "./detect/refused-format.ts"
import { zipKind } from "./detect/zip-kind.ts"
import { detect, type Format, headBytes, noticesOf } from "./detect.ts"
import type { JsonOptions } from "./json/json.ts"
import type { NdjsonOptions } from "./json/ndjson.ts"
import type { ParquetOptions } from "./parquet/parquet.ts"
import { tableName } from "./table-name.ts"
import { withNotices } from "./with-notices.ts"
import { defaultHeldBytes, type WrapperLimits } from "./wrappers/wrapper-limits.ts"
import type { XlsxOptions } from "./xlsx/xlsx-options.ts"

/** Options of `autoParser`: those of each format, for files that turn out to be of it. */
export interface AutoParserOptions {
  /** Of `csv`. */
  readonly csv?: CsvOptions | undefined
  /** Of `json`. */
  readonly json?: JsonOptions | undefined
  /** Of `ndjson`. */
  readonly ndjson?: NdjsonOptions | undefined
  /** Of `parquet`. */
  readonly parquet?: ParquetOptions | undefined
  /** Of `xlsx`. */
  readonly xlsx?: XlsxOptions | undefined
  /** What a gzip or zip file around the table may hold. */
  readonly limits?: WrapperLimits | undefined
}

/** Files within files that are opened: a gzip in a zip. */
const deepestWrapper = 2

/**
 * Reads a file of any known format, told from its bytes, also within gzip or zip. A zip of several files gives a table for each.
 *
 * Each parser is loaded when its format is met. Fails as `detect` and the parsers do.
 */
export function autoParser(options: AutoParserOptions = {}): Parser {
  return { name: "auto", parse: (file, context) => parseAny(file, context, options, 0) }
}

async function* parseAny(file: SourceFile, context: Context, options: AutoParserOptions, depth: number): Batches<Row> {
  const name = tableName(file.uri)
  const { format, notices } = detect(await headOf(file), name)
  switch (format) {
    case "gzip":
    case "zip":
    case "xlsx":
      if (format === "gzip") yield* withNotices(parseGzip(file, context, options, depth), notices)
      else yield* parseZipOrWorkbook(file, context, options, depth)
      return
    default:
      yield* withNotices((await parserOf(format, options)).parse(await seekable(file, format, options), context), notices)
  }
}

/** The first bytes; of a compound file the names in its directory too, which tell an old workbook from an encrypted one. */
async function headOf(file: SourceFile): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of file.stream({ start: 0, end: headBytes })) {
    parts.push(part)
    length += part.length
    if (length >= headBytes) break
  }
  return withDirectory(file, Buffer.concat(parts).subarray(0, headBytes), file.size)
}

async function* parseGzip(file: SourceFile, context: Context, options: AutoParserOptions, depth: number): Batches<Row> {
  refuseDeeper(file, depth)
  const { gunzipFile } = await import("./wrappers/gunzip-file.ts")
  const { zipBounds } = await import("./zip/zip-limits.ts")
  yield* parseAny(gunzipFile(file, zipBounds(options.limits)), context, options, depth + 1)
}

/** Which of the two a zip is, its directory says: parts may come in any order and under any name. */
async function* parseZipOrWorkbook(packed: SourceFile, context: Context, options: AutoParserOptions, depth: number): Batches<Row> {
  const { heldFile } = await import("./wrappers/held-file.ts")
  const { ZipArchive } = await import("./zip/zip-archive.ts")
  const { file, size } = await heldFile(packed, options.limits?.heldBytes ?? defaultHeldBytes)
  const archive = await ZipArchive.open(file, size, options.limits)
  const kind = zipKind(archive.entries.map((entry) => entry.name))
  const name = tableName(file.uri)
  if (typeof kind === "object") throw refuse(kind, name)
  const notices = noticesOf(kind, name)
  if (kind === "xlsx") {
    yield* withNotices((await parserOf("xlsx", options)).parse(file, context), notices)
    return
  }
  refuseDeeper(file, depth)
  const { zipFiles } = await import("./wrappers/zip-files.ts")
  const { files, skipped } = zipFiles(archive, file.version)
  const left = skipped.map(
    (entry): TableNotice => ({ code: "zip.skipped", message: `${entry} in the zip file is not called as a table is and was left alone.` }),
  )
  for (const [at, inner] of files.entries())
    yield* withNotices(parseAny(inner, context, options, depth + 1), at === 0 ? [...notices, ...left] : notices)
}

async function seekable(file: SourceFile, format: Format, options: AutoParserOptions): Promise<SourceFile> {
  if (format !== "parquet") return file
  const { heldFile } = await import("./wrappers/held-file.ts")
  return (await heldFile(file, options.limits?.heldBytes ?? defaultHeldBytes)).file
}

async function parserOf(format: Exclude<Format, "gzip" | "zip">, options: AutoParserOptions): Promise<Parser> {
  switch (format) {
    case "csv":
      return (await import("./csv/csv.ts")).csv(options.csv)
    case "json":
      return (await import("./json/json.ts")).json(options.json)
    case "ndjson":
      return (await import("./json/ndjson.ts")).ndjson(options.ndjson)
    case "parquet":
      return (await import("./parquet/parquet.ts")).parquet(options.parquet)
    case "xlsx":
      return (await import("./xlsx/xlsx.ts")).xlsx(options.xlsx)
  }
}

function refuseDeeper(file: SourceFile, depth: number): void {
  if (depth < deepestWrapper) return
  throw new RowgateError({
    code: "FORMAT_UNSUPPORTED",
    message: `More than ${deepestWrapper} archives are packed into one another.`,
    remedy: "Unpack the outer ones first.",
    origin: { uri: file.uri },
  })
}
