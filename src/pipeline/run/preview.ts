import { Plan } from "../../contract/plan.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { AnyRow, Definition } from "../build/definition.ts"
import { flow } from "../build/flow.ts"
import { rowsInTurns } from "../tables/rows-in-turns.ts"
import { abortable } from "./aborted.ts"
import { runContext } from "./run-context.ts"
import type { BatchesOptions, RunOptions } from "./run-options.ts"
import { scoring } from "./scoring.ts"
import { sourceOfRun } from "./source-of-run.ts"

/** Reads and scores every batch of every file, and loads nothing. */
export async function* previewBatches(definition: Definition, options: BatchesOptions = {}): AsyncGenerator<TableBatch<AnyRow>> {
  const context = { ...runContext(definition, options), reuse: options.reuse }
  for await (const file of abortable(sourceOfRun(definition, options).files(context), context.signal)) {
    const { scorer } = scoring(definition, options.weights, context.asOf)
    for await (const batch of abortable(flow(definition, file, { ...context, plan: new Plan() }), context.signal)) {
      scorer.rate(batch)
      yield batch
    }
  }
}

/** The passing rows of every file as objects. */
export async function* previewRows(definition: Definition, options: RunOptions = {}): AsyncGenerator<AnyRow> {
  yield* rowsInTurns(previewBatches(definition, { ...options, reuse: true }))
}
