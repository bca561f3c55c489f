import type { TableNotice } from "../../model/table-facts.ts"
import type { SampleRecord } from "./sample-records.ts"

/** Header cells in the places of the fields that they name. */
export interface AlignedHeader {
  readonly cells: readonly (string | null)[]
  readonly notices: readonly TableNotice[]
  /** Whether records end with a delimiter that no column follows. */
  readonly trailing: boolean
}

/**
 * Puts the header's cells over the fields of the records, where it has more or fewer of them. Without a header the columns go by number.
 *
 * `body`: regular records of the sample.
 */
export function alignHeader(header: readonly (string | null)[] | undefined, body: readonly SampleRecord[], width: number): AlignedHeader {
  const empty = (column: number) => body.length > 0 && body.every(({ fields }) => fields[column] === "")
  const trailing = width > 1 && empty(width - 1) && (header === undefined ? body.length > 1 : isBlank(header[width - 1]))
  const columns = trailing ? width - 1 : width
  if (header === undefined) return { cells: new Array<null>(columns).fill(null), notices: [], trailing }
  const cells = fitted(header, body, columns)
  const notices = header.length === width || trailing ? [] : [widthNotice(header.length, width)]
  return { cells, notices, trailing }
}

function fitted(header: readonly (string | null)[], body: readonly SampleRecord[], columns: number): readonly (string | null)[] {
  const surplus = header.length - columns
  if (surplus === 0) return header
  if (surplus < 0) {
    const missing = new Array<null>(-surplus).fill(null)
    // Statistics programs write the names of rows into a column without a name, and leave even its delimiter out.
    return surplus === -1 && countsRows(body) ? [...missing, ...header] : [...header, ...missing]
  }
  const blank = header.flatMap((cell, at) => (isBlank(cell) ? [at] : []))
  // As many blank cells as there are too many: delimiters that slipped in.
  return blank.length === surplus ? header.filter((_, at) => !blank.includes(at)) : header
}

function countsRows(body: readonly SampleRecord[]): boolean {
  return body.length > 1 && body.every(({ fields }, at) => fields[0] === String(at + 1))
}

function isBlank(cell: string | null | undefined): boolean {
  return cell === undefined || cell === null || cell.trim() === ""
}

function widthNotice(header: number, width: number): TableNotice {
  return { code: "csv.header_width", message: `The header has ${header} fields, most records have ${width}.` }
}
