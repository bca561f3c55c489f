import type { Batches } from "../model/batch.ts"
import { TableBatch } from "../model/table-batch.ts"
import { ColumnEvidence } from "./column-evidence.ts"
import type { Proposal } from "./proposal.ts"

/** Options of `propose`. */
export interface ProposeOptions {
  /** The most rows to sample, in whole batches. Default: 100,000. */
  readonly rows?: number | undefined
}

/** Samples the first table of some batches and proposes a kind for each column. It only proposes: no cell is read by it until you use it. */
export async function propose(batches: Batches<unknown>, options: ProposeOptions = {}): Promise<Proposal> {
  const evidence = new Map<string, ColumnEvidence>()
  let table: string | undefined
  let rows = 0
  for await (const given of batches) {
    const batch = TableBatch.from(given)
    table ??= batch.table.name
    if (batch.table.name !== table) break
    for (const name of batch.names) {
      const column = batch.column(name)
      const known = evidence.get(name) ?? new ColumnEvidence()
      evidence.set(name, known)
      if (column !== undefined) known.add(column)
    }
    rows += batch.length
    if (rows >= (options.rows ?? 100_000)) break
  }
  return { table: table ?? "", rows, columns: [...evidence].map(([name, known]) => known.proposal(name)) }
}
