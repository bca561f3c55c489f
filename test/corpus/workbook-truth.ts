import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { CellError } from "../../src/model/cell-error.ts"
import type { CellValue } from "../../src/model/cell-value.ts"
import { Duration } from "../../src/model/duration.ts"
import { TimeOfDay } from "../../src/model/time-of-day.ts"
import { formatAddress } from "../../src/parsers/xlsx/a1.ts"
import type { SheetInfo } from "../../src/parsers/xlsx/sheets/sheet-info.ts"
import { Workbook } from "../../src/parsers/xlsx/workbook.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"

/**
 * Types: `s` text, `n` number, `b` boolean, `d` date-time, `t` time of day, `td` duration, `e` error. Times and durations are milliseconds, or a
 * clock time such as `09:00:00.250000`.
 */
type TrueCell = readonly [type: string, value: string | number | boolean]

/** The expected content of one workbook, on which two independent readers agree. It is a line of `truth.jsonl`. */
export interface WorkbookTruth {
  readonly file: string
  readonly sheets: readonly {
    readonly name: string
    readonly kind: string
    readonly state: string
    readonly truncated_at_row?: number | null
    readonly cells?: { readonly [address: string]: TrueCell }
  }[]
}

/** Lists the differences between a workbook and its truth. `counted.cells` is raised by the number of compared cells. */
export async function workbookDifferences(truth: WorkbookTruth, folder: string, counted: { cells: number }): Promise<string[]> {
  const differences: string[] = []
  await using workbook = await Workbook.open(chunkedFile(await readFile(join(folder, truth.file)), 1 << 16, truth.file))
  const listed = workbook.sheets.map(({ name, kind, hidden }) => `${name} (${kind}, ${hidden ? "hidden" : "visible"})`)
  const wanted = truth.sheets.map(({ name, kind, state }) => `${name} (${kind}, ${state === "visible" ? "visible" : "hidden"})`)
  if (listed.join() !== wanted.join()) differences.push(`lists the sheets ${listed.join()}, not ${wanted.join()}`)
  for (const [at, sheet] of truth.sheets.entries()) {
    const own = workbook.sheets[at]
    if (own === undefined || sheet.cells === undefined) continue
    const known = typeof sheet.truncated_at_row === "number" ? lastRowOf(sheet.cells) : Number.POSITIVE_INFINITY
    const read = await cellsOf(workbook, own, known)
    counted.cells += Object.keys(sheet.cells).length
    differences.push(...cellDifferences(sheet.cells, read).map((difference) => `${sheet.name}!${difference}`))
  }
  return differences
}

function cellDifferences(truth: { readonly [address: string]: TrueCell }, read: ReadonlyMap<string, TrueCell>): string[] {
  const differences: string[] = []
  for (const [address, cell] of Object.entries(truth)) {
    const own = read.get(address)
    if (own === undefined || own[0] !== cell[0] || own[1] !== comparable(cell))
      differences.push(`${address} is ${JSON.stringify(own)}, not ${JSON.stringify(cell)}`)
  }
  for (const [address, cell] of read) {
    // The readers behind the truth count a formula with an empty text as a blank cell.
    if (!(address in truth) && cell[1] !== "") differences.push(`${address} is ${JSON.stringify(cell)} and should be blank`)
  }
  return differences
}

/** The number of the last row that has a cell in the truth. What is below it in a truth that was cut is not known. */
const lastRowOf = (cells: object) => Math.max(0, ...Object.keys(cells).map((address) => Number(address.replace(/^[A-Z]+/, ""))))

/** The value of a true cell, with times and durations in milliseconds. */
function comparable([type, value]: TrueCell): TrueCell[1] {
  if ((type !== "t" && type !== "td") || typeof value !== "string") return value
  const [, sign, hours, minutes, seconds] = /^(-?)(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(value) ?? []
  return (sign === "-" ? -1 : 1) * Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
}

/** The cells in the first rows of a sheet, in the form of the truth. */
async function cellsOf(workbook: Workbook, sheet: SheetInfo, rows: number): Promise<Map<string, TrueCell>> {
  const strings = await workbook.sharedStrings()
  const cells = new Map<string, TrueCell>()
  for await (const block of workbook.cells(sheet)) {
    for (let cell = 0; cell < block.length; cell++) {
      const row = block.rows[cell] ?? 0
      if (row < rows) cells.set(formatAddress(row, block.columns[cell] ?? 0), trueCell(block.value(cell, strings)))
    }
  }
  return cells
}

function trueCell(value: CellValue): TrueCell {
  if (value instanceof Date)
    return [
      "d",
      value
        .toISOString()
        .replace(/\.000Z$|Z$/, "")
        .replace(/(\.\d{3})$/, "$1000"),
    ]
  if (value instanceof TimeOfDay) return ["t", value.ms]
  if (value instanceof Duration) return ["td", value.ms]
  if (value instanceof CellError) return ["e", value.error]
  return [typeof value === "string" ? "s" : typeof value === "number" ? "n" : "b", value ?? ""]
}
