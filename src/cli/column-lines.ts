import { counted } from "../errors/counted.ts"
import { shownText } from "../errors/shown-text.ts"
import type { ColumnReport } from "../model/column-report.ts"
import type { DeliveryReport } from "../model/run-report.ts"
import type { ProposedColumn } from "../profile/proposal.ts"
import { textTable } from "./text-table.ts"

/** What the plan keeps of a proposal. */
type InferredColumn = Pick<ProposedColumn, "kind" | "reading" | "nullTexts" | "evidence"> & {
  readonly column: string
  readonly odd: Pick<ProposedColumn["odd"], "cells" | "rows">
  readonly doubt?: string
  readonly localeDecides?: boolean
  readonly remarks?: readonly { readonly reason: string }[]
}

/** The columns that are shown, so that a summary fits on a screen. */
const mostColumns = 8
/** Those beside rejects, which take lines too. */
const mostBesideRejects = 5
const longestName = 30
const longestNote = 100
/** The columns that a remark names. */
const mostRemarked = 5

interface ShownColumn extends ColumnReport {
  readonly note: string
}

/** The columns of a delivery with what is to be known about them, in the order of the file. Columns with nothing to say are left out first. */
export function columnLines({ plan, rejected, columns = [] }: DeliveryReport): readonly string[] {
  const inferred = new Map(inferredColumns(plan["dialects"]).map((column) => [column.column, column]))
  const all = columns.map((column): ShownColumn => ({ ...column, note: noteOf(column, inferred.get(column.name ?? "")) }))
  // Without a contract, there is nothing to say but the header.
  if (all.every((column) => column.kind === undefined && isSilent(column) && column.name === column.header)) return []
  const isPlain = (column: ShownColumn) => column.header === column.name
  const plain = all.filter((column) => isSilent(column) && isPlain(column))
  const silent = [...all.filter((column) => isSilent(column) && !isPlain(column)), ...plain]
  // A contract has said what the columns are; a file without one shows how it was read.
  const known = inferred.size === 0 && plain.length > 1 && plain.length < all.length ? plain.length : 0
  const most = rejected > 0 && inferred.size === 0 ? mostBesideRejects : mostColumns
  const surplus = Math.max(known, all.length - most)
  const dropped = new Set(silent.slice(Math.max(0, silent.length - surplus)))
  const shown = all.filter((column) => !dropped.has(column)).slice(0, most)
  const more = all.length - shown.length
  const parts = partsOf(shown)
  const rows = shown.map((column) => parts.map(({ textOf }) => textOf(column)))
  const names = parts.map(({ name }) => name)
  return [
    ...textTable(names, rows).map((line) => `    ${line}`.trimEnd()),
    ...(more === 0 ? [] : [`    and ${more} more; --json shows all of them`]),
    ...remarkLines([...inferred.values()]),
    ...([...inferred.values()].some(({ localeDecides }) => localeDecides === true)
      ? ["    Say with --locale how the file writes dates and numbers, such as --locale de, to read the open ones."]
      : []),
  ]
}

/** A line for each kind of remark, with the columns that it is about. The note of a column shows how years of two digits are read. */
function remarkLines(inferred: readonly InferredColumn[]): readonly string[] {
  const byReason = new Map<string, string[]>()
  for (const { column, remarks = [], reading } of inferred)
    for (const { reason } of remarks) {
      if (reading.pivot !== undefined && reason.startsWith("Years of two digits")) continue
      byReason.set(reason, [...(byReason.get(reason) ?? []), shownText(column, longestName)])
    }
  return [...byReason].map(([reason, columns]) => {
    const more = columns.length - mostRemarked
    const names = more > 0 ? `${columns.slice(0, mostRemarked).join(", ")} and ${more} more` : columns.join(", ")
    return `    ${names}: ${reason}`
  })
}

interface Part {
  readonly name: string
  textOf(column: ShownColumn): string
}

/** The columns of the table. Those that would be empty, or repeat another one, are left out. */
function partsOf(shown: readonly ShownColumn[]): readonly Part[] {
  const isSame = shown.every(({ header, name }) => header === name)
  const name: Part = { name: "column", textOf: (column) => shownText(column.name ?? "", longestName) }
  const header: Part = { name: "header", textOf: (column) => shownText(column.header ?? "", longestName) }
  const counts = (["nulls", "errors", "warnings"] as const).map((each): Part => ({ name: each, textOf: (column) => String(column[each]) }))
  return [
    ...(isSame ? [name] : [header, name]),
    { name: "kind", textOf: ({ kind = "" }) => kind },
    ...counts.filter(({ textOf }) => shown.some((column) => textOf(column) !== "0")),
    { name: "", textOf: ({ note }) => shownText(note, longestNote) },
  ]
}

function isSilent({ note, nulls, errors, warnings }: ShownColumn): boolean {
  return note === "" && nulls + errors + warnings === 0
}

function inferredColumns(dialects: unknown): readonly InferredColumn[] {
  return Object.values(objectOf(dialects)).flatMap((facts) => {
    const { inferred } = objectOf(facts)
    return Array.isArray(inferred) ? inferred.filter(isInferred) : []
  })
}

/** Only `inferContract` writes these facts. */
function isInferred(column: unknown): column is InferredColumn {
  return typeof objectOf(column)["kind"] === "string" && typeof objectOf(column)["evidence"] === "object"
}

function objectOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null ? (value as { readonly [key: string]: unknown }) : {}
}

function noteOf({ header, name }: ColumnReport, inferred: InferredColumn | undefined): string {
  if (name === null) return "not loaded"
  if (inferred !== undefined) return readingOf(inferred)
  return header === null ? "not in the file" : ""
}

function readingOf({ reading, nullTexts, evidence, odd, doubt }: InferredColumn): string {
  const { formats = [], locale, pivot, percent, currency, group } = reading
  const nulled = nullTexts.map(({ text, cells }) => `${cells} x ${text}`).slice(0, 3)
  return [
    ...(doubt === undefined ? [] : [doubt]),
    ...(odd.cells === 0
      ? []
      : [`${odd.cells} of ${counted(evidence.cells, "cell")} ${odd.cells === 1 ? "disagrees" : "disagree"}, first in row ${odd.rows[0]}`]),
    ...(nulled.length === 0 ? [] : [`read as null: ${nulled.join(", ")}`]),
    ...(formats.length === 0 ? [] : [formats.slice(0, 3).join(", ")]),
    ...(locale === undefined ? [] : [`months in ${locale}`]),
    ...(pivot === undefined ? [] : [`years ${pivot} to ${pivot + 99}`]),
    ...(reading.decimal === "," ? ["decimal comma"] : group === "," ? ["grouped by commas"] : []),
    ...(currency === undefined ? [] : [currency]),
    ...(percent === true ? ["12 % is 0.12"] : []),
  ].join("; ")
}
