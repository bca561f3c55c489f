import type { Context } from "../../contract/context.ts"
import type { Parser } from "../../contract/parser.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import { checkOptions } from "../../options/check-options.ts"
import { withNotices } from "../with-notices.ts"
import { type ChosenTable, chooseTables } from "./sheets/choose-tables.ts"
import { defaultSheet } from "./sheets/default-sheet.ts"
import { locateTables } from "./sheets/locate-tables.ts"
import type { SheetInfo } from "./sheets/sheet-info.ts"
import { SheetTable } from "./sheets/sheet-table.ts"
import type { TableRegion } from "./sheets/table-head.ts"
import { Workbook } from "./workbook.ts"
import { type XlsxOptions, xlsxOptionSpec } from "./xlsx-options.ts"

/**
 * Reads workbooks: `.xlsx`, `.xlsm`, `.xltx`, `.xltm`.
 *
 * A number is read as a number. The cell's number format makes it a `Date` in UTC, a `TimeOfDay`, or a `Duration` for elapsed time. A cell error is
 * a `CellError`, and a formula gives its stored result. Blank rows are skipped. A row that repeats the header is rejected
 * (`header.repeated`). The file is read by ranges and not copied.
 *
 * Throws `FORMAT_ENCRYPTED`, `FORMAT_UNSUPPORTED`, `FORMAT_UNKNOWN`, `FILE_TRUNCATED`, `FILE_CORRUPT`, `FILE_HOSTILE`, `ENCODING_INVALID`,
 * `LIMIT_EXCEEDED`, `TABLE_NOT_FOUND` or `HEADER_NOT_FOUND`.
 */
export function xlsx(options: XlsxOptions = {}): Parser {
  checkOptions("xlsx()", options, xlsxOptionSpec)
  const { sheet, table, range } = options
  const chooses = sheet !== undefined || table !== undefined || range !== undefined
  return {
    name: "xlsx",
    parse: (file, context) => parseWorkbook(file, context, options),
    ...(chooses ? { locate: (file, context) => locateTables(file, context, options) } : {}),
  }
}

async function* parseWorkbook(file: SourceFile, context: Context, options: XlsxOptions): Batches<Row> {
  await using workbook = await Workbook.open(file, options.limits, context.signal)
  const open = ({ sheet, name, region }: ChosenTable) => {
    const skipHiddenRows = options.hiddenRows === "skip"
    const fillMerged = options.merged === "fill"
    const dropFooter = options.footer === "drop"
    const settings = {
      sheet,
      name,
      version: file.version,
      region,
      skipHiddenRows,
      fillMerged,
      dropFooter,
      allTables: options.tables === "all",
    }
    return SheetTable.open(workbook, settings, context)
  }
  const chosen = await chooseTables(workbook, options)
  if (chosen === undefined) {
    const whole = (sheet: SheetInfo) => ({ sheet, name: sheet.name, region: { range: undefined, headerRow: options.header } })
    const { sheet, table, notices } = await defaultSheet(workbook, (each) => open(whole(each)))
    yield* withNotices(tablesOf(whole(sheet), table, open, options), notices)
  } else for (const each of chosen) yield* tablesOf(each, await open(each), open, options)
}

/** The rows of a table and, with `tables: "all"`, those of the tables below it and beside it. */
async function* tablesOf(
  chosen: ChosenTable,
  first: SheetTable,
  open: (chosen: ChosenTable) => Promise<SheetTable>,
  { tables }: XlsxOptions,
): Batches<Row> {
  const waiting: TableRegion[] = []
  let table = first
  for (let number = 2; ; number++) {
    yield* closing(table)
    if (tables !== "all") return
    waiting.unshift(...table.others)
    const region = waiting.shift()
    if (region === undefined) return
    table = await open({ ...chosen, name: `${chosen.name} (${number})`, region })
  }
}

async function* closing(table: SheetTable): Batches<Row> {
  try {
    yield* table.batches()
  } finally {
    await table.close()
  }
}
