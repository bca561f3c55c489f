import { setImmediate as nextTurn } from "node:timers/promises"
import type { Parser } from "../../contract/parser.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkSchema } from "./check-schema.ts"
import { corruptParquet, decodingError } from "./parquet-errors.ts"
import { type ParquetBounds, type ParquetLimits, parquetBounds } from "./parquet-limits.ts"
import { planColumns } from "./parquet-plan.ts"
import { ParquetTable } from "./parquet-table.ts"
import { type Footer, readFooter } from "./read-footer.ts"

/** Options of `parquet`. */
export interface ParquetOptions {
  /** How much a file may hold. */
  readonly limits?: ParquetLimits | undefined
}

/**
 * Reads parquet files a page a column at a time, by ranges: the file's size must be known, and nothing is copied to disk.
 *
 * Integers are numbers, and text beyond 2^53; decimals and times of day are exact text; timestamps are instants, cut to the millisecond, and
 * the stored number as text beyond the year 275760; UUIDs and bytes are text (bytes as PostgreSQL writes them, `\x...`). Columns of structs
 * are named by dotted path; lists and maps are JSON values. Variants are not read.
 *
 * Fails with `FILE_TRUNCATED`, `FILE_CORRUPT`, `FORMAT_ENCRYPTED`, `FORMAT_UNSUPPORTED` and `LIMIT_EXCEEDED`.
 */
export function parquet(options: ParquetOptions = {}): Parser {
  const bounds = parquetBounds(options.limits)
  return {
    name: "parquet",
    async *parse(file, context) {
      const size = sizeOf(file)
      const footer = await readFooter(file, size, bounds)
      const reading = await openTable(file, size, footer, bounds)
      refuseOtherRows(footer, file.uri)
      // A table of many columns takes long to plan, and then to open.
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

/** A description that counts other rows than its groups have has lost some of them; old writers in Rust count none. */
function refuseOtherRows({ rows: stated, groups }: Footer, uri: string): void {
  const rows = groups.reduce((sum, group) => sum + group.rows, 0)
  if (stated !== rows && stated !== 0) throw corruptParquet(uri, `it says that it has ${stated} rows, and its row groups have ${rows}`)
}

function sizeOf({ uri, size }: SourceFile): number {
  if (size !== undefined) return size
  throw new RowgateError({
    code: "SOURCE_UNREADABLE",
    message: "The size of the parquet file is not known; it is read from its end.",
    remedy: "Read it from a source that tells sizes, or as bytes.",
    origin: { uri },
  })
}

async function openTable(file: SourceFile, size: number, footer: Footer, bounds: ParquetBounds): Promise<ParquetTable> {
  const { parquetSchema } = await import("hyparquet")
  try {
    checkSchema(footer.schema, file.uri, bounds)
    await nextTurn()
    const root = parquetSchema({ schema: [...footer.schema] })
    return new ParquetTable(file, size, footer, planColumns(root, file.uri, bounds), bounds)
  } catch (error) {
    throw decodingError(error, { uri: file.uri })
  }
}
