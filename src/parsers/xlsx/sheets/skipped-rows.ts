import type { TableNotice } from "../../../model/table-facts.ts"

/** Rows of a sheet that are not in the table: how many are not blank, and the first of them. */
export interface SkippedRows {
  readonly count: number
  /** Counted from 0. */
  readonly row: number
  /** The cells of the first one. */
  readonly text: string
}

const shown = 80

/** Says that rows above the table were skipped. */
export function preambleNotice({ count, row, text }: SkippedRows): TableNotice {
  const quote = quoted(text)
  const message =
    count === 1
      ? `Row ${row + 1} is above the table and was skipped: ${quote}.`
      : `${count} rows above the table were skipped. The first is row ${row + 1}: ${quote}.`
  return { code: "sheet.preamble", message, row: row + 1, quotes: [quote] }
}

/** Says that a table below the first was not read. */
export function secondTableNotice({ count, row, text }: SkippedRows): TableNotice {
  const quote = quoted(text)
  const size = count === 1 ? "The row was" : `Its ${count} rows were`
  return {
    code: "table.second",
    message: `Another table begins in row ${row + 1}: ${quote}. ${size} skipped; read it with xlsx({ tables: "all" }).`,
    row: row + 1,
    quotes: [quote],
  }
}

/** Says that the table has no header. */
export function noHeaderNotice(row: number, text: string): TableNotice {
  const quote = quoted(text)
  return {
    code: "header.none",
    message: `The table has no header; its columns are named column_1 and so on. Its first row is row ${row + 1}: ${quote}.`,
    row: row + 1,
    quotes: [quote],
  }
}

/** Says that rows of the table repeat its header. They are rejected; this counts those of the sample. */
export function repeatedNotice({ count, row, text }: SkippedRows): TableNotice {
  const rows = count === 1 ? `Row ${row + 1} repeats the header` : `${count} rows repeat the header. The first is row ${row + 1}`
  const quote = quoted(text)
  return { code: "header.repeated", message: `${rows}: ${quote}.`, row: row + 1, quotes: [quote] }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > shown ? `${text.slice(0, shown)}…` : text)
}
