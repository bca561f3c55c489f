import { headerKey } from "../../../binding/match-headers.ts"
import { shownText } from "../../../errors/shown-text.ts"
import type { TableNotice } from "../../../model/table-facts.ts"
import { apparentKind } from "../../header/apparent-kind.ts"
import { findHeader } from "../../header/header-row.ts"
import { type CellRange, formatColumns } from "../a1.ts"
import type { HeadSample } from "./head-sample.ts"

/** Columns between blank ones that have a header and rows of their own. */
export interface TableBeside {
  readonly left: number
  readonly right: number
  readonly names: readonly string[]
  /** Counted from 0. */
  readonly headerRow: number
  /** The last of its rows, as far as they were looked at. */
  readonly last: number
  /** Whether a blank row is among its rows. */
  readonly hasGaps: boolean
  /** Whether its first column, which names the rows, has text. */
  readonly isNamed: boolean
}

const longestName = 60
const mostTables = 5
const mostNames = 8

/** The tables that stand side by side in a sample, with blank columns between them. Empty if there is only one. */
export function tablesBeside(
  sample: HeadSample,
  within: (columns: Pick<CellRange, "left" | "right">) => HeadSample,
): readonly TableBeside[] {
  const runs: { left: number; right: number }[] = []
  for (const column of sample.columns(0, undefined)) {
    const run = runs.at(-1)
    if (run !== undefined && column === run.right + 1) run.right = column
    else runs.push({ left: column, right: column })
  }
  const wide = runs.filter(({ left, right }) => right > left)
  if (wide.length < 2) return []
  const tables = wide.flatMap((run) => tableOf(run, within(run)) ?? [])
  return tables.length > 1 ? tables : []
}

function tableOf({ left, right }: { left: number; right: number }, sample: HeadSample): TableBeside | undefined {
  const rows = sample.rows()
  const header = findHeader(rows.map(({ cells }) => cells))
  const row = header.row === undefined ? undefined : rows[header.row]
  if (row === undefined || header.dataRow >= rows.length) return undefined
  const names = Array.from({ length: right - left + 1 }, (_, at) => header.cells[at] ?? "")
  if (!names.every((name) => name.length <= longestName && apparentKind(name) === "text")) return undefined
  const body = rows.slice(header.dataRow)
  return {
    left,
    right,
    names,
    headerRow: row.row,
    last: rows.at(-1)?.row ?? row.row,
    hasGaps: body.some(({ cells }) => cells.length === 0),
    isNamed: body.some(({ cells }) => apparentKind(cells[0] ?? null) === "text"),
  }
}

/**
 * Whether tables side by side are tables of their own: their headers are in different rows, their first columns have the same name, two or more columns are
 * between them, or one of them ends before the other.
 */
export function areSeparate(tables: readonly TableBeside[]): boolean {
  return tables.some((table, at) => {
    const other = tables[at - 1]
    if (other === undefined) return false
    const [shorter] = [table, other].sort((a, b) => a.last - b.last)
    return (
      table.headerRow !== other.headerRow ||
      headerKey(table.names[0] ?? "") === headerKey(other.names[0] ?? "") ||
      table.left - other.right > 2 ||
      (table.last !== other.last && shorter?.hasGaps === false)
    )
  })
}

/** Says that tables side by side were read as one. Without evidence, each must at least have a column of texts, which may name its rows. */
export function besideNotice(tables: readonly TableBeside[]): TableNotice | undefined {
  const separate = areSeparate(tables)
  if (tables.length < 2 || (!separate && !tables.every(({ isNamed }) => isNamed))) return undefined
  const list = tables.slice(0, mostTables).map((table) => `${formatColumns(table)} (${namesText(table.names)})`)
  const all = list.length < tables.length ? `${list.join(", ")} and more` : `${list.slice(0, -1).join(", ")} and ${list.at(-1)}`
  const remedy = separate
    ? 'To get tables of their own, read them with xlsx({ tables: "all" }).'
    : "If they are tables of their own, read each with the option range."
  return { code: "table.beside", message: `Blank columns separate ${all}, which were read as one table. ${remedy}` }
}

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map((name) => shownText(name))
  return names.length > shown.length ? `${shown.join(", ")}, …` : shown.join(", ")
}
