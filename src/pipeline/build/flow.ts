import { blanksToNull } from "../../cells/blank-cells.ts"
import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { Batches } from "../../model/batch.ts"
import { TableBatch } from "../../model/table-batch.ts"
import { declareAll, runStages } from "./compose.ts"
import type { AnyRow, Definition } from "./definition.ts"

/** A file through the parser and all stages, which may all have to be done with a batch before its memory is filled again. */
export async function* flow(definition: Definition, file: SourceFile, context: Context): AsyncGenerator<TableBatch<AnyRow>> {
  const reuse = context.reuse === true && declareAll(definition.stages).reuse === true
  let batches: Batches<AnyRow> = entry(definition.parser.parse(file, { ...context, reuse }), definition.blanksAreNull, context.signal)
  batches = runStages(definition.stages, batches, context)
  for await (const batch of batches) yield TableBatch.from(batch)
}

/** Where every delivery can be stopped, and where a blank cell becomes null, so that all formats give the same rows. */
async function* entry(batches: Batches<unknown>, blanksAreNull: boolean, signal: AbortSignal): AsyncGenerator<TableBatch<AnyRow>> {
  for await (const given of batches) {
    signal.throwIfAborted()
    const batch = TableBatch.from<AnyRow>(given)
    const { names, columns, absent } = batch.shape
    yield blanksAreNull ? batch.withShape({ names, columns: columns.map((column) => blanksToNull(column)), absent }) : batch
  }
}
