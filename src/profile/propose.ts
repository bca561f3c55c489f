import type { Batches } from "../model/batch.ts"
import { TableBatch } from "../model/table-batch.ts"
import { ColumnEvidence } from "./column-evidence.ts"
import { localeHabits } from "./locale-habits.ts"
import { ordinaryRows } from "./ordinary-rows.ts"
import type { Proposal, ProposedColumn } from "./proposal.ts"
import { proposedColumns } from "./proposed-columns.ts"

/** Options of `propose`. */
export interface ProposeOptions {
  /** The most rows to sample, in whole batches. Default: 100,000. */
  readonly rows?: number | undefined
  /**
   * The locale of the people who made the file, as a BCP 47 tag such as `"de"`. It decides what cells leave open: whether `1.234` is a thousand, and
   * whether `03/04/2024` begins with the day. Default: such columns stay text.
   */
  readonly locale?: string | undefined
}

/** Samples the first table of some batches and proposes a kind for each column. It only proposes: no cell is read by it until you use it. */
export async function propose(batches: Batches<unknown>, options: ProposeOptions = {}): Promise<Proposal> {
  const habits = options.locale === undefined ? undefined : localeHabits(options.locale)
  const evidence = new Map<string, ColumnEvidence>()
  const decimals = new Set<string>()
  const most = options.rows ?? 100_000
  let table: string | undefined
  let rows = 0
  for await (const given of batches) {
    const all = TableBatch.from(given)
    const batch = ordinaryRows(all)
    table ??= batch.table.name
    if (batch.table.name !== table) break
    for (const { column } of all.table.decimals ?? []) decimals.add(column)
    if (all.length > 0) add(batch, evidence, rows, most)
    rows += batch.length
    if (rows >= most) break
  }
  return { table: table ?? "", rows, columns: proposedColumns([...evidence], habits).map((column) => asDeclared(column, decimals)) }
}

/** Columns that come late were null before. */
function add(batch: TableBatch, evidence: Map<string, ColumnEvidence>, rowsBefore: number, most: number): void {
  for (const name of batch.names) {
    const known = evidence.get(name) ?? new ColumnEvidence(most)
    if (!evidence.has(name)) {
      known.nulls = rowsBefore
      evidence.set(name, known)
    }
    const column = batch.column(name)
    if (column === undefined) known.nulls += batch.length
    else known.add(column, (row) => batch.origin(row).row)
  }
}

/** A column that the file declares as decimals is one even if all cells of the sample are whole numbers, or none has a value. */
function asDeclared(column: ProposedColumn, decimals: ReadonlySet<string>): ProposedColumn {
  const isOpen = column.kind === "integer" || (column.kind === "text" && column.evidence.cells === 0)
  return isOpen && decimals.has(column.name) ? { ...column, kind: "decimal" } : column
}
