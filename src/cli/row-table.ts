import { counted } from "../errors/counted.ts"
import { cutToWidth, displayWidth } from "./display-width.ts"
import type { Line, Span } from "./style.ts"
import { visibleText } from "./visible-text.ts"

/** Longer values are cut, also where no terminal limits them. */
const mostOfCell = 200
/** A column is cut to this width before columns are left out. */
const leastOfColumn = 10
const gap = "  "

/** Rows of a database below the names of their columns. */
export interface RowTable {
  readonly names: readonly string[]
  /** The texts of each row; null for NULL. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** The columns of the terminal. Undefined if there is no limit. */
  readonly width: number | undefined
}

interface Column {
  readonly name: string
  readonly cells: readonly Cell[]
  readonly width: number
  readonly isNumeric: boolean
}

interface Cell {
  readonly text: string
  readonly isNull: boolean
}

/**
 * The rows with aligned columns, cut to the width of the terminal: first long values, then columns at the end. NULL is written as such, and the
 * texts "NULL" and "" in quotes.
 */
export function rowTableLines({ names, rows, width }: RowTable): readonly Line[] {
  const all = names.map((name, at) =>
    columnOf(
      name,
      rows.map((row) => row[at] ?? null),
    ),
  )
  const shown = width === undefined ? all : fitting(all, width)
  const line = (partsOf: (column: Column) => readonly [text: string, style: Span["style"] | undefined]): Line =>
    shown.flatMap((column, at): Line => {
      const isLast = at === shown.length - 1
      const [text, style] = partsOf(column)
      const cut = cutToWidth(text, column.width)
      const blanks = " ".repeat(column.width - displayWidth(cut))
      const part = style === undefined ? cut : { text: cut, style }
      const ends = isLast ? [] : [gap]
      return column.isNumeric ? [blanks, part, ...ends] : [part, isLast ? "" : blanks, ...ends]
    })
  const hidden = all.slice(shown.length).map(({ name }) => name)
  return [
    line(({ name }) => [name, "bold"]),
    ...rows.map((_, row) => line(({ cells }) => [cells[row]?.text ?? "", cells[row]?.isNull === true ? "dim" : undefined])),
    ...(hidden.length === 0 ? [] : [hiddenLine(hidden, width ?? 0)]),
  ]
}

/** Names the columns that are left out, as far as the terminal is wide. */
function hiddenLine(names: readonly string[], width: number): string {
  const begin = `and ${counted(names.length, "more column", "more columns")} (--json): `
  return begin + cutToWidth(names.join(", "), Math.max(leastOfColumn, width - begin.length))
}

function columnOf(header: string, values: readonly (string | null)[]): Column {
  const name = visibleText(header, mostOfCell)
  const cells = values.map(cellOf)
  return {
    name,
    cells,
    width: Math.max(displayWidth(name), ...cells.map(({ text }) => displayWidth(text))),
    isNumeric: values.some((value) => value !== null) && values.every((value) => value === null || /^-?[\d.]+$/.test(value)),
  }
}

function cellOf(value: string | null): Cell {
  if (value === null) return { text: "NULL", isNull: true }
  return { text: value === "" || value === "NULL" ? `"${value}"` : visibleText(value, mostOfCell), isNull: false }
}

/** The columns, each as wide as all can be; the last ones are left out if even narrow ones do not fit. */
function fitting(columns: readonly Column[], width: number): readonly Column[] {
  const total = (cap: number, some = columns) => some.reduce((sum, column) => sum + Math.min(cap, column.width) + gap.length, -gap.length)
  let cap = Math.max(leastOfColumn, ...columns.map((column) => column.width))
  while (cap > leastOfColumn && total(cap) > width) cap--
  let many = columns.length
  while (many > 1 && total(cap, columns.slice(0, many)) > width) many--
  return columns.slice(0, many).map((column) => ({ ...column, width: Math.min(cap, column.width, width) }))
}
