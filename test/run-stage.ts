import type { Context } from "../src/contract/context.ts"
import { silentLogger } from "../src/contract/logger.ts"
import { Plan } from "../src/contract/plan.ts"
import type { Stage } from "../src/contract/stage.ts"
import type { Row } from "../src/model/cell-value.ts"
import type { Column } from "../src/model/column.ts"
import { TableBatch } from "../src/model/table-batch.ts"

/** A context that is never aborted, with its own plan. */
export function stageContext(context: Partial<Context> = {}): Context {
  return {
    runId: "run",
    signal: new AbortController().signal,
    logger: silentLogger,
    asOf: new Date("2026-01-01T00:00:00Z"),
    plan: new Plan(),
    ...context,
  }
}

/** A batch of columns, as a parser returns it. */
export function tableOf(columns: { readonly [name: string]: Column<unknown> }, table = "table"): TableBatch<Row> {
  const names = Object.keys(columns)
  const held = Object.values(columns)
  return TableBatch.of<Row>({
    length: held[0]?.length ?? 0,
    table: { name: table, header: names },
    names,
    columns: held,
    origins: { at: (row) => ({ uri: "memory:test", table, row: row + 2 }) },
  })
}

/** Passes batches through a stage and collects the results. */
export async function runStage<In, Out>(
  stage: Stage<In, Out>,
  batches: readonly TableBatch<In>[],
  context: Context = stageContext(),
): Promise<TableBatch<Out>[]> {
  async function* given() {
    yield* batches
  }
  const made: TableBatch<Out>[] = []
  for await (const batch of stage(given(), context)) made.push(TableBatch.from(batch))
  return made
}
