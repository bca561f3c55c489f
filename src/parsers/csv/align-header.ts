import type { TableNotice } from "../../model/table-facts.ts"
import { apparentKind } from "../header/apparent-kind.ts"
import type { SampleRecord } from "./dialect/sample-records.ts"
import { haveDecimalCommas } from "./layout/decimal-commas.ts"

/** The header's cells, one for each column, and the width that they give the table. */
export interface AlignedHeader {
  readonly cells: readonly (string | null)[]
  /** How many fields a regular record has. */
  readonly width: number
  readonly notices: readonly TableNotice[]
}

/** What `alignHeader` compares. */
export interface HeaderAlignment {
  /** Undefined if the table has none; its columns are then numbered. */
  readonly header: readonly (string | null)[] | undefined
  /** The records below the header. */
  readonly body: readonly SampleRecord[]
  /** How many fields most of them have, and how many of those are columns. */
  readonly width: number
  readonly columns: number
  /** Whether commas separate the fields. */
  readonly hasCommas: boolean
  /** Whether the records decide, because someone has said so. */
  readonly keepsRecords: boolean
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
 * Aligns the header with the records below it. The header decides how many fields a record has, and records that do not fit are rejected, with
 * these exceptions, in which all records agree:
 *
 * - The header has names for more columns than any record has: those columns are empty.
 * - It has too many delimiters: as many blank names as it has fields too many.
 * - It is one name short, because statistics programs give the column of row names no name.
 */
export function alignHeader(alignment: HeaderAlignment): AlignedHeader {
  const { header, body, width, columns, keepsRecords } = alignment
  if (header === undefined) return { cells: new Array<null>(columns).fill(null), width, notices: [] }
  const names = header.length
  if (names === columns) return { cells: header, width, notices: [] }
  const isShared = body.some(({ fields }) => fields.length === names)
  const notices = [widthNotice(names, columns)]
  if (names > columns) {
    const filled = header.filter((cell) => !isBlank(cell))
    if (names > width && filled.length <= width && filled.length >= columns) return { cells: filled, width, notices }
    if (names <= width || !isShared) return { cells: header, width, notices }
    return { cells: header, width: names, notices: [widthNotice(names, columns, true)] }
  }
  if (keepsRecords) return { cells: [...header, ...new Array<null>(columns - names).fill(null)], width, notices }
  const isDecimal = alignment.hasCommas && haveDecimalCommas(body, names, width)
  if (!isShared && !isDecimal && names === columns - 1 && namesRows(header, body, width))
    return { cells: [null, ...header], width, notices }
  return { cells: header, width: names, notices: [widthNotice(names, columns, true), ...(isDecimal ? [decimalNotice] : [])] }
}

const decimalNotice: TableNotice = {
  code: "csv.decimal_comma",
  message:
    "The numbers of the records stand in pairs, for which the header has one name each: the file seems to have decimal commas without quotes, and commas " +
    "between fields. Export it again with quotes or with another delimiter.",
}

const identifier = /^(?:id|nr|no|num|number|key|code|index|row|#)\.?$|[_\s.-]id$|[a-z]Id$/i

/**
 * Whether the first fields are names of rows, and the header has none for them: they count the rows, or they are quoted texts that differ. A comma
 * in a text also makes a record one field longer, but then a blank follows it.
 */
function namesRows(header: readonly (string | null)[], body: readonly SampleRecord[], width: number): boolean {
  const rows = body.filter(({ fields }) => fields.length === width)
  if (rows.length < 2 || rows.length < body.length || identifier.test(header[0]?.trim() ?? "")) return false
  for (let j = 1; j < width; j++) {
    const spaced = rows.filter(({ fields, quoted }) => quoted[j] !== true && fields[j]?.startsWith(" ") === true).length
    if (spaced * 2 > rows.length) return false
  }
  if (rows.every(({ fields }, at) => fields[0] === String(at + 1))) return true
  const names = rows.map(({ fields }) => fields[0] ?? "")
  const quoted = rows.every((row) => row.quoted[0] === true)
  const values = rows.every(({ fields }) => fields.slice(1).every((field) => apparentKind(field) !== "text"))
  return (
    new Set(names).size === names.length &&
    !names.some(isBlank) &&
    (quoted || (values && names.every((name) => apparentKind(name) === "text")))
  )
}

function isBlank(cell: string | null | undefined): boolean {
  return cell === undefined || cell === null || cell.trim() === ""
}

function widthNotice(header: number, width: number, isRejected = false): TableNotice {
  return {
    code: "csv.header_width",
    message: `The header has ${header} ${header === 1 ? "field" : "fields"}, but most records have ${width}.${
      isRejected ? ' They are rejected; pass csv({ names }) with a name for each field, or csv({ ragged: "keep" }), to load them.' : ""
    }`,
  }
}
