import type { TableNotice } from "../../model/table-facts.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { list, text, whole } from "../../options/option-kinds.ts"
import type { TableProfile } from "../../profile/table-profile.ts"
import { TableSketch } from "../../profile/table-sketch.ts"
import { inputKind, type SourceInput } from "../build/source-of.ts"
import { type ReadTablesOptions, readTablesSpec, tablesOf } from "./read-tables.ts"
import { unknownColumns } from "./unknown-columns.ts"

/** Options of `profile` and `sketchTables`. Those of `readTables` choose the tables. */
export interface ProfileOptions extends ReadTablesOptions {
  /** The most rows of each table to look at, from its first row. Default: all. */
  readonly rows?: number | undefined
  /** The columns to look at, by their names in the file. Default: all. */
  readonly columns?: readonly string[] | undefined
}

/** Where a table is from. */
export interface ProfiledTable {
  /** The URI of its file. */
  readonly uri: string
  /** Whether the workbook hides its sheet. */
  readonly hidden: boolean
  /** What was noticed about the table as a whole, such as a renamed header. */
  readonly notices: readonly TableNotice[]
}

/** The profile of a table of a source. */
export interface SourceTableProfile extends ProfiledTable, TableProfile {}

/** The sketch of a table of a source. */
export interface SketchedTable extends ProfiledTable {
  /** Merge it with the sketches of other parts, and call its `profile`. */
  readonly sketch: TableSketch
}

/**
 * Profiles each table of a file, or of every file of a source: for each column its kind, how many cells are filled, distinct values, range, quantiles,
 * lengths, the most frequent values, patterns, examples, and cells that may be wrong. It reads the source once, and holds sketches and no rows.
 *
 * Throws what `readTables` throws, and `CONFIG_INVALID` if no table has one of `columns`.
 *
 * ```ts typecheck
 * import { profile } from "rowgate/profile"
 *
 * for (const { table, rows, columns } of await profile("orders.csv"))
 *   for (const { name, kind, fill, distinct } of columns) console.log(table, rows, name, kind, fill, distinct)
 * ```
 */
export async function profile(source: SourceInput, options: ProfileOptions = {}): Promise<readonly SourceTableProfile[]> {
  check("profile()", source, options)
  const profiles: SourceTableProfile[] = []
  for await (const { sketch, ...table } of sketches(source, options)) profiles.push({ ...table, ...sketch.profile() })
  return profiles
}

/**
 * Makes the sketches that `profile` describes, so that you can profile the parts of a table by themselves and merge them: the profile of the merged sketches is,
 * to the bit, that of the whole table.
 *
 * ```ts typecheck
 * import { sketchTables, TableSketch } from "rowgate/profile"
 *
 * const whole = new TableSketch("orders")
 * for (const part of ["orders-1.csv", "orders-2.csv"]) for await (const { sketch } of sketchTables(part)) whole.merge(sketch)
 * console.log(whole.profile())
 * ```
 */
export function sketchTables(source: SourceInput, options: ProfileOptions = {}): AsyncGenerator<SketchedTable, void, undefined> {
  check("sketchTables()", source, options)
  return sketches(source, options)
}

function check(call: string, source: SourceInput, options: ProfileOptions): void {
  checkArgument(call, source, inputKind())
  checkOptions(call, options, { ...readTablesSpec, rows: whole(1), columns: list(text()) })
}

async function* sketches(source: SourceInput, options: ProfileOptions): AsyncGenerator<SketchedTable, void, undefined> {
  const { rows: most = Number.POSITIVE_INFINITY, columns } = options
  const wanted = columns === undefined ? undefined : new Set(columns)
  const missing = new Set(columns)
  for await (const table of tablesOf(source, options)) {
    const { name, uri, hidden, notices } = table
    const sketch = new TableSketch(name)
    for await (const batch of table.batches()) {
      sketch.add(batch, most - sketch.rows, wanted)
      for (const each of missing) if (batch.names.includes(each)) missing.delete(each)
      if (sketch.rows >= most) break
    }
    yield { uri, hidden, notices, sketch }
  }
  if (missing.size > 0) throw unknownColumns([...missing])
}
