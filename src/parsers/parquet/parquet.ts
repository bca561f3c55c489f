import type { ColumnChunk, ColumnMetaData, FileMetaData, RowGroup } from "hyparquet"
import type { Context } from "../../contract/context.ts"
import type { Parser } from "../../contract/parser.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { nameHeaders } from "../../kernel/header-names.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Column } from "../../model/column.ts"
import { columnOf } from "../../model/column-of.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { TableFacts, TableNotice } from "../../model/table-facts.ts"
import { tableName } from "../table-name.ts"
import { checkSchema } from "./check-schema.ts"
import { ChunkBytes } from "./chunk-bytes.ts"
import { unpackerOf } from "./codecs.ts"
import { LeafCursor } from "./leaf-cursor.ts"
import { PageBudget } from "./page-budget.ts"
import { PageReader } from "./page-reader.ts"
import { corruptParquet, decodingError, unsupportedParquet } from "./parquet-errors.ts"
import { type ParquetBounds, type ParquetLimits, parquetBounds } from "./parquet-limits.ts"
import { type ParquetLeaf, type ParquetPart, planColumns } from "./parquet-plan.ts"
import { encrypted, readFooter } from "./read-footer.ts"
import { readPart } from "./read-part.ts"
import { SharedZeros } from "./shared-zeros.ts"
import { TurnGate } from "./turn-gate.ts"

/** Options of `parquet`. */
export interface ParquetOptions {
  /** How much a file may hold. */
  readonly limits?: ParquetLimits | undefined
}

/** Most cells of a batch, so that a table of many columns has fewer rows a batch. */
const maxCells = 1 << 20
/** Bytes that are read at once, shared out among the columns. */
const readAheadBytes = 16 * 1024 * 1024
/** Columns that are opened or decoded before others get their turn. */
const turnColumns = 64

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
      let before = 0
      for (const group of footer.row_groups) {
        yield* reading.groupBatches(group, before, context)
        before += Number(group.num_rows)
      }
      if (before === 0) yield reading.emptyBatch()
    },
  }
}

/** A description that counts other rows than its groups have has lost some of them. */
function refuseOtherRows({ num_rows: stated, row_groups: groups }: FileMetaData, uri: string): void {
  const rows = groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
  if (Number(stated) !== rows) throw corruptParquet(uri, `it says that it has ${stated} rows, and its row groups have ${rows}`)
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

async function openTable(file: SourceFile, size: number, footer: FileMetaData, bounds: ParquetBounds): Promise<ParquetTable> {
  const { parquetSchema } = await import("hyparquet")
  try {
    checkSchema(footer.schema, file.uri, bounds)
    return new ParquetTable(file, size, footer, planColumns(parquetSchema(footer), file.uri, bounds), bounds)
  } catch (error) {
    throw decodingError(error, file.uri)
  }
}

/** The table that a footer describes, and the batches of its row groups. */
class ParquetTable {
  readonly #file: SourceFile
  readonly #size: number
  readonly #bounds: ParquetBounds
  readonly #parts: readonly ParquetPart[]
  readonly #facts: TableFacts
  readonly #budget: PageBudget
  readonly #zeros = new SharedZeros()
  readonly #gate = new TurnGate(turnColumns)

  constructor(file: SourceFile, size: number, footer: FileMetaData, parts: readonly ParquetPart[], bounds: ParquetBounds) {
    this.#file = file
    this.#size = size
    this.#bounds = bounds
    this.#parts = parts
    this.#budget = new PageBudget(file.uri, bounds)
    const { names, notices } = nameHeaders(parts.map(({ path }) => path.join(".")))
    const all = [...notices, ...precisionNotices(parts)]
    this.#facts = {
      name: tableName(file.uri),
      header: names,
      ...(all.length === 0 ? {} : { notices: all }),
      facts: {
        format: "parquet",
        rows: Number(footer.num_rows),
        rowGroups: footer.row_groups.length,
        ...(footer.created_by === undefined ? {} : { createdBy: footer.created_by }),
      },
    }
  }

  /** A table without rows still has its columns. */
  emptyBatch(): TableBatch<Row> {
    return this.#batch(
      this.#facts.header.map(() => columnOf([])),
      0,
      0,
    )
  }

  async *groupBatches(group: RowGroup, before: number, context: Context): Batches<Row> {
    const rows = Number(group.num_rows)
    if (!Number.isSafeInteger(rows) || rows < 0) throw corruptParquet(this.#file.uri, "a row group does not say how many rows it has")
    if (rows > 0 && this.#parts.length === 0) throw corruptParquet(this.#file.uri, "it has rows and no columns")
    const step = this.#batchRows(group, context)
    const cursors = await this.#openAll(group)
    for (let done = 0; done < rows; done += step) {
      context.signal.throwIfAborted()
      const count = Math.min(step, rows - done)
      const flaws: [row: number, column: number, code: string][] = []
      const columns = await this.#readColumns(cursors, count, flaws)
      yield this.#batch(columns, count, before + done, flaws)
    }
    await this.#finishAll(cursors)
  }

  /** A footer may lack anything that its types promise. Columns stand in the schema's order; names may repeat. */
  async #openAll(group: RowGroup): Promise<ReadonlyMap<ParquetLeaf, LeafCursor>> {
    try {
      const cursors = new Map<ParquetLeaf, LeafCursor>()
      const paths = group.columns.map((chunk) => chunk.meta_data?.path_in_schema.join("\0"))
      const places = new Map(paths.map((path, place) => [path, place]))
      for (const part of this.#parts) {
        await this.#gate.pass()
        for (const leaf of part.leaves) {
          const path = leaf.path.join("\0")
          const place = paths[cursors.size] === path ? cursors.size : places.get(path)
          cursors.set(leaf, await this.#open(group.columns[place ?? -1], leaf))
        }
      }
      return cursors
    } catch (error) {
      throw decodingError(error, this.#file.uri)
    }
  }

  async #finishAll(cursors: ReadonlyMap<ParquetLeaf, LeafCursor>): Promise<void> {
    try {
      for (const cursor of cursors.values()) {
        await this.#gate.pass()
        await cursor.finish()
      }
    } catch (error) {
      throw decodingError(error, this.#file.uri)
    }
  }

  async #readColumns(cursors: ReadonlyMap<ParquetLeaf, LeafCursor>, rows: number, flaws: [number, number, string][]) {
    try {
      const columns = this.#parts.map((part, column) =>
        readPart(part, cursors, rows, { uri: this.#file.uri, bounds: this.#bounds, gate: this.#gate }, (row, code) =>
          flaws.push([row, column, code]),
        ),
      )
      return await Promise.all(columns)
    } catch (error) {
      throw decodingError(error, this.#file.uri)
    }
  }

  #batch(
    columns: readonly Column<unknown>[],
    length: number,
    before: number,
    flaws: readonly [number, number, string][] = [],
  ): TableBatch<Row> {
    const { uri, version } = this.#file
    const table = this.#facts
    const batch = TableBatch.of<Row>({
      length,
      table,
      names: table.header,
      columns,
      origins: { at: (row) => ({ uri, ...(version === undefined ? {} : { version }), table: table.name, row: before + row + 1 }) },
    })
    for (const [row, column, code] of flaws) {
      const message =
        code === "text.nul" ? "The text holds the character NUL, which no database takes." : "The text holds bytes that are not UTF-8."
      batch.mark(row, {
        code,
        message,
        rule: code,
        dimension: "validity",
        severity: "error",
        confidence: 1,
        column: table.header[column] ?? "",
      })
    }
    return batch
  }

  #batchRows(group: RowGroup, { batchRows = 8192, batchBytes = 4 << 20 }: Context): number {
    const bytesPerRow = Number(group.total_byte_size) / Math.max(1, Number(group.num_rows))
    // Lists pack well: what they hold is counted, not what they weigh.
    const most = group.columns.reduce((values, { meta_data: meta }) => Math.max(values, Number(meta?.num_values ?? 0)), 0)
    const valuesPerRow = most / Math.max(1, Number(group.num_rows))
    const fitting = Math.floor(
      Math.min(
        batchBytes / Math.max(1, bytesPerRow),
        maxCells / Math.max(1, this.#facts.header.length),
        this.#bounds.nestedValues / 4 / Math.max(1, valuesPerRow),
      ),
    )
    return Math.max(1, Math.min(batchRows, fitting))
  }

  async #open(chunk: ColumnChunk | undefined, leaf: ParquetLeaf): Promise<LeafCursor> {
    const { uri } = this.#file
    const metadata = chunk?.meta_data
    if (chunk !== undefined) this.#refuseUnreadable(chunk)
    const element = leaf.nodes.at(-1)?.element
    if (metadata === undefined || element === undefined) throw corruptParquet(uri, `a row group lacks the column ${leaf.path.join(".")}`)
    const start = startOf(metadata)
    const end = start + Number(metadata.total_compressed_size)
    if (!(start >= 0 && end >= start && end <= this.#size))
      throw corruptParquet(uri, `the column ${leaf.path.join(".")} stands beyond the end of the file`)
    const unpack = await unpackerOf(metadata.codec)
    if (unpack === undefined) throw unsupportedParquet(uri, `the compression ${metadata.codec ?? "of an unknown kind"}`)
    const step = Math.max(64 * 1024, Math.min(1 << 20, Math.floor(readAheadBytes / this.#facts.header.length)))
    const { maxDefinition, maxRepetition } = leaf
    const pages = new ChunkBytes(this.#file, start, end, step)
    const shared = { uri, bounds: this.#bounds, budget: this.#budget, zeros: this.#zeros }
    return new LeafCursor(new PageReader(pages, { ...shared, metadata, element, maxDefinition, maxRepetition, unpack }))
  }

  #refuseUnreadable({ file_path: path, crypto_metadata: crypto, encrypted_column_metadata: sealed }: ColumnChunk): void {
    if (path !== undefined) throw unsupportedParquet(this.#file.uri, "columns in other files")
    if (crypto !== undefined || sealed !== undefined) throw encrypted(this.#file.uri)
  }
}

/** Some writers state a dictionary that is not there, at 0 or behind the values. */
function startOf({ dictionary_page_offset: dictionary, data_page_offset: data }: ColumnMetaData): number {
  return dictionary !== undefined && dictionary > 0n && dictionary < data ? Number(dictionary) : Number(data)
}

function precisionNotices(parts: readonly ParquetPart[]): TableNotice[] {
  return parts
    .flatMap((part) => (part.leaves.some(({ type }) => type.finerThanMs === true) ? [part.path.join(".")] : []))
    .map((column) => ({
      code: "parquet.precision",
      message: `Instants of ${column} are stored more finely and are cut to the millisecond.`,
      column,
    }))
}
