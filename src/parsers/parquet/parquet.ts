import { setImmediate as nextTurn } from "node:timers/promises"
import type { Parser } from "../../contract/parser.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkOptions } from "../../options/check-options.ts"
import { checkSchema } from "./check-schema.ts"
import type { PackedTogether } from "./file-budget.ts"
import { corruptParquet, decodingError } from "./parquet-errors.ts"
import { type ParquetBounds, parquetBounds } from "./parquet-limits.ts"
import { type ParquetOptions, parquetOptionSpec } from "./parquet-options.ts"
import { planColumns } from "./parquet-plan.ts"
import { ParquetTable } from "./parquet-table.ts"
import { type Footer, readFooter } from "./read-footer.ts"

/**
 * Reads parquet files. The file's size must be known. Its pages are read by ranges, one of each column at a time, and not copied to disk.
 *
 * Integers become numbers, and text beyond 2^53. Decimals and times of day become exact text. Timestamps become dates with microseconds; nanoseconds
 * are cut, with a notice. Before 1691 and after 2248, a timestamp with microseconds becomes text, and beyond the year 275760 the stored number as text. UUIDs become text, and so do bytes, as PostgreSQL writes them (`\x...`). The fields of a
 * struct become columns with dotted names, and lists and maps become JSON values. Variants cannot be read.
 *
 * Throws `FILE_TRUNCATED`, `FILE_CORRUPT`, `FORMAT_ENCRYPTED`, `FORMAT_UNSUPPORTED` or `LIMIT_EXCEEDED`, and `SOURCE_UNREADABLE` if the file's size
 * is not known.
 */
export function parquet(options: ParquetOptions = {}): Parser {
  checkOptions("parquet()", options, parquetOptionSpec)
  return packedParquet(options, undefined)
}

/** As `parquet`, of a file that is packed in another one together with more of them. */
export function packedParquet(options: ParquetOptions, together: PackedTogether | undefined): Parser {
  const bounds = parquetBounds(options.limits)
  return {
    name: "parquet",
    async *parse(file, context) {
      const size = sizeOf(file)
      const footer = await readFooter(file, size, bounds)
      const reading = await openTable(file, size, footer, bounds, together)
      refuseOtherRows(footer, file.uri)
      // Planning and opening a table of many columns take long, so others get a turn in between.
      await nextTurn()
      let before = 0
      for (const [index, group] of footer.groups.entries()) {
        yield* reading.groupBatches(group, index, before, context)
        before += group.rows
      }
      if (before === 0) yield reading.emptyBatch()
    },
  }
}

/** If the footer states another number of rows than the row groups have, rows are missing. Old writers in Rust state 0. */
function refuseOtherRows({ rows: stated, groups }: Footer, uri: string): void {
  const rows = groups.reduce((sum, group) => sum + group.rows, 0)
  if (stated !== rows && stated !== 0) throw corruptParquet(uri, `its footer states ${stated} rows, but its row groups have ${rows}`)
}

function sizeOf({ uri, size }: SourceFile): number {
  if (size !== undefined) return size
  throw new RowgateError({
    code: "SOURCE_UNREADABLE",
    message: "The size of the parquet file is not known, so its end cannot be read.",
    remedy: "Read the file from a source that knows its size, or with bytes().",
    origin: { uri },
  })
}

async function openTable(
  file: SourceFile,
  size: number,
  footer: Footer,
  bounds: ParquetBounds,
  together: PackedTogether | undefined,
): Promise<ParquetTable> {
  const { parquetSchema } = await import("./schema-tree.ts")
  try {
    checkSchema(footer.schema, file.uri, bounds)
    await nextTurn()
    const root = parquetSchema({ schema: [...footer.schema] })
    return new ParquetTable(file, size, footer, planColumns(root, file.uri, bounds), bounds, together)
  } catch (error) {
    throw decodingError(error, { uri: file.uri })
  }
}
