import type { CellValue } from "../../../src/model/cell-value.ts"
import { formatAddress } from "../../../src/parsers/xlsx/a1.ts"
import { Workbook } from "../../../src/parsers/xlsx/workbook.ts"
import type { XlsxLimits } from "../../../src/parsers/xlsx/xlsx-limits.ts"
import { chunkedFile } from "../chunked-file.ts"
import { type WorkbookSketch, workbookBytes } from "./workbook-bytes.ts"

/** Options of `readCells`. */
export interface ReadCellsOptions {
  /** Index of the sheet, counted from 0. Default: 0. */
  readonly sheet?: number
  readonly chunkBytes?: number
  readonly limits?: XlsxLimits
}

/** The cells of a sheet that are not blank, by address. */
export async function readCells(bytes: Uint8Array, options: ReadCellsOptions = {}): Promise<{ [address: string]: CellValue }> {
  await using workbook = await Workbook.open(chunkedFile(bytes, options.chunkBytes, "memory/book.xlsx"), options.limits)
  const sheet = workbook.sheets[options.sheet ?? 0]
  if (sheet === undefined) throw new Error("there is no such sheet")
  const strings = await workbook.sharedStrings()
  const cells: { [address: string]: CellValue } = {}
  for await (const block of workbook.cells(sheet)) {
    for (let cell = 0; cell < block.length; cell++) {
      cells[formatAddress(block.rows[cell] ?? 0, block.columns[cell] ?? 0)] = block.value(cell, strings)
    }
  }
  return cells
}

/** The cells of the first sheet of a workbook that is built from a sketch. */
export function cellsOf(sketch: WorkbookSketch, options?: ReadCellsOptions): Promise<{ [address: string]: CellValue }> {
  return readCells(workbookBytes(sketch), options)
}
