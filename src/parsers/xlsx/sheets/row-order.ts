import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"

/** A sheet with a row in an unusual place. `row` counts from 0. */
interface MisplacedRow {
  readonly uri: string
  readonly table: string
  readonly row: number
}

/** The error for a row above the head that is stored after rows below it: in its place, it might have been the header. */
export function storedBelow({ uri, table, row }: MisplacedRow): RowgateError {
  return new RowgateError({
    code: "FILE_CORRUPT",
    message: `Row ${row + 1} of the sheet "${shownText(table)}" is stored after rows far below it.`,
    remedy: "Open the workbook in a spreadsheet program and save it again, or set the option header to the row of the header.",
    origin: { uri, table, row: row + 1 },
  })
}

/** The error for a row whose cells are stored in two batches, so that the sheet cannot be read in one pass. */
export function storedTwice({ uri, table, row }: MisplacedRow): RowgateError {
  return new RowgateError({
    code: "FILE_CORRUPT",
    message: `Row ${row + 1} of the sheet "${shownText(table)}" is stored in two places that are far apart.`,
    remedy: "Open the workbook in a spreadsheet program and save it again.",
    origin: { uri, table, row: row + 1 },
  })
}
