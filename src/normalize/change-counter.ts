import { cellText } from "../cells/readers/cell-text.ts"
import { shownText } from "../errors/shown-text.ts"
import { CellError } from "../model/cell-error.ts"
import type { Column } from "../model/column.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import { addExample, mostExamples, type NormalizedCell, type NormalizedCells, type NormalizedColumn } from "../model/normalized-cells.ts"
import type { TableBatch } from "../model/table-batch.ts"

/** Counting costs about as much as reading, so without `explain` only the first rows are examined, and no cell gets into the report. */
const sampleRows = 256

/** A column as the file has it and as its normalizer has read it. */
export interface ReadColumn {
  readonly name: string
  readonly given: Column<unknown>
  readonly read: Column<unknown>
}

/** Counts the cells of one delivery, or of a part of it, that normalizing changes. */
export class ChangeCounter {
  readonly #explain: boolean
  #examined = 0

  constructor({ explain = false }: { readonly explain?: boolean | undefined }) {
    this.#explain = explain
  }

  /** Undefined if no more rows are examined. */
  count(batch: TableBatch, columns: readonly ReadColumn[]): NormalizedCells | undefined {
    const rows = this.#explain ? batch.length : Math.min(batch.length, sampleRows - this.#examined)
    if (rows <= 0 || columns.length === 0) return undefined
    this.#examined += rows
    const counted = columns.map((column) => [column.name, changesOf(column, rows, batch, this.#explain)] as const)
    return { examined: rows, columns: Object.fromEntries(counted.filter(([, { cells }]) => cells > 0)) }
  }
}

function changesOf({ name, given, read }: ReadColumn, rows: number, batch: TableBatch, explain: boolean): NormalizedColumn {
  const examples: NormalizedCell[] = []
  let cells = 0
  if (given === read) return { cells, examples }
  const isSame = sameRanges(given, read)
  for (let row = 0; row < rows; row++) {
    if (given.nulls.has(row) || isSame?.(row) === true) continue
    const before = textOf(given.at(row))
    const value = read.at(row)
    const after = value === null ? null : textOf(value)
    if (before === after || (after === null && (before.trim() === "" || hasFailed(batch, row, name)))) continue
    cells++
    if (explain && examples.length < mostExamples) addExample(examples, exampleOf(batch, row, before, after))
  }
  return { cells, examples }
}

/** Equal ranges of the same bytes need no decoding. */
function sameRanges(given: Column<unknown>, read: Column<unknown>): ((row: number) => boolean) | undefined {
  if (!(given instanceof BytesColumn && read instanceof BytesColumn && given.bytes === read.bytes)) return undefined
  return (row) => given.starts[row] === read.starts[row] && given.ends[row] === read.ends[row] && !read.nulls.has(row)
}

/** A cell that could not be read is an issue, and no change. */
function hasFailed(batch: TableBatch, row: number, column: string): boolean {
  return batch.issues.of(row).some((issue) => issue.column === column && issue.severity === "error")
}

function exampleOf(batch: TableBatch, row: number, before: string, after: string | null): NormalizedCell {
  const origin = batch.origin(row)
  return {
    row: origin.row,
    ...(origin.line === undefined ? {} : { line: origin.line }),
    ...(origin.address === undefined ? {} : { address: origin.address }),
    before: shownText(before),
    after: after === null ? null : shownText(after),
  }
}

function textOf(cell: unknown): string {
  return cell instanceof CellError ? cell.error : (cellText(cell) ?? "")
}
