import { counted } from "../errors/counted.ts"
import { shownText } from "../errors/shown-text.ts"
import type { NormalizedCell } from "../model/normalized-cells.ts"
import type { DeliveryReport } from "../model/run-report.ts"
import { textTable } from "./text-table.ts"

const mostColumns = 15
const longestName = 30
const longestText = 40

/** What normalizing changed, a line for each column with an example. The columns with most changes come first. */
export function changeLines({ normalized, score }: DeliveryReport): readonly string[] {
  // Without a score, the rows were not read.
  if (normalized === undefined) return score === undefined ? [] : ["  normalizing changed no cell"]
  const columns = Object.entries(normalized.columns).sort(([, one], [, other]) => other.cells - one.cells)
  const rows = columns
    .slice(0, mostColumns)
    .map(([name, { cells, examples }]) => [shownText(name, longestName), whole(cells), exampleText(examples[0])])
  const more = columns.length - rows.length
  return [
    `  what normalizing changed in ${counted(normalized.examined, "row")}`,
    ...textTable(["column", "cells", "for example"], rows).map((line) => `    ${line}`.trimEnd()),
    ...(more === 0 ? [] : [`    and ${more} more; --json shows all of them`]),
  ]
}

function exampleText(example: NormalizedCell | undefined): string {
  if (example === undefined) return ""
  const { row, line, address, before, after } = example
  return `${address ?? (line === undefined ? `row ${row}` : `line ${line}`)}: ${shown(before)} -> ${after === null ? "null" : shown(after)}`
}

function shown(text: string): string {
  return JSON.stringify(shownText(text, longestText))
}

function whole(value: number): string {
  return value.toLocaleString("en-US")
}
