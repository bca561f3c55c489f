import type { Parser } from "../../contract/parser.ts"
import { checkOptions } from "../../options/check-options.ts"
import type { OptionSpec } from "../../options/option-kind.ts"
import { either, flag, position } from "../../options/option-kinds.ts"
import { type JsonLimits, jsonBounds, jsonLimitsKind } from "./json-limits.ts"

/** Options of `ndjson`. An invalid option throws `CONFIG_INVALID`. */
export interface NdjsonOptions {
  /**
   * If lines are arrays: the number of the array with the column names, counted from 1 (arrays before it are skipped), or whether the first
   * array has them. Default: the first array is the header if it contains only texts.
   */
  readonly header?: number | boolean | undefined
  /** Limits on the size and depth of records. */
  readonly limits?: JsonLimits | undefined
}

/** What the options of `ndjson` take. */
export const ndjsonOptionSpec: OptionSpec<NdjsonOptions> = { header: either(flag(), position()), limits: jsonLimitsKind() }

/**
 * Reads newline-delimited JSON: one object per line, or one array per line with a header first.
 *
 * The keys of nested objects become columns by dotted path, such as `address.city`, unless the pipeline declares the column of the object; arrays
 * stay values. A number that a double cannot hold exactly becomes text. The first batch settles the columns. A key that appears later becomes
 * the last column, with a warning (`json.new_column`) on its first row. If a load needs such a column, it reads the file again, with all
 * columns from the first row on. A row is rejected with the text of its line if the line is not JSON (`json.malformed`, `json.too_deep`), has
 * a different shape than the others (`json.not_a_row`), has a key twice (`json.duplicate_key`), or contains invalid text (`text.invalid_utf8`,
 * `text.lone_surrogate`, `text.nul`). Lines end in LF or CR LF, or in CR alone if the first line does.
 *
 * Fails with `HEADER_NOT_FOUND` if `header` is greater than the number of arrays, with `ENCODING_INVALID`, and with `LIMIT_EXCEEDED`.
 *
 * @example
 * ```ts run
 * import { bytes, createPipeline, ndjson } from "rowgate"
 *
 * const events = createPipeline({ name: "events" }).from(bytes('{"id": 17, "place": {"town": "Ulm"}}\n')).parse(ndjson())
 * for await (const event of events.rows()) console.log(event) // => { id: 17, 'place.town': 'Ulm' }
 * ```
 */
export function ndjson(options: NdjsonOptions = {}): Parser {
  checkOptions("ndjson()", options, ndjsonOptionSpec)
  const bounds = jsonBounds(options.limits)
  return {
    name: "ndjson",
    async *parse(file, context) {
      // Loaded with the first file, so that a program that only defines its pipeline does not load the reading code.
      const { readNdjson } = await import("./read-ndjson.ts")
      yield* readNdjson(file, bounds, options.header, context)
    },
  }
}
