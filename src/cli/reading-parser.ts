import type { Parser } from "../contract/parser.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { TableBatch } from "../model/table-batch.ts"
import { autoParser } from "../parsers/auto.ts"
import type { IngestSettings } from "./ingest-settings.ts"
import { readingOptions } from "./reading-options.ts"

/** The parser that the command line describes. A flag that says which table of a file to load does not let files pass that have no such tables. */
export function readingParser(settings: IngestSettings): Parser {
  const parser = autoParser(readingOptions(settings))
  const [flag, format, noun] =
    settings.sheet !== undefined
      ? ["--sheet", "xlsx", "a workbook"]
      : settings.path !== undefined
        ? ["--path", "json", "a JSON document"]
        : []
  if (flag === undefined) return parser
  return {
    ...parser,
    async *parse(file, context) {
      const formats = new Set<string>()
      for await (const batch of parser.parse(file, context)) {
        formats.add(String(TableBatch.from(batch).table.facts?.["format"]))
        yield batch
      }
      // A zip may hold other files, too.
      if (formats.size === 0 || formats.has(format ?? "")) return
      throw new RowgateError({
        code: "TABLE_NOT_FOUND",
        message: `${flag} needs ${noun}, but the format of the file is ${[...formats].join(", ")}.`,
        remedy: `Leave out ${flag}.`,
        origin: { uri: file.uri },
      })
    },
  }
}
