import type { Context } from "../../contract/context.ts"
import type { Parser } from "../../contract/parser.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import { checkOptions } from "../../options/check-options.ts"
import { type ChosenTable, chooseTables } from "./sheets/choose-tables.ts"
import { locateTables } from "./sheets/locate-tables.ts"
import { SheetTable } from "./sheets/sheet-table.ts"
import { Workbook } from "./workbook.ts"
import { type XlsxOptions, xlsxOptionSpec } from "./xlsx-options.ts"

/**
 * Reads workbooks: `.xlsx`, `.xlsm`, `.xltx`, `.xltm`.
 *
 * A number is read as a number. The cell's number format makes it a `Date` in UTC, a `TimeOfDay`, or a `Duration` for elapsed time. A cell error is
 * a `CellError`, and a formula gives its stored result. Blank rows are skipped. The file is read by ranges and not copied.
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
    return SheetTable.open(workbook, { sheet, name, version: file.version, region, skipHiddenRows, fillMerged }, context)
  }
  const chosen = await chooseTables(workbook, options)
  if (chosen === undefined) yield* closing(await firstWithCells(workbook, options, open))
  else for (const each of chosen) yield* closing(await open(each))
}

/** The first visible worksheet with cells, or the first one if none has cells. */
async function firstWithCells(
  workbook: Workbook,
  { header: headerRow }: XlsxOptions,
  open: (chosen: ChosenTable) => Promise<SheetTable>,
): Promise<SheetTable> {
  const worksheets = workbook.sheets.filter(({ kind, part }) => kind === "worksheet" && part !== undefined)
  const visible = worksheets.filter(({ hidden }) => !hidden)
  const candidates = visible.length > 0 ? visible : worksheets
  let empty: SheetTable | undefined
  for (const sheet of candidates) {
    const table = await open({ sheet, name: sheet.name, region: { range: undefined, headerRow } })
    if (table.hasCells) return table
    empty ??= table
  }
  if (empty !== undefined) return empty
  throw new RowgateError({
    code: "TABLE_NOT_FOUND",
    message: "The workbook has no worksheet.",
    remedy: "Save the workbook again with the sheet that holds the table.",
    origin: { uri: workbook.uri },
  })
}

async function* closing(table: SheetTable): Batches<Row> {
  try {
    yield* table.batches()
  } finally {
    await table.close()
  }
}
