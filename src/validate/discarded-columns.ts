import { proposedHeaders } from "../binding/nearest-headers.ts"
import type { Plan } from "../contract/plan.ts"
import { shownText } from "../errors/shown-text.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { TableNotice } from "../model/table-facts.ts"
import type { SchemaColumn } from "./schema-column.ts"

/** How many columns a notice names, and for how many a declared one is looked for. */
const mostNamed = 20
const mostCompared = 100

/**
 * Notices about the columns of a file that a schema drops because it does not name them. One that probably means a declared column, which the file lacks,
 * has its own.
 */
export function discardNotices(batch: TableBatch, declared: readonly SchemaColumn[], plan: Plan | undefined): readonly TableNotice[] {
  const { header, growing, evolving = [], name: table } = batch.table
  const names = new Set(declared.map(({ name }) => name))
  const inFile = new Set(header)
  const headers = new Map(plan?.headers(table))
  const dropped = batch.names
    .filter((name) => !names.has(name) && !evolving.includes(name) && !(batch.column(name) instanceof MissingColumn))
    .map((name) => headers.get(name) ?? name)
    .filter((name) => growing === true || inFile.has(name))
  if (dropped.length === 0) return []
  const lacking = declared.flatMap(({ name }) => ((batch.column(name) ?? null) === null || headers.get(name) === null ? [name] : []))
  const near = new Map(
    dropped.slice(0, mostCompared).flatMap((column) => {
      const proposed = proposedHeaders([{ name: column, aliases: [] }], lacking).get(column)
      return proposed === undefined ? [] : [[column, proposed.header] as const]
    }),
  )
  const others = dropped.filter((column) => !near.has(column))
  return [
    ...[...near].map(([column, nearest]) => discardNotice([column], nearest)),
    ...(others.length === 0 ? [] : [discardNotice(others)]),
  ]
}

function discardNotice(columns: readonly string[], nearest?: string): TableNotice {
  const [only = "", ...more] = columns
  const code = "column.discarded"
  if (more.length === 0) {
    const rest = nearest === undefined ? "" : ` The nearest declared column is "${shownText(nearest)}".`
    return { code, message: `The column "${shownText(only)}" is not declared and was left out.${rest}`, column: only }
  }
  const listed = columns
    .slice(0, mostNamed)
    .map((column) => `"${shownText(column)}"`)
    .join(", ")
  const unlisted = columns.length > mostNamed ? ` and ${columns.length - mostNamed} more` : ""
  return { code, message: `The columns ${listed}${unlisted} are not declared and were left out.` }
}
