import type { Context } from "../../contract/context.ts"
import { Plan, type PlanJson } from "../../contract/plan.ts"
import type { SourceFile } from "../../contract/source.ts"
import { parserContext, runStages } from "../build/compose.ts"
import type { AnyRow, Definition } from "../build/definition.ts"
import { entry } from "../build/flow.ts"
import { sampledFile } from "./sampled-file.ts"
import { planningStages } from "./split-stages.ts"

/** A file without lines is sampled from its start: as many batches as this. */
const mostBatches = 24
const mostRevisions = 2

/**
 * Settles which headers match and which order dates have, from a sample of the file. Every part of the file is read by this plan. How the text is
 * read is left to the parser, which sees all of the file.
 */
export async function settlePlan(definition: Definition, file: SourceFile, context: Context): Promise<PlanJson> {
  const sample = await sampledFile(file)
  let plan = new Plan({}, { revisable: true })
  for (let revision = 0; ; revision++) {
    await readSample(definition, sample, { ...context, plan, reuse: true })
    if (!plan.isContradicted || revision === mostRevisions) break
    plan = new Plan({ dates: { ...plan.toJSON().dates, ...plan.lessons.dates } }, { revisable: true })
  }
  const { headers = {}, dates = {}, own = {} } = plan.toJSON()
  return { headers, dates, own }
}

async function readSample(definition: Definition, file: SourceFile, context: Context): Promise<void> {
  const batches = entry(definition.parser.parse(file, parserContext(context, definition.stages)), definition, context.signal)
  const stages = planningStages(definition)
  let read = 0
  for await (const _batch of runStages<AnyRow, AnyRow>(stages, batches, context, { follow: definition.stages.slice(stages.length) }))
    if (++read >= mostBatches) return
}
