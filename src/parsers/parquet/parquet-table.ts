import { setImmediate as nextTurn } from "node:timers/promises"
import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Column } from "../../model/column.ts"
import { columnOf } from "../../model/column-of.ts"
import { createIssue } from "../../model/create-issue.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { DeclaredDecimal, TableFacts, TableNotice } from "../../model/table-facts.ts"
import { NearRanges } from "../files/near-ranges.ts"
import { nameHeaders } from "../header/header-names.ts"
import { tableName } from "../table-name.ts"
import { ChunkBytes } from "./chunk-bytes.ts"
import { unpackerOf } from "./codecs/codecs.ts"
import { FileBudget, type PackedTogether } from "./file-budget.ts"
import { GroupReader } from "./group-reader.ts"
import { LeafCursor } from "./leaf-cursor.ts"
import { PageReader } from "./page-reader.ts"
import { corruptParquet, decodingError, unsupportedParquet } from "./parquet-errors.ts"
import { ParquetFault } from "./parquet-fault.ts"
import type { ParquetBounds } from "./parquet-limits.ts"
import type { ParquetLeaf, ParquetPart } from "./parquet-plan.ts"
import { encrypted, type Footer } from "./read-footer.ts"
import type { ColumnChunk, RowGroup } from "./row-group.ts"
import type { RowWindow } from "./row-window.ts"
import { TurnGate } from "./turn-gate.ts"

/** Most cells of a batch. The batches of a table with many columns have fewer rows. */
const maxCells = 1 << 20
/** Bytes that are read at once, divided among the columns. */
const readAheadBytes = 16 * 1024 * 1024
/** Columns that are opened or decoded before other work gets a turn. */
const turnColumns = 64
const defaultBatchBytes = 4 << 20

type Flaw = readonly [row: number, column: number, code: string]

/** The table that a footer describes, and the batches of its row groups. */
export class ParquetTable {
  readonly #file: SourceFile
  readonly #ranges: NearRanges
  readonly #size: number
  readonly #bounds: ParquetBounds
  readonly #parts: readonly ParquetPart[]
  readonly #facts: TableFacts
  readonly #budget: FileBudget
  readonly #gate = new TurnGate(turnColumns)

  constructor(
    file: SourceFile,
    size: number,
    footer: Footer,
    parts: readonly ParquetPart[],
    bounds: ParquetBounds,
    together: PackedTogether | undefined,
  ) {
    this.#file = file
    this.#ranges = new NearRanges(file, size)
    this.#size = size
    this.#bounds = bounds
    this.#parts = parts
    this.#budget = new FileBudget(file.uri, size, bounds, together)
    const { names, notices } = nameHeaders(parts.map(({ path }) => path.join(".")))
    const all = [...notices, ...precisionNotices(parts)]
    const decimals = declaredDecimals(names, parts)
    this.#facts = {
      name: tableName(file.uri),
      header: names,
      ...(decimals.length === 0 ? {} : { decimals }),
      ...(all.length === 0 ? {} : { notices: all }),
      facts: {
        format: "parquet",
        rows: footer.groups.reduce((sum, group) => sum + group.rows, 0),
        rowGroups: footer.groups.length,
        ...(footer.createdBy === undefined ? {} : { createdBy: footer.createdBy }),
      },
    }
  }

  /** A batch without rows, which still has the columns. */
  emptyBatch(): TableBatch<Row> {
    return this.#batch(
      this.#facts.header.map(() => columnOf([])),
      0,
      0,
    )
  }

  async *groupBatches(group: RowGroup, index: number, before: number, context: Context): Batches<Row> {
    const { rows } = group
    if (rows > 0 && this.#parts.length === 0) throw corruptParquet(this.#file.uri, "it has rows, but no columns")
    const { chunks, reader } = await this.#open(group, index)
    const step = this.#batchRows(group, chunks, context)
    const batchBytes = context.batchBytes ?? defaultBatchBytes
    for (let done = 0; done < rows; ) {
      context.signal.throwIfAborted()
      const window = await this.#decoding(index, () => reader.next(Math.min(step, rows - done)))
      let from = 0
      for (const count of window.batchLengths(batchBytes, this.#file.uri, this.#bounds)) {
        const flaws: Flaw[] = []
        const columns = await this.#decoding(index, () => this.#columns(window, from, from + count, flaws))
        yield this.#batch(columns, count, before + done + from, flaws)
        from += count
      }
      done += window.rows
    }
    await this.#decoding(index, () => reader.finish())
  }

  async #decoding<T>(group: number, decode: () => Promise<T>): Promise<T> {
    try {
      return await decode()
    } catch (error) {
      throw decodingError(error, { uri: this.#file.uri, where: `in row group ${group + 1}` })
    }
  }

  async #columns(window: RowWindow, from: number, to: number, flaws: Flaw[]): Promise<Column<unknown>[]> {
    const columns: Column<unknown>[] = []
    for (const [place, part] of this.#parts.entries()) {
      await this.#gate.pass()
      columns.push(window.column(part, from, to, (row, code) => flaws.push([row, place, code])))
    }
    return columns
  }

  /** Opens the columns of a row group. They are usually in the order of the schema, and names may repeat. A footer may lack any of them. */
  async #open(group: RowGroup, index: number): Promise<{ readonly chunks: readonly ColumnChunk[]; readonly reader: GroupReader }> {
    return this.#decoding(index, async () => {
      const chunks = group.columns()
      const cursors = new Map<ParquetLeaf, LeafCursor>()
      const paths = chunks.map(({ path }) => path.join("\0"))
      const places = new Map(paths.map((path, place) => [path, place]))
      const leaves = this.#parts.flatMap((part) => part.leaves)
      this.#budget.refuseCells(group.rows * leaves.length)
      if (leaves.length > turnColumns) await nextTurn()
      for (const leaf of leaves) {
        await this.#gate.pass()
        const path = leaf.path.join("\0")
        const place = paths[cursors.size] === path ? cursors.size : places.get(path)
        cursors.set(leaf, await this.#cursor(chunks[place ?? -1], leaf, group, index))
      }
      const [uri, bounds, budget, gate] = [this.#file.uri, this.#bounds, this.#budget, this.#gate]
      return { chunks, reader: new GroupReader(cursors, { uri, bounds, budget, gate }) }
    })
  }

  #batch(columns: readonly Column<unknown>[], length: number, before: number, flaws: readonly Flaw[] = []): TableBatch<Row> {
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
        code === "text.nul"
          ? "The text contains the character NUL, which PostgreSQL cannot store."
          : "The text contains bytes that are not valid UTF-8."
      batch.mark(row, createIssue({ code, message, column: table.header[column] ?? "" }))
    }
    return batch
  }

  #batchRows(group: RowGroup, chunks: readonly ColumnChunk[], { batchRows = 8192, batchBytes = defaultBatchBytes }: Context): number {
    const rows = Math.max(1, group.rows)
    // Lists compress well, so their values are counted instead of their bytes.
    const valuesPerRow = chunks.reduce((most, { values }) => Math.max(most, values), 0) / rows
    const fitting = Math.floor(
      Math.min(
        batchBytes / Math.max(1, group.bytes / rows),
        maxCells / Math.max(1, this.#facts.header.length),
        this.#bounds.nestedValues / 4 / Math.max(1, valuesPerRow),
      ),
    )
    return Math.max(1, Math.min(batchRows, fitting))
  }

  async #cursor(chunk: ColumnChunk | undefined, leaf: ParquetLeaf, { rows }: RowGroup, index: number): Promise<LeafCursor> {
    const { uri } = this.#file
    const column = leaf.path.join(".")
    const element = leaf.nodes.at(-1)?.element
    if (chunk === undefined || element === undefined) throw new ParquetFault(`the column ${column} is missing`)
    if (chunk.isElsewhere) throw unsupportedParquet(uri, "columns that are stored in other files")
    if (chunk.isEncrypted) throw encrypted(uri)
    const start = startOf(chunk)
    const end = start + chunk.packed
    if (!(start >= 0 && end >= start && end <= this.#size))
      throw new ParquetFault(`the column ${column} is stored at bytes ${start} to ${end}, but the file has only ${this.#size}`)
    const unpack = await unpackerOf(chunk.codec)
    if (unpack === undefined)
      throw unsupportedParquet(uri, chunk.codec === undefined ? "an unknown compression" : `the compression ${chunk.codec}`)
    const step = Math.max(64 * 1024, Math.min(1 << 20, Math.floor(readAheadBytes / this.#facts.header.length)))
    const { maxDefinition, maxRepetition } = leaf
    const pages = new ChunkBytes(this.#ranges, start, end, step)
    const name = `the column ${column}, row group ${index + 1}`
    const [bounds, budget] = [this.#bounds, this.#budget]
    // Field by field: of a spread, the engine makes a shape for each column.
    return new LeafCursor(new PageReader(pages, { uri, name, column, element, maxDefinition, maxRepetition, rows, unpack, bounds, budget }))
  }
}

/** Some writers state a dictionary that does not exist, at 0 or after the values. A column without values may have only a dictionary. */
function startOf({ dictionaryOffset: dictionary, dataOffset: data, values }: ColumnChunk): number {
  if (dictionary === undefined || dictionary <= 0) return data
  return dictionary < data || (values === 0 && data === 0) ? dictionary : data
}

/** The columns that are decimals, with their digits. */
function declaredDecimals(names: readonly string[], parts: readonly ParquetPart[]): readonly DeclaredDecimal[] {
  return parts.flatMap(({ leaves }, at) => {
    const decimal = leaves.length === 1 ? leaves[0]?.type.decimal : undefined
    const column = names[at]
    return decimal === undefined || column === undefined ? [] : [{ column, ...decimal }]
  })
}

function precisionNotices(parts: readonly ParquetPart[]): TableNotice[] {
  return parts
    .flatMap((part) => (part.leaves.some(({ type }) => type.hasNanos === true) ? [part.path.join(".")] : []))
    .map((column) => ({
      code: "parquet.precision",
      message: `The instants of the column ${column} are stored in nanoseconds and are cut to the microsecond.`,
      column,
    }))
}
