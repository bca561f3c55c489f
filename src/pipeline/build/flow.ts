import { blanksToNull } from "../../cells/blank-cells.ts"
import type { Context } from "../../contract/context.ts"
import { normalizes } from "../../contract/rule.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { Batches } from "../../model/batch.ts"
import { TableBatch } from "../../model/table-batch.ts"
import { tracedStage } from "../trace/traced-stage.ts"
import { declareAll, parserContext, runStages } from "./compose.ts"
import type { AnyRow, Definition } from "./definition.ts"

/**
 * Passes a file through the parser and all stages. Memory is reused only if every stage is done with a batch when it requests the next one. `onParsed` is
 * called with each batch of the parser.
 */
export async function* flow(
  definition: Definition,
  file: SourceFile,
  context: Context,
  onParsed?: (batch: TableBatch<AnyRow>) => void,
): AsyncGenerator<TableBatch<AnyRow>> {
  const reuse = context.reuse === true && declareAll(definition.stages).reuse === true
  const trace = (stage: string, position: number) => {
    return { runId: context.runId, pipeline: definition.options.name, uri: file.uri, stage, position }
  }
  const { parser } = definition
  const parsed = tracedStage(
    () => trace(parser.name, 0),
    nothing(),
    () => entry(parser.parse(file, parserContext({ ...context, reuse }, definition.stages)), definition, context.signal, onParsed),
  )
  const batches = runStages(definition.stages, parsed, context, { trace: (stage, at) => trace(stage.name, at + 1) })
  for await (const batch of batches) yield TableBatch.from(batch)
}

/** What goes into a parser. */
async function* nothing(): Batches<never> {}

/** Stops an aborted delivery, and turns blank cells into null, so all formats give the same rows. `normalize` does that itself. */
export async function* entry(
  batches: Batches<unknown>,
  definition: Definition,
  signal: AbortSignal,
  onParsed?: (batch: TableBatch<AnyRow>) => void,
): AsyncGenerator<TableBatch<AnyRow>> {
  const [first] = definition.stages
  const blanksAreNull = definition.blanksAreNull && (first === undefined || !normalizes(first))
  for await (const given of batches) {
    signal.throwIfAborted()
    const batch = TableBatch.from<AnyRow>(given)
    onParsed?.(batch)
    const { names, columns, absent } = batch.shape
    yield blanksAreNull ? batch.withShape({ names, columns: columns.map((column) => blanksToNull(column)), absent }) : batch
  }
}
