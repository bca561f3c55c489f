import type { Context } from "../../contract/context.ts"
import type { Batches } from "../../model/batch.ts"
import { TableBatch } from "../../model/table-batch.ts"
import { runStages } from "../build/compose.ts"
import type { AnyRow, Definition } from "../build/definition.ts"
import { entry } from "../build/flow.ts"
import { splitStages } from "./split-stages.ts"

/** Passes the batches of the parser through the stages of the normalizer. */
export function normalizeBatches(definition: Definition, batches: Batches<unknown>, context: Context): AsyncGenerator<TableBatch<AnyRow>> {
  const { normalizer, validator } = splitStages(definition)
  return tableBatches(runStages(normalizer, entry(batches, definition, context.signal), context, { follow: validator }))
}

/** Passes the batches of the normalizer through the stages of the validator. */
export function validateBatches(definition: Definition, batches: Batches<unknown>, context: Context): AsyncGenerator<TableBatch<AnyRow>> {
  const { normalizer, validator } = splitStages(definition)
  return tableBatches(runStages(validator, batches, context, { before: normalizer }))
}

async function* tableBatches(batches: Batches<AnyRow>): AsyncGenerator<TableBatch<AnyRow>> {
  for await (const batch of batches) yield TableBatch.from(batch)
}
