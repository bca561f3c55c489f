import { setImmediate as nextTurn } from "node:timers/promises"
import { headerKey } from "../../../binding/match-headers.ts"
import type { Context } from "../../../contract/context.ts"
import type { Row } from "../../../model/cell-value.ts"
import type { TableBatch } from "../../../model/table-batch.ts"
import type { TableNotice } from "../../../model/table-facts.ts"
import { FooterHold } from "../../layout/footer-hold.ts"
import { secondTableNotice } from "../../layout/skipped-part.ts"
import { type CellRange, formatColumns } from "../a1.ts"
import type { CellBlock } from "../cells/cell-block.ts"
import type { MergedCells } from "../cells/merged-cells.ts"
import { RowSet } from "../cells/row-set.ts"
import type { Workbook } from "../workbook.ts"
import { formulaNotice } from "./formula-notice.ts"
import type { SkippedRows } from "./head-sample.ts"
import { hiddenNotice } from "./hidden-notice.ts"
import { linkNotices } from "./link-notices.ts"
import { markRepeatedHeaders } from "./mark-repeated-headers.ts"
import { mergedNotice } from "./merged-notice.ts"
import type { SheetInfo } from "./sheet-info.ts"
import { SheetTail } from "./sheet-tail.ts"
import { sortedBlocks } from "./sorted-blocks.ts"
import { TableBuilder } from "./table-builder.ts"
import { type TableHead, type TableRegion, tableHead } from "./table-head.ts"
import { unitNotices } from "./unit-notices.ts"

/** Options of `SheetTable`. */
export interface SheetTableOptions {
  readonly sheet: SheetInfo
  readonly name: string
  readonly version: string | undefined
  readonly region: TableRegion
  readonly skipHiddenRows: boolean
  readonly fillMerged: boolean
  /** Whether totals and notes in the last rows are dropped. They get a warning otherwise. */
  readonly dropFooter: boolean
  /** Whether the tables below this one are read too. They are reported otherwise. */
  readonly allTables: boolean
}

/** What the sample of a sheet shows about its table. */
export interface SheetLook {
  readonly columns: number
  /** How many rows the sample has below the header. */
  readonly rows: number
  readonly hasHeader: boolean
  /** Whether its header has most names that the pipeline expects; undefined if the pipeline expects none. */
  readonly isExpected: boolean | undefined
}

/** Most rows, cells and bytes of text that are kept to find the header and the columns. They do not depend on the size of batches. */
const sampleRows = 8192
const sampleCells = 1 << 17
const sampleBytes = 4 << 20

/** With this many columns or more, building even a small batch takes a while, so the loop gives others a turn after each. */
const manyColumns = 4096

/** Reads one table of a workbook. Its head is determined from the first rows, then its rows come in batches. */
export class SheetTable {
  readonly #workbook: Workbook
  readonly #options: SheetTableOptions
  readonly #context: Context
  readonly #blocks: AsyncGenerator<CellBlock, void, undefined>
  readonly #merged: MergedCells | undefined
  /** The first cells of the sheet, sorted by row. */
  #sample: readonly CellBlock[] = []
  /** Whether the sample is the whole sheet. */
  #isWhole = false
  /** What follows the cells, as long as it may tell something about the sample. */
  #tail: SheetTail | undefined
  /** The first rows that the sheet hides. */
  readonly #hidden = new Set<number>()
  #known: TableHead | undefined

  private constructor(workbook: Workbook, options: SheetTableOptions, context: Context, merged: MergedCells | undefined) {
    this.#workbook = workbook
    this.#options = options
    this.#context = context
    this.#merged = merged
    this.#tail = new SheetTail(workbook.bounds, { uri: workbook.uri, part: options.sheet.part ?? "" })
    const { skipHiddenRows } = options
    this.#blocks = workbook.cells(options.sheet, { skipHiddenRows, hidden: this.#hidden, rest: (bytes) => this.#readTail(bytes) })
  }

  /** Reads the first rows. */
  static async open(workbook: Workbook, options: SheetTableOptions, context: Context): Promise<SheetTable> {
    const merged = options.fillMerged ? await workbook.mergedCells(options.sheet) : undefined
    const table = new SheetTable(workbook, options, context, merged)
    await table.#readSample()
    return table
  }

  /** Whether the sheet has cells. */
  get hasCells(): boolean {
    return this.#sample.length > 0
  }

  /** The next tables of the sheet to read. Call it after `batches`. */
  get others(): readonly TableRegion[] {
    return this.#known?.others ?? []
  }

  async look(): Promise<SheetLook> {
    const { names, top, bottom, facts } = await this.#head()
    const rows = new Set<number>()
    for (const block of this.#sample) {
      for (let cell = 0; cell < block.length; cell++) {
        const row = block.rows[cell] as number
        if (row >= top && row <= bottom) rows.add(row)
      }
    }
    const expected = this.#expected()
    const named = names.filter((name) => expected.has(headerKey(name))).length
    const isExpected = named > 0 && (named * 2 >= expected.size || named * 2 >= names.length)
    return {
      columns: names.length,
      rows: rows.size,
      hasHeader: facts["headerRow"] !== null,
      isExpected: expected.size === 0 ? undefined : isExpected,
    }
  }

  /** The keys of the headers that the pipeline expects. */
  #expected(): ReadonlySet<string> {
    return new Set([...(this.#context.headers ?? [])].map(headerKey).filter((key) => key !== ""))
  }

  async #head(): Promise<TableHead> {
    if (this.#known !== undefined) return this.#known
    const { name, region, allTables } = this.#options
    const { uri } = this.#workbook
    const choice = { expected: this.#expected(), allTables }
    this.#known = tableHead(this.#sample, await this.#workbook.sharedStrings(), region, { uri, table: name }, choice)
    return this.#known
  }

  /** The rows in batches. A table without rows gives one empty batch. */
  async *batches(): AsyncGenerator<TableBatch<Row>, void, undefined> {
    const builder = await this.#builder()
    const { header } = await this.#head()
    const hold = new FooterHold(this.#options.dropFooter)
    for await (const block of this.#all(() => builder.settle())) {
      for (let at = builder.add(block, 0); at < block.length; at = builder.add(block, at)) {
        yield* hold.pass(marked(builder.take(), header), false)
        this.#context.signal.throwIfAborted()
        if (builder.width >= manyColumns) await nextTurn()
      }
    }
    yield* hold.pass(marked(builder.take(), header), true)
  }

  /** Stops reading the sheet. */
  async close(): Promise<void> {
    await this.#blocks.return()
  }

  async #readSample(): Promise<void> {
    const seen = new Set<number>()
    const sample: CellBlock[] = []
    let cells = 0
    let bytes = 0
    while (seen.size < sampleRows && cells < sampleCells && bytes < sampleBytes) {
      const { value: block } = await this.#blocks.next()
      if (block === undefined) {
        this.#isWhole = true
        break
      }
      this.#merged?.watch(block)
      const last = block.rows[block.length - 1] ?? 0
      if (last < (this.#options.region.area?.top ?? 0)) continue
      sample.push(block.copy())
      for (let cell = 0; cell < block.length; cell++) if (block.rows[cell] !== block.rows[cell - 1]) seen.add(block.rows[cell] as number)
      cells += block.length
      bytes += block.text.length
    }
    this.#sample = sortedBlocks(sample)
    if (!this.#isWhole) this.#tail = undefined
  }

  /** Nothing but a notice depends on what follows the cells, so its faults stop nothing. */
  #readTail(bytes: Buffer): void {
    try {
      this.#tail?.push(bytes)
    } catch {
      this.#tail = undefined
    }
  }

  async *#all(settled: () => void): AsyncGenerator<CellBlock, void, undefined> {
    yield* this.#sample
    this.#sample = []
    settled()
    for await (const block of this.#blocks) {
      this.#context.signal.throwIfAborted()
      this.#merged?.watch(block)
      yield block
    }
  }

  async #builder(): Promise<TableBuilder> {
    const { sheet, name, version } = this.#options
    const { uri } = this.#workbook
    const strings = await this.#workbook.sharedStrings()
    // With thousands of columns, reading the sample, finding the head and building the columns take long, so others get a turn in between.
    await nextTurn()
    const head = await this.#head()
    const notices = await this.#cellNotices(head)
    const behind = head.next === undefined || this.#options.allTables ? undefined : await this.#allBehind(head.next)
    await nextTurn()
    return new TableBuilder({
      uri,
      version,
      table: {
        name,
        header: head.names,
        hidden: sheet.hidden,
        skippedAbove: head.above + (behind?.count ?? 0),
        notices: [
          ...this.#workbook.notices,
          ...head.notices,
          ...notices,
          ...(behind === undefined ? [] : [secondTableNotice("row", behind)]),
        ],
        facts: { format: "xlsx", sheet: sheet.name, sheetIndex: sheet.index + 1, columns: columnsOf(head), ...head.facts },
      },
      head,
      strings,
      formats: await this.#workbook.formats(),
      merged: this.#merged,
      batchRows: this.#context.batchRows ?? 8192,
      batchBytes: this.#context.batchBytes ?? 4 * 1024 * 1024,
      rowBytes: this.#workbook.bounds.rowBytes,
    })
  }

  /** What the sample shows about cells: values that merged areas leave out, and units. */
  async #cellNotices(head: TableHead): Promise<readonly TableNotice[]> {
    const strings = await this.#workbook.sharedStrings()
    const ranges = this.#options.fillMerged ? [] : await this.#mergedRanges(head)
    const sample = this.#sample
    const single = [mergedNotice(ranges, sample, strings, head), hiddenNotice(this.#hidden, sample, head), formulaNotice(sample, head)]
    const links = linkNotices(this.#tail?.links ?? [], sample, strings, head)
    return [...single.filter((notice) => notice !== undefined), ...unitNotices(sample, head, await this.#workbook.formats()), ...links]
  }

  /** The merged ranges. They stand at the end of a sheet, so a large one is read to its end only if its first column has blank cells. */
  async #mergedRanges({ columns, top, bottom }: TableHead): Promise<readonly CellRange[]> {
    if (this.#isWhole) return this.#tail?.ranges ?? []
    const rows = new Set<number>()
    let filled = 0
    for (const block of this.#sample) {
      for (let cell = 0; cell < block.length; cell++) {
        const row = block.rows[cell] as number
        if (row < top || row > bottom) continue
        rows.add(row)
        if (block.columns[cell] === columns[0]) filled++
      }
    }
    if (filled >= rows.size) return []
    const merged = await this.#workbook.mergedCells(this.#options.sheet).catch(() => undefined)
    return merged?.ranges ?? []
  }

  /** The rows of the next table and those below it. If the sample does not have them all, they are counted in the sheet. */
  async #allBehind(seen: SkippedRows): Promise<SkippedRows> {
    if (this.#isWhole) return seen
    const rows = new RowSet()
    let count = 0
    for await (const { rows: places, length } of this.#workbook.cells(this.#options.sheet, {
      skipHiddenRows: this.#options.skipHiddenRows,
    })) {
      for (let cell = 0; cell < length; cell++) {
        const row = places[cell] as number
        if (row < seen.row || rows.has(row)) continue
        rows.add(row)
        count++
      }
    }
    return { ...seen, count }
  }
}

function marked(batch: TableBatch<Row>, header: TableHead["header"]): TableBatch<Row> {
  if (header !== undefined) markRepeatedHeaders(batch, header)
  return batch
}

/** The table's columns in A1 form: `B:D`, or `B:D,F:F` if columns in between are left out. */
function columnsOf({ columns }: TableHead): string | null {
  const runs: { left: number; right: number }[] = []
  for (const column of columns) {
    const run = runs.at(-1)
    if (run !== undefined && column === run.right + 1) run.right = column
    else runs.push({ left: column, right: column })
  }
  return runs.length === 0 ? null : runs.map(formatColumns).join(",")
}
