import type { Parser } from "../../contract/parser.ts"
import { checkOptions } from "../../options/check-options.ts"
import type { OptionSpec } from "../../options/option-kind.ts"
import { anyText, either, flag, position } from "../../options/option-kinds.ts"
import { type JsonLimits, jsonBounds, jsonLimitsKind } from "./json-limits.ts"
import { jsonPointer } from "./json-pointer.ts"

/** Options of `json`. An invalid option throws `CONFIG_INVALID`. */
export interface JsonOptions {
  /**
   * The array of rows, as a JSON pointer: `/data/items`; `""` is the document itself. Default: the document itself, or the only array of objects in
   * it, with the notice `json.path`.
   */
  readonly path?: string | undefined
  /**
   * If rows are arrays: the number of the array with the column names, counted from 1 (arrays before it are skipped), or whether the first array
   * has them. Default: the first array is the header if it contains only texts.
   */
  readonly header?: number | boolean | undefined
  /** Limits on the size and depth of records. */
  readonly limits?: JsonLimits | undefined
}

/** What the options of `json` take. */
export const jsonOptionSpec: OptionSpec<JsonOptions> = {
  path: anyText(),
  header: either(flag(), position()),
  limits: jsonLimitsKind(),
}

/**
 * Reads a JSON document: an array of objects, an array of arrays with a header first, or objects that follow one another. If the document is an
 * object around its only array of objects, as many APIs answer, those are the rows (`json.path`); set `path` if it has several. If the pipeline
 * expects columns that are keys of the document itself, the document is one row.
 *
 * The keys of nested objects become columns by dotted path, such as `address.city`, unless the pipeline declares the column of the object; arrays
 * stay values. A number that a double cannot hold exactly becomes text. The first batch settles the columns. A key that appears later becomes
 * the last column, with a warning (`json.new_column`) on its first row. If a load needs such a column, it reads the file again, with all
 * columns from the first row on. A row is rejected with its JSON text if it has a different shape than the others (`json.not_a_row`,
 * `row.ragged`), has a key twice (`json.duplicate_key`), or contains invalid text (`text.invalid_utf8`, `text.lone_surrogate`, `text.nul`).
 *
 * Fails with `FILE_CORRUPT` or `FILE_TRUNCATED`, and the byte where the text stops being JSON; with `TABLE_NOT_FOUND` if the document has no
 * table at `path`; with `HEADER_NOT_FOUND` if `header` is greater than the number of arrays; and with `LIMIT_EXCEEDED`.
 *
 * @example
 * ```ts run
 * import { bytes, createPipeline, json } from "rowgate"
 *
 * const answer = '{"page": 1, "data": {"items": [{"id": 17}]}}'
 * const items = createPipeline({ name: "items" }).from(bytes(answer)).parse(json({ path: "/data/items" }))
 * for await (const item of items.rows()) console.log(item) // => { id: 17 }
 * ```
 */
export function json(options: JsonOptions = {}): Parser {
  checkOptions("json()", options, jsonOptionSpec)
  const { header, path } = options
  const settings = { bounds: jsonBounds(options.limits), pointer: path === undefined ? undefined : jsonPointer(path), header }
  return {
    name: "json",
    ...(path === undefined || path === "" ? {} : { locate: async () => path }),
    async *parse(file, context) {
      // Loaded with the first file, so that a program that only defines its pipeline does not load the reading code.
      const { readJson } = await import("./read-json.ts")
      yield* readJson(file, settings, context)
    },
  }
}
