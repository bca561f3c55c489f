import type { Context } from "../contract/context.ts"
import type { Parser } from "../contract/parser.ts"
import type { SourceFile } from "../contract/source.ts"
import type { OptionSpec } from "../options/option-kind.ts"
import { options as group } from "../options/option-kinds.ts"
import { type CsvOptions, csvOptionSpec } from "./csv/csv-options.ts"
import type { FoundFile } from "./files/found-files.ts"
import { type WrapperLimits, wrapperLimitsKind } from "./files/wrappers/wrapper-limits.ts"
import { type JsonOptions, jsonOptionSpec } from "./json/json.ts"
import { type NdjsonOptions, ndjsonOptionSpec } from "./json/ndjson.ts"
import { type ParquetOptions, parquetOptionSpec } from "./parquet/parquet-options.ts"
import { withNotices } from "./with-notices.ts"
import { type XlsxOptions, xlsxOptionSpec } from "./xlsx/xlsx-options.ts"

/** Options of `autoParser`: the options of each format's parser, used for files of that format. */
export interface AutoParserOptions {
  /** Options of `csv`. */
  readonly csv?: CsvOptions | undefined
  /** Options of `json`. */
  readonly json?: JsonOptions | undefined
  /** Options of `ndjson`. */
  readonly ndjson?: NdjsonOptions | undefined
  /** Options of `parquet`. */
  readonly parquet?: ParquetOptions | undefined
  /** Options of `xlsx`. */
  readonly xlsx?: XlsxOptions | undefined
  /** Limits of a gzip or zip file around the table. */
  readonly limits?: WrapperLimits | undefined
}

/** What the options of each format take. */
export const formatOptionSpec: OptionSpec<AutoParserOptions> = {
  csv: group<CsvOptions>(csvOptionSpec),
  json: group<JsonOptions>(jsonOptionSpec),
  ndjson: group<NdjsonOptions>(ndjsonOptionSpec),
  parquet: group<ParquetOptions>(parquetOptionSpec),
  xlsx: group<XlsxOptions>(xlsxOptionSpec),
  limits: wrapperLimitsKind(),
}

/**
 * Reads a file of any known format, also inside a gzip or zip file. The format is detected from the bytes. A zip of several files gives one or
 * more tables for each.
 *
 * A parser is loaded when a file needs it. Throws what `detect` and the parsers throw.
 */
export function autoParser(options: AutoParserOptions = {}): Parser {
  const { xlsx, json } = options
  const chooses = [xlsx?.sheet, xlsx?.table, xlsx?.range, json?.path].some((choice) => choice !== undefined)
  return {
    name: "auto",
    ...(chooses ? { locate: (given, context) => locate(given, context, options) } : {}),
    async *parse(given, context) {
      for await (const found of await filesIn(given, options))
        yield* withNotices((await parserOf(found, options)).parse(found.file, context), found.notices)
    },
  }
}

/** The detection of formats is loaded with the first file, too. */
async function filesIn(given: SourceFile, { limits }: AutoParserOptions): Promise<AsyncIterable<FoundFile>> {
  const { foundFiles } = await import("./files/found-files.ts")
  return foundFiles(given, limits)
}

async function locate(given: SourceFile, context: Context, options: AutoParserOptions): Promise<string | undefined> {
  const places: string[] = []
  for await (const found of await filesIn(given, options)) {
    const { file } = found
    const place = await (await parserOf(found, options)).locate?.(file, context)
    const member = file.uri.startsWith(given.uri) ? file.uri.slice(given.uri.length) : file.uri
    if (place !== undefined) places.push(`${member}${place}`)
  }
  return places.length === 0 ? undefined : places.join("; ")
}

/** The parser of a file whose format is known. */
export async function parserOf({ format, unpacking }: FoundFile, options: AutoParserOptions): Promise<Parser> {
  switch (format) {
    case "csv":
      return (await import("./csv/csv.ts")).csv(options.csv)
    case "json":
      return (await import("./json/json.ts")).json(options.json)
    case "ndjson":
      return (await import("./json/ndjson.ts")).ndjson(options.ndjson)
    case "parquet":
      return (await import("./parquet/parquet.ts")).packedParquet(options.parquet ?? {}, unpacking)
    case "xlsx":
      return (await import("./xlsx/xlsx.ts")).xlsx(options.xlsx)
  }
}
