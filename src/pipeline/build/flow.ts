import { blanksToNull } from "../../cells/blank-cells.ts"
import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { Batches } from "../../model/batch.ts"
import { TableBatch } from "../../model/table-batch.ts"
import { declareAll, runStages } from "./compose.ts"
import type { AnyRow, Definition } from "./definition.ts"

/** Passes a file through the parser and all stages. Memory is reused only if every stage is done with a batch when it requests the next one. */
export async function* flow(definition: Definition, file: SourceFile, context: Context): AsyncGenerator<TableBatch<AnyRow>> {
  const reuse = context.reuse === true && declareAll(definition.stages).reuse === true
  let batches: Batches<AnyRow> = entry(definition.parser.parse(file, { ...context, reuse }), definition.blanksAreNull, context.signal)
  batches = runStages(definition.stages, batches, context)
  for await (const batch of batches) yield TableBatch.from(batch)
}

/** Stops an aborted delivery, and turns blank cells into null, so all formats give the same rows. */
async function* entry(batches: Batches<unknown>, blanksAreNull: boolean, signal: AbortSignal): AsyncGenerator<TableBatch<AnyRow>> {
  for await (const given of batches) {
    signal.throwIfAborted()
    const batch = TableBatch.from<AnyRow>(given)
    const { names, columns, absent } = batch.shape
    yield blanksAreNull ? batch.withShape({ names, columns: columns.map((column) => blanksToNull(column)), absent }) : batch
  }
}
