import { shownText } from "../errors/shown-text.ts"
import type { DeliveryReport } from "../model/run-report.ts"
import type { ProposedColumn } from "../profile/proposal.ts"
import { textTable } from "./text-table.ts"

/** What the plan keeps of a proposal. */
type InferredColumn = Pick<ProposedColumn, "kind" | "reading" | "nullTexts" | "evidence"> & {
  readonly odd: Pick<ProposedColumn["odd"], "cells" | "rows">
  readonly doubt?: string
}

/** The columns that are shown, so that a summary fits on a screen. */
const mostColumns = 15
const longestName = 30
const longestNote = 100

/** The kinds of the columns that were inferred, with what speaks against them. Columns with nothing to say are left out first. */
export function columnLines({ plan }: DeliveryReport): readonly string[] {
  const columns = inferredColumns(plan["dialects"]).map(([name, column]) => [name, column.kind, noteOf(column)] as const)
  if (columns.length === 0) return []
  const silent = columns.filter(([, , note]) => note === "")
  const surplus = Math.max(0, columns.length - mostColumns)
  const dropped = new Set(silent.slice(Math.max(0, silent.length - surplus)))
  const shown = columns.filter((column) => !dropped.has(column)).slice(0, mostColumns)
  const more = columns.length - shown.length
  const rows = shown.map(([name, kind, note]) => [shownText(name, longestName), kind, shownText(note, longestNote)])
  return [
    ...textTable(["column", "kind", ""], rows).map((line) => `    ${line}`.trimEnd()),
    ...(more === 0 ? [] : [`    and ${more} more; --json shows all of them`]),
  ]
}

function inferredColumns(dialects: unknown): readonly (readonly [name: string, column: InferredColumn])[] {
  return Object.values(objectOf(dialects)).flatMap((facts) =>
    Object.entries(objectOf(objectOf(facts)["inferred"])).filter((entry): entry is [string, InferredColumn] => isInferred(entry[1])),
  )
}

/** Only `inferContract` writes these facts. */
function isInferred(column: unknown): column is InferredColumn {
  return typeof objectOf(column)["kind"] === "string" && typeof objectOf(column)["evidence"] === "object"
}

function objectOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null ? (value as { readonly [key: string]: unknown }) : {}
}

function noteOf({ reading, nullTexts, evidence, odd, doubt }: InferredColumn): string {
  const { formats = [], locale, pivot, percent, currency, group } = reading
  const nulled = nullTexts.map(({ text, cells }) => `${cells} x ${text}`).slice(0, 3)
  return [
    ...(doubt === undefined ? [] : [doubt]),
    ...(odd.cells === 0 ? [] : [`${odd.cells} of ${evidence.cells} cells disagree, first in row ${odd.rows[0]}`]),
    ...(nulled.length === 0 ? [] : [`read as null: ${nulled.join(", ")}`]),
    ...(formats.length === 0 ? [] : [formats.slice(0, 3).join(", ")]),
    ...(locale === undefined ? [] : [`months in ${locale}`]),
    ...(pivot === undefined ? [] : [`years ${pivot} to ${pivot + 99}`]),
    ...(reading.decimal === "," ? ["decimal comma"] : group === "," ? ["grouped by commas"] : []),
    ...(currency === undefined ? [] : [currency]),
    ...(percent === true ? ["12 % is 0.12"] : []),
  ].join("; ")
}
