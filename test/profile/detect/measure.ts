import { detect } from "../../../src/pipeline/tables/detect.ts"
import { bytes } from "../../../src/sources/bytes.ts"
import type { CleanTable } from "./clean-tables.ts"
import type { DamagedTable, DamageKind } from "./damage.ts"

/** How well suspicion met damage. */
export interface Measure {
  readonly cells: number
  readonly changed: number
  /** Suspect cells among the changed ones. */
  readonly found: number
  /** Suspect cells that were not changed. */
  readonly falseAlarms: number
}

/** Writes a table as csv. */
export function csvOf({ columns, rows }: CleanTable): Buffer {
  const line = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")
  return Buffer.from(`${[columns.map(({ name }) => name), ...rows].map(line).join("\n")}\n`)
}

/** The suspect cells of a table, as `row:column` from 0. */
export async function suspectsOf(table: CleanTable, least?: number): Promise<ReadonlySet<string>> {
  const places = new Map(table.columns.map(({ name }, at) => [name, at]))
  const found = new Set<string>()
  for await (const { row, column } of detect(bytes(csvOf(table)), { header: 1, least })) found.add(`${row - 2}:${places.get(column)}`)
  return found
}

/** Compares what is suspect in a damaged table with what was changed. Cells that are suspect in the clean table too are not counted as found. */
export async function measure(table: DamagedTable, kind: DamageKind, before: ReadonlySet<string>): Promise<Measure> {
  const suspects = await suspectsOf(table)
  const isFound = (cell: string) => {
    if (kind !== "duplicate") return suspects.has(cell)
    const [row] = cell.split(":")
    return table.columns.some((_, at) => suspects.has(`${row}:${at}`))
  }
  const found = [...table.changed].filter(isFound).length
  const rows = new Set(kind === "duplicate" ? [...table.changed].map((cell) => cell.split(":")[0]) : [])
  const falseAlarms = [...suspects].filter((cell) => !table.changed.has(cell) && !before.has(cell) && !rows.has(cell.split(":")[0])).length
  return { cells: table.rows.length * table.columns.length, changed: table.changed.size, found, falseAlarms }
}
