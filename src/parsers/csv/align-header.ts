import type { TableNotice } from "../../model/table-facts.ts"
import type { SampleRecord } from "./dialect/sample-records.ts"

/** The header's cells, one for each column. */
export interface AlignedHeader {
  readonly cells: readonly (string | null)[]
  readonly notices: readonly TableNotice[]
}

/**
 * Counts the columns of the regular records. Fields at the end that are blank in every record, including the header, are only trailing
 * delimiters; spreadsheets write them after the last column.
 */
export function columnsOf(records: readonly SampleRecord[], width: number): number {
  const regular = records.filter(({ fields }) => fields.length === width)
  if (records.length < 2) return width
  let columns = width
  while (columns > 1 && regular.every(({ fields }) => isBlank(fields[columns - 1]))) columns--
  return regular.length === 0 ? width : columns
}

/** The cells of a record without the blank ones after the last column. */
export function withinColumns(cells: readonly string[], columns: number): readonly string[] {
  let end = cells.length
  while (end > columns && isBlank(cells[end - 1])) end--
  return end === cells.length ? cells : cells.slice(0, end)
}

/**
 * Aligns the header's cells with the columns if the header has more or fewer cells. Without a header, the columns are numbered.
 *
 * `body`: the regular records of the sample.
 */
export function alignHeader(header: readonly (string | null)[] | undefined, body: readonly SampleRecord[], columns: number): AlignedHeader {
  if (header === undefined) return { cells: new Array<null>(columns).fill(null), notices: [] }
  return { cells: fitted(header, body, columns), notices: header.length === columns ? [] : [widthNotice(header.length, columns)] }
}

function fitted(header: readonly (string | null)[], body: readonly SampleRecord[], columns: number): readonly (string | null)[] {
  const surplus = header.length - columns
  if (surplus === 0) return header
  if (surplus < 0) {
    const missing = new Array<null>(-surplus).fill(null)
    // Statistics programs write row names into a column without a name, and leave out even its delimiter.
    return surplus === -1 && countsRows(body) ? [...missing, ...header] : [...header, ...missing]
  }
  const blank = header.flatMap((cell, at) => (isBlank(cell) ? [at] : []))
  // There are exactly as many blank cells as there are extra ones, so the extra delimiters made them.
  return blank.length === surplus ? header.filter((_, at) => !blank.includes(at)) : header
}

function countsRows(body: readonly SampleRecord[]): boolean {
  return body.length > 1 && body.every(({ fields }, at) => fields[0] === String(at + 1))
}

function isBlank(cell: string | null | undefined): boolean {
  return cell === undefined || cell === null || cell.trim() === ""
}

function widthNotice(header: number, width: number): TableNotice {
  return {
    code: "csv.header_width",
    message: `The header has ${header} ${header === 1 ? "field" : "fields"}, but most records have ${width}.`,
  }
}
